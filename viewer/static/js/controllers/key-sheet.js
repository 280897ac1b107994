// The sheet of keys: opens on "?" (also Shift and the slash key, whatever the typing program makes of it) or by its button.
export function connect(element, signal) {
  const sheet = element.querySelector("dialog");
  element.addEventListener("click", (event) => {
    if (event.target.closest("[data-open]")) sheet.showModal();
    else if (event.target === sheet || event.target.closest("[data-close]")) sheet.close();
  }, { signal });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" && !(event.shiftKey && event.code === "Slash")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    if (sheet.open) sheet.close();
    else sheet.showModal();
  }, { signal });
}
