// A list whose entries are addresses: choosing one goes there.
export function connect(select, signal) {
  select.addEventListener("change", () => { window.location.assign(select.value); }, { signal });
}
