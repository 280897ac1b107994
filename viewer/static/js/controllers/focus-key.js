// One key puts the cursor into the field, unless somebody is typing elsewhere: data-focus-key="/".
export function connect(field, signal) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== field.dataset.focusKey || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    field.focus();
    field.select();
  }, { signal });
}
