// Asks before a form is sent: data-confirm holds the question.
export function connect(form, signal) {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.confirm)) event.preventDefault();
  }, { signal });
}
