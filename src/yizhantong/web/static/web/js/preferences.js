// Runs before the first paint, so that dark and elder mode do not flash.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const wanted = (name) => { try { return localStorage.getItem(`yzt.${name}`) === "on"; } catch { return false; } };
  root.classList.toggle("elder", wanted("elder"));
  root.classList.toggle("dark", wanted("dark"));
  if (wanted("dark")) root.dataset.bsTheme = "dark";
})();
