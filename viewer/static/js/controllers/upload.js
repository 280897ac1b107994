// Drag and drop of files, with a bar while they travel. Without this script the form still works.
import { token } from "../request.js";

export function connect(form, signal) {
  const zone = form.querySelector("[data-drop]");
  const field = form.querySelector('input[type="file"]');
  const list = form.querySelector("[data-list]");
  const bar = form.querySelector("[data-progress]");

  const show = () => list.replaceChildren(...[...field.files].map((file) => {
    const item = document.createElement("li");
    item.textContent = file.name;
    return item;
  }));
  field.addEventListener("change", show, { signal });
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add("is-over"); }, { signal });
  }
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("is-over"), { signal });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    field.files = event.dataTransfer.files;
    show();
  }, { signal });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    bar.hidden = false;
    form.querySelector('button[type="submit"]').disabled = true;
    request.upload.addEventListener("progress", (step) => { bar.value = step.total ? step.loaded / step.total : 0; });
    request.addEventListener("loadend", () => finish(form, bar, request));
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token());
    request.send(new FormData(form));
  }, { signal });
}

function finish(form, bar, request) {
  if (request.status >= 200 && request.status < 300) {
    location.assign(form.dataset.done);
    return;
  }
  bar.hidden = true;
  form.querySelector('button[type="submit"]').disabled = false;
  let message = form.dataset.wordFailed;
  try { message = JSON.parse(request.responseText).error.message; } catch { /* no answer of ours: the sentence above says enough */ }
  import("../request.js").then(({ toast }) => toast(message, "bad"));
}
