// One box ticks all others in the same element.
export function connect(element, signal) {
  const all = element.querySelector("[data-all]");
  all.addEventListener("change", () => {
    for (const box of element.querySelectorAll('tbody input[type="checkbox"]')) box.checked = all.checked;
  }, { signal });
}
