// Binds small behaviours to elements: data-controller="menu toast" loads controllers/menu.js and controllers/toast.js.
// A controller module exports `connect(element, signal)`; `signal` aborts when the element leaves the page, so that
// listeners added with {signal} need no further care. A name with a slash lies in that folder: "present/stage".

const connected = new WeakMap();
let waiting = 0;

function count(change) {
  waiting += change;
  document.documentElement.toggleAttribute("data-bound", waiting === 0);
}

async function bind(element) {
  if (connected.has(element)) return;
  const controller = new AbortController();
  connected.set(element, controller);
  count(1);
  try {
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
