// Two panes that scroll together by the share of their height, while the box is ticked.
export function connect(element, signal) {
  const sides = [...element.querySelectorAll("[data-side]")];
  const together = element.querySelector("[data-together]");
  let leader = null;
  for (const side of sides) {
    for (const begin of ["pointerenter", "focusin", "wheel", "touchstart", "keydown"]) {
      side.addEventListener(begin, () => { leader = side; }, { signal, passive: true });
    }
    side.addEventListener("scroll", () => {
      if (!together.checked || side !== leader) return;
      const share = side.scrollTop / Math.max(1, side.scrollHeight - side.clientHeight);
      for (const other of sides) {
        if (other !== side) other.scrollTop = share * (other.scrollHeight - other.clientHeight);
      }
    }, { signal, passive: true });
  }
}
