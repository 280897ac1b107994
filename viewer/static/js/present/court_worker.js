// Service worker of court mode: answers from the kept copies when the server does not. Its scope is court mode only.

const CACHE = "archive-court";
const PATIENCE = 2500;

function kept(request) {
  return caches.match(request, { ignoreSearch: false });
}

async function fromServer(request) {
  const answer = await fetch(request);
  const path = new URL(request.url).pathname;
  const cache = await caches.open(CACHE);
  // A right that ended takes the copies with it.
  if (path.startsWith("/court/") && [403, 404, 409, 410].includes(answer.status)) await cache.delete(request);
  else if (answer.ok && !answer.redirected && (await cache.match(request))) await cache.put(request, answer.clone());
  return answer;
}

/** The stage and its program are answered from the copy at once: the presenter's window renews them when it opens. */
async function isStage({ request, clientId }) {
  const page = request.mode === "navigate" ? request.url : (await clients.get(clientId))?.url;
  return page !== undefined && new URL(page).pathname.endsWith("/stage");
}

async function answer(event) {
  const copy = await kept(event.request);
  if (!copy) return fetch(event.request);
  if (await isStage(event)) return copy;
  const slow = new Promise((resolve) => { setTimeout(() => resolve(copy), PATIENCE); });
  return Promise.race([fromServer(event.request).catch(() => copy), slow]);
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  const isShell = path.startsWith("/static/") || /^\/court\/\d+(\/(stage|deck|rehearsal))?$/.test(path);
  if (request.method === "GET" && isShell) event.respondWith(answer(event));
});
