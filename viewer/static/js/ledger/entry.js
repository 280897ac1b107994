import { toast } from "../request.js";
import { takePapers } from "./dropped_paper.js";

// The form of a row: the page beside it shows where the field under the cursor was read, and the paper being pointed at.
export function connect(element, signal) {
  const papers = element.querySelector("[data-attach-form]");
  if (papers) takeDropped(papers, element.querySelector(".entry-side"), signal);
  showPages(element, signal);
  element.querySelector(".from-scan input, .from-scan textarea, [aria-invalid]")?.focus();
}

/** A document or page dragged here from another window of the archive is attached. */
function takeDropped(form, side, signal) {
  const take = (paper) => {
    form.elements.document.value = paper.document;
    form.elements.first.value = form.elements.last.value = paper.page ?? "";
    form.requestSubmit();
  };
  takePapers(side, { place: () => form, take, refuse: () => toast(form.dataset.wordNoPaper, "bad") }, signal);
}

function showPages(element, signal) {
  const view = element.querySelector("[data-page-view]");
  if (!view) return;
  const image = view.querySelector("img");
  const mark = document.createElement("div");
  mark.className = "entry-box";
  mark.hidden = true;
  view.append(mark);
  element.addEventListener("focusin", (event) => {
    const field = event.target.closest("[data-box]");
    mark.hidden = !field || field.dataset.page !== view.dataset.page;
    if (mark.hidden) return;
    const [x, y, w, h] = field.dataset.box.split(",").map(Number);
    Object.assign(mark.style, { left: `${x * 100}%`, top: `${y * 100}%`, width: `${w * 100}%`, height: `${h * 100}%` });
    mark.scrollIntoView({ block: "nearest" });
  }, { signal });
  for (const link of element.querySelectorAll("[data-show-page]")) {
    const show = () => {
      image.src = link.dataset.showPage;
      mark.hidden = true;
    };
    link.addEventListener("mouseenter", show, { signal });
    link.addEventListener("focus", show, { signal });
  }
}
