// Writing down a visit: always first into this phone's queue, then to the server; so with and without a network it is one way.
import * as queue from "./visit_queue.js";

const form = document.querySelector("[data-visit-form]");
const texts = JSON.parse(document.getElementById("visit-texts").textContent);
const addresses = { sync: form.dataset.sync };
const owner = form.dataset.owner;
const state = document.querySelector("[data-state]");
const list = document.querySelector("[data-queue]");
const count = document.querySelector("[data-count]");
const done = document.querySelector("[data-done]");
let busy = false;

document.querySelector("[data-offline]").hidden = false;
showNetwork();
addEventListener("online", () => { showNetwork(); synchronise(); });
addEventListener("offline", showNetwork);
document.querySelector("[data-upload]").addEventListener("click", synchronise);
document.querySelector("[data-forget]").addEventListener("click", forget);
form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
form.querySelector("[data-more]")?.addEventListener("click", moreProblems);
await keepPage();
await showQueue();
await synchronise();

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function showNetwork() {
  state.textContent = navigator.onLine ? texts.online : texts.offline;
  state.className = navigator.onLine ? "tag tag-good" : "tag tag-warn";
}

function moreProblems() {
  const next = form.querySelector("[data-problem][hidden]");
  if (next) { next.hidden = false; next.querySelector("select").focus(); }
  if (!form.querySelector("[data-problem][hidden]")) form.querySelector("[data-more]").hidden = true;
}

async function save() {
  if (!form.reportValidity()) return;
  const values = new FormData(form);
  const problems = [...form.querySelectorAll("[data-problem]")].map(readProblem).filter(Boolean);
  const entry = {
    uuid: crypto.randomUUID(), owner, firm: form.enterprise.selectedOptions[0].textContent.trim(), saved: new Date().toISOString(),
    sent: null, error: "", photos: await photosOf(form.photos.files),
  };
  entry.visit = {
    uuid: entry.uuid, enterprise: values.get("enterprise"), day: values.get("day"), mode: values.get("mode"),
    summary: values.get("summary").trim(), problems, written_at: entry.saved,
  };
  await queue.put(entry);
  form.reset();
  tell(fill(texts.saved, { firm: entry.firm }));
  await showQueue();
  await synchronise();
  document.querySelector("[data-status]").scrollIntoView({ block: "start" });
}

function readProblem(part) {
  const text = part.querySelector("textarea").value.trim();
  if (!text) return null;
  return { kind: part.querySelector("select").value, text, appeal: part.querySelector("input[type=checkbox]").checked };
}

async function photosOf(files) {
  const made = [];
  for (const file of [...files].slice(0, 9)) {
    made.push({ uuid: crypto.randomUUID(), name: "photo.jpg", blob: await smaller(file), sent: false });
  }
  return made;
}

// Redraws a picture at 1600 pixels at most: quick to send from a village, and without the place where it was taken.
async function smaller(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
}

async function synchronise() {
  if (busy) return;
  busy = true;
  try {
    for (const entry of (await queue.all()).filter((item) => item.owner === owner)) {
      const answer = await queue.upload(entry, addresses);
      if (answer.state === "sent") tellSent(entry, answer);
      if (answer.state === "refused") await queue.put({ ...entry, error: answer.text });
      if (answer.state === "sign_in") tell(texts.signIn);
      if (answer.state === "offline" || answer.state === "sign_in") break;
    }
  } finally {
    busy = false;
    await showQueue();
  }
}

function tell(text) {
  const line = document.createElement("p");
  line.textContent = text;
  done.replaceChildren(line);
}

function tellSent(entry, answer) {
  const line = document.createElement("p");
  const link = document.createElement("a");
  link.href = answer.url;
  link.textContent = fill(texts.sent, { firm: entry.firm });
  line.append(link);
  done.replaceChildren(line, ...(answer.notes ?? []).map((note) => Object.assign(document.createElement("p"), { textContent: note })));
}

async function showQueue() {
  const entries = await queue.all();
  count.textContent = entries.length ? fill(texts.waiting, { count: entries.length }) : texts.none;
  count.className = entries.length ? "tag tag-warn" : "tag tag-good";
  document.querySelector("[data-upload]").hidden = !entries.length;
  list.replaceChildren(...entries.map(lineOf));
}

function lineOf(entry) {
  const line = document.createElement("li");
  const words = document.createElement("span");
  words.textContent = `${entry.visit.day} ${entry.firm}`;
  line.append(words);
  const why = entry.owner !== owner ? fill(texts.other, { owner: entry.owner }) : entry.error;
  if (why) line.append(Object.assign(document.createElement("small"), { className: "field-error", textContent: why }));
  const remove = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: texts.remove });
  remove.setAttribute("aria-label", `${texts.remove} ${words.textContent}`);
  remove.addEventListener("click", async () => {
    if (!confirm(texts.confirm)) return;
    await queue.drop(entry.uuid);
    await showQueue();
  });
  line.append(remove);
  return line;
}

async function keepPage() {
  const ready = document.querySelector("[data-ready]");
  if (!("serviceWorker" in navigator)) { ready.textContent = texts.unable; return; }
  try {
    await navigator.serviceWorker.register(form.dataset.worker, { scope: form.dataset.scope });
    const { active } = await navigator.serviceWorker.ready;
    if (!navigator.onLine) { ready.textContent = texts.ready; return; }
    const files = performance.getEntriesByType("resource").map((item) => new URL(item.name));
    const own = files.filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/"));
    const urls = [...new Set([location.pathname, ...own.map((url) => url.pathname)])];
    const answer = await asked(active, { type: "keep", urls });
    ready.textContent = answer.kept === answer.of ? texts.ready : texts.unable;
  } catch {
    ready.textContent = texts.unable;
  }
}

async function forget() {
  if ((await queue.all()).length && !confirm(texts.confirmForget)) return;
  const registration = await navigator.serviceWorker.getRegistration(form.dataset.scope);
  if (registration?.active) await asked(registration.active, { type: "forget" });
  await registration?.unregister();
  document.querySelector("[data-ready]").textContent = texts.forgotten;
}

function asked(worker, message) {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data);
    worker.postMessage(message, [channel.port2]);
  });
}
