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

// The drawer is a dialog: the page behind it is inert until it closes, and focus returns to where it came from.
const drawer = document.getElementById("drawer");
const behind = ["header", "main", "footer"].map((id) => document.getElementById(id)).filter(Boolean);
let opener = null;
document.addEventListener("click", (event) => {
  const link = event.target.closest("[hx-target='#drawer']");
  if (link) opener = link;
  if (event.target.closest("[data-close-drawer]") || (!drawer.hidden && !drawer.contains(event.target))) closeDrawer();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !drawer.hidden) closeDrawer();
});
function closeDrawer() {
  drawer.hidden = true;
  drawer.replaceChildren();
  for (const part of behind) part.inert = false;
  root.classList.remove("covered");
  opener?.focus();
}
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== drawer) return;
  drawer.hidden = false;
  drawer.scrollTop = 0;
  for (const part of behind) part.inert = true;
  root.classList.add("covered");
  (drawer.querySelector("[data-close-drawer]") ?? drawer).focus();
});
// A form that comes back with errors is read from its summary, each of which leads to its field.
document.querySelector("[data-errors], main [role=alert]")?.focus();

document.addEventListener("submit", (event) => {
  const question = event.target.dataset?.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
