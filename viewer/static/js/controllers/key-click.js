// A key presses a button or link: data-key="KeyX" (the physical key, so that UniKey and Telex do not matter).
export function connect(target, signal) {
  document.addEventListener("keydown", (event) => {
    if (event.code !== target.dataset.key || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    target.click();
  }, { signal });
}
