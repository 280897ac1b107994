// Correcting a page line by line: the line in hand is marked on the image, Enter keeps it and goes on to the next.
import { send, toast } from "../request.js";

export function connect(root, signal) {
  const stage = root.querySelector("[data-stage]");
  const mark = root.querySelector("[data-mark]");
  const forms = [...root.querySelectorAll("form[data-line]")];

  function point(form) {
    const [x, y, w, h] = form.dataset.box.split(",").map(Number);
    const image = stage.querySelector("img");
    mark.hidden = false;
    mark.style.left = `${x * image.clientWidth}px`;
    mark.style.top = `${y * image.clientHeight}px`;
    mark.style.width = `${w * image.clientWidth}px`;
    mark.style.height = `${h * image.clientHeight}px`;
    stage.scrollTop = y * image.clientHeight - stage.clientHeight / 3;
  }

  async function keep(form) {
    const field = form.elements.text;
    if (field.value === field.defaultValue) return true;
    try {
      const answer = await send(form.action, { body: new FormData(form) });
      field.value = answer.text;
      field.defaultValue = answer.text;
      form.querySelector("[data-state]").textContent = root.dataset.wordSaved;
      return true;
    } catch (error) {
      toast(error.message, "bad");
      return false;
    }
  }

  for (const [index, form] of forms.entries()) {
    form.addEventListener("focusin", () => point(form), { signal });
    form.addEventListener("focusout", (event) => {
      if (!form.contains(event.relatedTarget)) keep(form);
    }, { signal });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await keep(form)) forms[index + 1]?.elements.text.focus();
    }, { signal });
  }

  document.addEventListener("keydown", async (event) => {
    if (event.key !== "Enter" || !event.ctrlKey) return;
    event.preventDefault();
    const current = document.activeElement?.closest?.("form[data-line]");
    if (!current || await keep(current)) document.querySelector("form[data-done]")?.requestSubmit();
  }, { signal });

  const first = forms.find((form) => form.closest(".rd-doubtful")) ?? forms[0];
  first?.elements.text.focus();
}
