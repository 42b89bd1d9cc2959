// The builder: saves as one types, searches as one types, and keeps the keyboard where it was. All of it works without this, by the buttons.
const within = (selector) => document.querySelector(`#builder ${selector}`);
let timer = 0;
let running = false;

// Saving: one request at a time; what changed meanwhile is saved by the next.
async function save() {
  const form = within("[data-autosave]");
  if (!form || running) return;
  running = true;
  const body = new FormData(form);
  body.set("autosave", "1");
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const made = document.createElement("template");
    made.innerHTML = await answer.text();
    const seen = made.content.querySelector("#seen");
    if (seen) { document.getElementById("seen").value = seen.value; seen.remove(); }
    const status = made.content.querySelector("#builder-status");
    if (status) document.getElementById("builder-status").replaceWith(status);
    const undo = within("[data-undo]");
    if (undo && seen) undo.disabled = false;
  } catch { /* offline: the next change, or the button, saves it */ } finally { running = false; }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-autosave]");
  if (!form || event.target.matches("[data-search], [data-into]") || event.target.name?.startsWith("new.")) return;
  clearTimeout(timer);
  if (event.target.matches("[data-refresh]")) return form.requestSubmit(form.querySelector(".default-button"));
  timer = setTimeout(save, 400);
});

// The flow editor writes its document into a text area by itself; buttons that add, move and remove steps change it too.
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-autosave] textarea[name='flow']")) return;
  clearTimeout(timer);
  timer = setTimeout(save, 800);
});

// A found element goes into the section chosen.
document.addEventListener("click", (event) => {
  const one = event.target.closest("[data-element].found-one");
  const into = within("[data-into]");
  if (one && into) one.value = `add:form.${into.value}:${one.dataset.element}`;
}, true);

// Search while typing; Enter searches too, and never saves by accident.
let search = 0;
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-search]")) return;
  clearTimeout(search);
  search = setTimeout(async () => {
    const answer = await fetch(`${location.pathname}?q=${encodeURIComponent(event.target.value)}`, { headers: { "HX-Request": "true" } });
    const made = document.createElement("template");
    made.innerHTML = await answer.text();
    const found = made.content.querySelector("#found");
    if (found) document.getElementById("found")?.replaceWith(found);
  }, 250);
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches?.("[data-search]") && event.key === "Enter") event.preventDefault();
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.target.matches("input, textarea, select") && !event.target.closest(".flow-editor")) {
    const undo = within("[data-undo]");
    if (undo && !undo.disabled) { event.preventDefault(); undo.click(); }
  }
});

// After a swap by a button the focus goes to what was pressed, or what stands in its place.
let pressed = "";
document.addEventListener("submit", (event) => { pressed = event.submitter?.value ?? ""; }, true);
document.addEventListener("htmx:afterSettle", () => {
  if (!pressed || !within("")) return;
  const [verb, path] = pressed.split(/:(.*)/);
  const rows = document.querySelectorAll("#builder [data-row], #builder .row-card, #builder fieldset.block");
  const same = document.querySelector(`#builder button[value="${CSS.escape(pressed)}"]`);
  const target = verb?.startsWith("add") && !path?.includes(":") ? rows[rows.length - 1]?.querySelector("input:not([type=hidden]), select") : same;
  if (!document.activeElement || document.activeElement === document.body) (target ?? within("input:not([type=hidden])"))?.focus({ preventScroll: false });
  document.querySelector("#builder [data-errors]")?.focus();
  pressed = "";
});
