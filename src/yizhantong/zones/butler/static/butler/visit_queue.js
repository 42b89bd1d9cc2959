// The visits that are written on this phone and not uploaded yet: one IndexedDB store, keyed by the visit's own uuid.
// An entry: { uuid, owner, firm, visit, photos: [{ uuid, name, blob, sent }], sent, error, saved }.
const NAME = "yzt-butler";
const STORE = "visits";

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "uuid" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function through(mode, use) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const change = database.transaction(STORE, mode);
      const request = use(change.objectStore(STORE));
      change.oncomplete = () => resolve(request.result);
      change.onerror = change.onabort = () => reject(change.error ?? request.error);
    });
  } finally {
    database.close();
  }
}

export const put = (entry) => through("readwrite", (store) => store.put(entry));
export const drop = (uuid) => through("readwrite", (store) => store.delete(uuid));
export const one = (uuid) => through("readonly", (store) => store.get(uuid));
export async function all() {
  const entries = await through("readonly", (store) => store.getAll());
  return entries.sort((a, b) => a.saved.localeCompare(b.saved));
}

// Uploads one entry: the visit, then each photo. Both may be sent again without harm: the server knows their uuids.
// Returns { state: "sent" | "offline" | "sign_in" | "refused", text, notes, url }.
export async function upload(entry, addresses) {
  if (!entry.sent) {
    const answer = await send(addresses.sync, JSON.stringify(entry.visit), "application/json");
    if (answer.state !== "sent") return answer;
    entry.sent = { url: answer.url, notes: answer.notes };
    entry.error = "";
    await put(entry);
  }
  for (const photo of entry.photos.filter((item) => !item.sent)) {
    const form = new FormData();
    form.append("uuid", photo.uuid);
    form.append("photo", photo.blob, photo.name);
    const answer = await send(`${entry.sent.url}photos/`, form);
    if (answer.state !== "sent") return answer;
    photo.sent = true;
    await put(entry);
  }
  await drop(entry.uuid);
  return { state: "sent", ...entry.sent };
}

async function send(url, body, type) {
  const headers = { "X-CSRFToken": cookie("csrftoken"), Accept: "application/json" };
  if (type) headers["Content-Type"] = type;
  let response;
  try {
    response = await fetch(url, { method: "POST", body, headers, redirect: "manual", credentials: "same-origin" });
  } catch {
    return { state: "offline" };
  }
  if (response.type === "opaqueredirect" || response.status === 401) return { state: "sign_in" };
  if (response.status >= 500 || response.status === 429) return { state: "offline" };
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) return { state: "refused", text: answer.detail ?? `HTTP ${response.status}` };
  return { state: "sent", ...answer };
}

function cookie(name) {
  const found = document.cookie.split("; ").find((item) => item.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
