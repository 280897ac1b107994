// Brings the first boxed words of a page into view.
export function connect(page) {
  const first = page.querySelector("rect");
  if (first) first.scrollIntoView({ block: "center" });
}
