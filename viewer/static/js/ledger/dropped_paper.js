// A paper dragged from elsewhere in the archive (a link to a document or to one of its pages) and dropped on a row.

const PAPER = /^\/tai-lieu\/(\d+)$/;

/** `{document, page}` of an address of this archive's documents (page null without one), else null. */
export function paperOf(address, origin) {
  let url = null;
  try {
    url = new URL(address.split("\n").find((line) => line && !line.startsWith("#"))?.trim());
  } catch {
    return null;
  }
  const found = url.origin === origin ? PAPER.exec(url.pathname) : null;
  const page = /^\d+$/.exec(url.searchParams.get("trang") ?? "")?.[0] ?? null;
  return found ? { document: found[1], page } : null;
}

/**
 * Let papers be dropped inside `root`: `place(event)` gives the element that would take it, or null; it is marked while
 * the paper is over it. `take(paper, element)` is called with what was dropped; anything else is left to the browser.
 */
export function takePapers(root, { place, take, refuse }, signal) {
  let marked = null;
  const mark = (target) => {
    marked?.classList.remove("drop-here");
    marked = target;
    marked?.classList.add("drop-here");
  };
  root.addEventListener("dragover", (event) => {
    const target = event.dataTransfer.types.includes("text/uri-list") ? place(event) : null;
    mark(target);
    if (!target) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "link";
  }, { signal });
  root.addEventListener("dragleave", (event) => {
    if (!root.contains(event.relatedTarget)) mark(null);
  }, { signal });
  root.addEventListener("drop", (event) => {
    const target = marked;
    mark(null);
    if (!target) return;
    event.preventDefault();
    const paper = paperOf(event.dataTransfer.getData("text/uri-list"), window.location.origin);
    if (paper) take(paper, target);
    else refuse();
  }, { signal });
}
