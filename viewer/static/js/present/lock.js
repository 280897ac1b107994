// Prepares the pictures a few at a time, showing how far it is, then lets the form lock the presentation.

import { send, toast } from "../request.js";

export function connect(root, signal) {
  const form = root.querySelector("form");
  const bar = root.querySelector("[data-bar]");
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    bar.hidden = false;
    try {
      for (let left = 1; left > 0 && !signal.aborted;) {
        ({ left } = await send(root.dataset.freeze));
        bar.value = bar.max - left;
      }
      form.submit();
    } catch (error) {
      button.disabled = false;
      toast(error.message, "bad");
    }
  }, { signal });
}
