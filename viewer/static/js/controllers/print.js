// Opens the print dialogue once all page images are there, and again on the button.
export function connect(bar, signal) {
  bar.querySelector("button").addEventListener("click", () => window.print(), { signal });
  const images = [...document.images];
  Promise.all(images.map((image) => image.decode().catch(() => null))).then(() => {
    if (!signal.aborted) window.print();
  });
}
