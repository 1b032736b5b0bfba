// Keeps the page and what it is drawn with, for when there is no network. Nothing else is kept:
// what was written lies sealed in the page's own store, and what is sent is never touched here.
const NAME = "yimen-assistant-1";
const PAGE = "/m/discover";
// A page with people on it is never kept: without a network another one stands in, with nobody
// on it, and opens what the phone has sealed.
const STANDS_IN = { "/m/village": "/m/village/kept", "/m/village/": "/m/village/kept" };
const PATIENCE_MS = 4000;

function isOurs(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return false;
  const page = url.pathname === PAGE || url.pathname in STANDS_IN;
  return page ? request.mode === "navigate" : url.pathname.startsWith("/static/");
}

// A page that leads elsewhere (to sign in) or says that something is wrong is no page to keep.
function isGood(response) {
  return response.ok && !response.redirected && response.type === "basic";
}

async function keep(path) {
  // Whoever has been signed out is not signed in again behind their back by following on.
  const response = await fetch(path, { credentials: "same-origin", redirect: "error" });
  if (isGood(response)) await (await caches.open(NAME)).put(path, response);
}

async function fromNetwork(request, path) {
  const response = await fetch(request);
  if (isGood(response)) {
    const copy = response.clone();
    caches.open(NAME).then((cache) => cache.put(path, copy)).catch(() => {});
  }
  return response;
}

async function answer(request) {
  const asked = new URL(request.url).pathname;
  const path = STANDS_IN[asked] || asked;
  const kept = await caches.match(path, { cacheName: NAME });
  const network = path === asked ? fromNetwork(request, path) : fetch(request);
  if (!kept) return network;
  const late = new Promise((done) => setTimeout(() => done(kept), PATIENCE_MS));
  // A server in trouble is no better than none.
  return Promise.race([network.then((response) => (response.status >= 500 ? kept : response)).catch(() => kept), late]);
}

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  const gone = caches.keys().then((names) => Promise.all(
    names.filter((name) => name.startsWith("yimen-") && name !== NAME).map((name) => caches.delete(name)),
  ));
  event.waitUntil(gone.then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data && event.data.keep) {
    event.waitUntil(Promise.all(event.data.keep.map((path) => keep(path).catch(() => {}))));
  }
});

self.addEventListener("fetch", (event) => {
  if (isOurs(event.request)) event.respondWith(answer(event.request));
});
