// Keeps the page for writing down visits usable without a network. Served at /butler/visits/worker.js, so that it rules that folder only.
// The network comes first, with a limit; what was kept answers when it does not. Nothing but that page and its own files is ever kept.
const CACHE = "yzt-visits-1";
const PAGE = new URL("new", self.registration.scope).pathname;
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith("yzt-visits-") && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("message", (event) => {
  if (event.data?.type === "keep") event.waitUntil(keep(event.data.urls, event.ports[0]));
  if (event.data?.type === "forget") event.waitUntil(caches.delete(CACHE).then(() => event.ports[0]?.postMessage({ done: true })));
});

async function keep(urls, port) {
  const cache = await caches.open(CACHE);
  const results = await Promise.all(urls.map(async (url) => {
    try {
      const response = await fetch(url, { credentials: "same-origin" });
      if (!response.ok || response.redirected) return false;
      await cache.put(new URL(url, self.location).pathname, response);
      return true;
    } catch {
      return false;
    }
  }));
  port?.postMessage({ kept: results.filter(Boolean).length, of: urls.length });
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  const page = event.request.mode === "navigate";
  if (page ? url.pathname !== PAGE : !url.pathname.startsWith("/static/")) return;
  event.respondWith(networkFirst(event.request, url.pathname));
});

async function networkFirst(request, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  try {
    const response = await (kept ? within(PATIENCE, fetch(request)) : fetch(request));
    if (response.ok && !response.redirected) await cache.put(path, response.clone());
    return response;
  } catch {
    return kept ?? Response.error();
  }
}

function within(milliseconds, promise) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error("slow")), milliseconds))]);
}
