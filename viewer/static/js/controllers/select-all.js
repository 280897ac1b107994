// One box ticks all others in the same element; data-chosen says how many are ticked, data-needs-choice waits for one.
export function connect(element, signal) {
  const all = element.querySelector("[data-all]");
  const boxes = [...element.querySelectorAll('tbody input[type="checkbox"]')];
  const counter = element.querySelector("[data-chosen]");
  const button = element.querySelector("[data-needs-choice]");
  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    if (counter) counter.textContent = chosen;
    if (button) button.disabled = chosen === 0;
  };
  element.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes) box.checked = all.checked;
    count();
  }, { signal });
  count(); // the browser keeps ticks when one comes back to the page
}
