// Keys of the search pages: j and k go from hit to hit; an element with data-key="j ArrowRight" is pressed by these keys.
export function connect(root, signal) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    const button = [...root.querySelectorAll("[data-key]")].find((one) => one.dataset.key.split(" ").includes(event.key));
    if (button) {
      event.preventDefault();
      button.click();
      return;
    }
    const step = { j: 1, k: -1 }[event.key];
    if (step) move(root, step, event);
  }, { signal });
}

function move(root, step, event) {
  const links = [...root.querySelectorAll(".hit-link")];
  if (!links.length) return;
  event.preventDefault();
  const here = links.indexOf(document.activeElement);
  const next = links[Math.min(links.length - 1, Math.max(0, here + step))];
  next.focus();
  next.closest(".hit").scrollIntoView({ block: "center" });
}
