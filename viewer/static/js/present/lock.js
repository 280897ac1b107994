// Prepares the pictures a few at a time, showing how far it is, then lets the form lock the presentation. When some could
// not be made the list of findings is shown first, so that nobody locks without having seen it.

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
      let failed = 0;
      for (let left = 1; left > 0 && !signal.aborted;) {
        const done = await send(root.dataset.freeze);
        ({ left } = done);
        failed += done.unmade;
        bar.value = bar.max - left;
      }
      if (failed) window.location.reload();
      else form.submit();
    } catch (error) {
      button.disabled = false;
      toast(error.message, "bad");
    }
  }, { signal });
}
