// Menu, preferences and the drawer. Everything here only enriches pages that work without it.
const root = document.documentElement;

for (const button of document.querySelectorAll("[data-preference]")) {
  const name = button.dataset.preference;
  button.setAttribute("aria-pressed", String(root.classList.contains(name)));
  button.addEventListener("click", () => {
    const on = root.classList.toggle(name);
    button.setAttribute("aria-pressed", String(on));
    if (name === "dark") root.dataset.bsTheme = on ? "dark" : "light";
    try { localStorage.setItem(`yzt.${name}`, on ? "on" : "off"); } catch { /* private mode: lasts for this page */ }
    document.dispatchEvent(new CustomEvent("yzt:preference", { detail: { name, on } }));
  });
}

const menu = document.querySelector("[data-menu]");
menu?.addEventListener("click", () => {
  const open = menu.parentElement.classList.toggle("open");
  menu.setAttribute("aria-expanded", String(open));
});

const drawer = document.getElementById("drawer");
let opener = null;
document.addEventListener("click", (event) => {
  const link = event.target.closest("[hx-target='#drawer']");
  if (link) opener = link;
  if (event.target.closest("[data-close-drawer]")) closeDrawer();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drawer?.childElementCount) closeDrawer();
});
function closeDrawer() {
  drawer.replaceChildren();
  opener?.focus();
}
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target === drawer) (drawer.querySelector("[data-close-drawer]") ?? drawer).focus();
});
document.addEventListener("submit", (event) => {
  const question = event.target.dataset?.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
