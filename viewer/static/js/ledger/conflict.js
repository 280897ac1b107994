// Two people edited one row: the second sees both versions and chooses.
import { element } from "./view.js";

export function showBoth(root, words, answer, decide) {
  const dialog = element("dialog", "lg-both");
  const title = element("h2", "");
  title.textContent = words.both;
  const said = element("p", "");
  said.textContent = answer.error?.message ?? "";
  const table = element("table", "table");
  const head = table.createTHead().insertRow();
  for (const text of ["", words.theirs, words.yours]) {
    const cell = document.createElement("th");
    cell.textContent = text;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const one of answer.both ?? []) {
    const line = body.insertRow();
    for (const text of [one.name, one.theirs, one.yours]) line.insertCell().textContent = text;
  }
  const buttons = element("p", "btn-row");
  for (const [label, mine, kind] of [[words.keepTheirs, false, "btn-primary"], [words.keepYours, true, ""]]) {
    const button = element("button", `btn ${kind}`);
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      dialog.close();
      dialog.remove();
      decide(mine);
    });
    buttons.append(button);
  }
  dialog.append(title, said, table, buttons);
  root.append(dialog);
  dialog.showModal();
}
