// One key, or one button, brings the page at hand (or the two pages compared) into a presentation.

import { send, toast } from "../request.js";

/** Page ids at hand: named on the button, marked as current in a page strip, or looked at in two columns. */
function pagesAtHand(button) {
  if (button.dataset.pageId) return [button.dataset.pageId];
  const current = document.querySelector('[data-page][aria-current="page"]');
  if (current) return [current.dataset.page];
  return [...document.querySelectorAll("[data-side]")].map((side) => {
    const middle = side.getBoundingClientRect().top + side.clientHeight / 2;
    const pages = [...side.querySelectorAll("[data-page-id]")];
    // The page across the middle of the column; below the last page there is only empty ground.
    return (pages.find((one) => one.getBoundingClientRect().bottom > middle) ?? pages.at(-1))?.dataset.pageId;
  }).filter(Boolean);
}

export function connect(button, signal) {
  button.addEventListener("click", async () => {
    const [page, other] = pagesAtHand(button);
    if (!page) return;
    const body = new FormData();
    body.set("page_id", page);
    if (other) body.set("other_page_id", other);
    try {
      const made = await send(button.dataset.url, { body });
      toast(button.dataset.done.replace("{name}", made.presentation), "good");
    } catch (error) {
      toast(error.message, "bad");
    }
  }, { signal });
}
