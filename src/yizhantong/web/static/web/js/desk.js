// The desk's keyboard: everything here is a shortcut to a link or button of the page, which works without it.
const list = document.querySelector("[data-list]");
const rows = list ? [...list.querySelectorAll("[data-row]")] : [];
const keys = document.querySelector("[data-keys]");
let at = -1;

function go(to) {
  if (!rows.length) return;
  rows[at]?.classList.remove("current");
  at = Math.max(0, Math.min(rows.length - 1, to));
  rows[at].classList.add("current");
  rows[at].querySelector("[data-open]").focus({ preventScroll: true });
  rows[at].scrollIntoView({ block: "nearest" });
}

const DOING = {
  j: () => go(at + 1),
  k: () => go(at - 1),
  c: () => rows[at]?.querySelector("[data-claim]")?.click(),
  x: () => { const box = rows[at]?.querySelector("input[type=checkbox]"); if (box) { box.checked = !box.checked; count(); } },
  "/": () => document.querySelector("[data-key-search]")?.focus(),
  a: () => document.querySelector("[data-doing] summary, [data-doing] button")?.focus(),
  u: () => { const back = document.querySelector("[data-back]"); if (back) location.href = back.href; },
  "?": () => keys?.showModal(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
  const doing = DOING[event.key];
  if (!doing) return;
  event.preventDefault();
  doing();
});
for (const [index, row] of rows.entries()) row.addEventListener("focusin", () => { if (at !== index) { rows[at]?.classList.remove("current"); at = index; row.classList.add("current"); } });
document.querySelector("[data-keys-help]")?.addEventListener("click", () => keys?.showModal());

const all = document.querySelector("[data-all]");
const chosen = document.querySelector("[data-chosen]");
const boxes = [...document.querySelectorAll("[data-row] input[type=checkbox]")];
function count() {
  if (!chosen) return;
  const some = boxes.filter((box) => box.checked).length;
  chosen.textContent = some ? chosen.dataset.some.replace("%s", some) : chosen.dataset.none;
  if (all) { all.checked = some === boxes.length && some > 0; all.indeterminate = some > 0 && some < boxes.length; }
}
all?.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; count(); });
for (const box of boxes) box.addEventListener("change", count);

// One more line for a defect that is neither a material nor a field of the form.
for (const add of document.querySelectorAll("[data-add-line]")) {
  add.addEventListener("click", () => {
    const line = document.getElementById(add.dataset.addLine).querySelector("li:last-child").cloneNode(true);
    line.querySelector("input").value = "";
    document.getElementById(add.dataset.addLine).append(line);
    line.querySelector("input").focus();
  });
}
