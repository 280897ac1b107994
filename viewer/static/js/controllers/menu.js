// A <details> menu that closes on Escape and on a click elsewhere.
export function connect(menu, signal) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  }, { signal });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  }, { signal });
}
