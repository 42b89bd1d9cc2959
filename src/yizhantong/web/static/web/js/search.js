// Keyboard of the search box: / goes to it, arrows walk through the suggestions, Esc closes them. It works without.
const boxOf = (element) => element.closest("[data-ask]")?.querySelector(".ask-box");
const listOf = (element) => element.closest("[data-ask]")?.querySelector(".ask-list");
const linksOf = (element) => [...(listOf(element)?.querySelectorAll("a") ?? [])];

document.addEventListener("keydown", (event) => {
  const ask = event.target.closest("[data-ask]");
  if (!ask) {
    if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]")) {
      const box = document.querySelector("[data-ask] .ask-box");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
    return;
  }
  const links = linksOf(ask);
  if (event.key === "Escape" && links.length) { listOf(ask).replaceChildren(); boxOf(ask).focus(); return; }
  if (!links.length || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  (at < 0 ? boxOf(ask) : links[Math.min(at, links.length - 1)]).focus();
});
document.addEventListener("click", (event) => {
  for (const list of document.querySelectorAll(".ask-list")) {
    if (!list.closest("[data-ask]").contains(event.target)) list.replaceChildren();
  }
});
document.addEventListener("htmx:afterSwap", (event) => {
  // An answer that comes after the box was emptied is late.
  if (event.target.classList?.contains("ask-list") && !boxOf(event.target).value.trim()) event.target.replaceChildren();
});
