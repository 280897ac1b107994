// A repeatable group keeps one empty line at its end.
export function connect(element, signal) {
  element.addEventListener("input", () => {
    const last = element.querySelector(".repeat-row:last-child");
    if (![...last.querySelectorAll("input")].some((i) => i.value.trim())) return;
    const fresh = last.cloneNode(true);
    fresh.querySelectorAll("input").forEach((i) => (i.value = ""));
    element.append(fresh);
  }, { signal });
}
