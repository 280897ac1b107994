// Binds small behaviours to elements: data-controller="menu toast" loads controllers/menu.js and controllers/toast.js.
// A controller module exports `connect(element, signal)`; `signal` aborts when the element leaves the page, so that
// listeners added with {signal} need no further care. A name with a slash lies in that folder: "present/stage".
// data-after=".picture" has the modules loaded only once that image inside the element is on the screen: what people
// came to see is not kept waiting by the scripts that will work on it.

const connected = new WeakMap();
let waiting = 0;

function count(change) {
  waiting += change;
  document.documentElement.toggleAttribute("data-bound", waiting === 0);
}

const PATIENCE = 1500; // milliseconds; a page in a hidden tab paints nothing

async function painted(image) {
  if (!image) return;
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  const loaded = image.complete || new Promise((done) => {
    for (const end of ["load", "error"]) image.addEventListener(end, done, { once: true });
  });
  await Promise.race([loaded, late]);
  const frame = new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.race([frame, late]);
}

async function bind(element) {
  if (connected.has(element)) return;
  const controller = new AbortController();
  connected.set(element, controller);
  count(1);
  try {
    if (element.dataset.after) await painted(element.querySelector(element.dataset.after));
    for (const name of element.dataset.controller.split(/\s+/).filter(Boolean)) {
      const path = name.includes("/") ? `./${name}.js` : `./controllers/${name}.js`;
      const module = await import(path);
      if (!controller.signal.aborted) module.connect(element, controller.signal);
    }
  } finally {
    count(-1);
  }
}

function bindAll(root) {
  if (root.matches?.("[data-controller]")) bind(root);
  for (const element of root.querySelectorAll?.("[data-controller]") ?? []) bind(element);
}

function unbindAll(root) {
  const elements = [root, ...(root.querySelectorAll?.("[data-controller]") ?? [])];
  for (const element of elements) {
    if (element.isConnected) continue;
    connected.get(element)?.abort();
    connected.delete(element);
  }
}

new MutationObserver((changes) => {
  for (const change of changes) {
    change.removedNodes.forEach(unbindAll);
    change.addedNodes.forEach(bindAll);
  }
}).observe(document.documentElement, { childList: true, subtree: true });

bindAll(document);
count(0);

// Every changing request of htmx proves where it comes from.
document.addEventListener("htmx:config:request", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  if (token) event.detail.ctx.request.headers["X-CSRFToken"] = token.content;
});
