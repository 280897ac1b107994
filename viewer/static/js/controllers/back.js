// Goes back to the page one came from, where the browser still has what was typed and ticked.
export function connect(button, signal) {
  button.hidden = history.length < 2;
  button.addEventListener("click", () => history.back(), { signal });
}
