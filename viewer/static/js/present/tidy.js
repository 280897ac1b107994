// On the pages of the archive: court pictures this browser may no longer hold are removed; at log-out all of them.

import { get } from "../request.js";
import { forgetAllBut, hearingIsOpen, held } from "./copies.js";

async function tidy(address) {
  const { any, names } = held(localStorage, Date.now());
  if (!any) return;
  const { keep } = await get(`${address}?${new URLSearchParams(names.map((name) => ["copy", name]))}`);
  if (names.some((name) => !keep.includes(name)) || !names.length) await forgetAllBut(keep, localStorage);
}

export function connect(form, signal) {
  // Whatever fails here fails again, and is tried again, at the next page; nothing a person does depends on it.
  tidy(form.dataset.copies).catch((error) => window.console.warn(error));
  form.addEventListener("submit", async (event) => {
    if (!held(localStorage, Date.now()).any) return;
    event.preventDefault();
    try {
      // A hearing that is going on keeps its pictures; they end like all others later.
      if (!(await hearingIsOpen())) await forgetAllBut([], localStorage);
    } finally {
      form.submit();
    }
  }, { signal });
}
