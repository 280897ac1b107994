// The search box: offers completions while typing, arrow keys choose, Enter searches; remembers a search once shown.
const WAIT = 140;

export function connect(form, signal) {
  const input = form.querySelector("input[type=search]");
  const list = form.querySelector("[role=listbox]");
  let timer = 0;
  let asked = 0;
  let chosen = -1;

  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(step) {
    const items = [...list.children];
    if (list.hidden || !items.length) return;
    chosen = (chosen + step + items.length + 1) % (items.length + 1);
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    if (chosen < items.length) input.setAttribute("aria-activedescendant", items[chosen].id);
    else input.removeAttribute("aria-activedescendant");
  }

  function show(found) {
    list.replaceChildren(...found.map((one, at) => {
      const item = document.createElement("li");
      item.id = `q-list-${at}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = one.text;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(one.text); });
      return item;
    }));
    chosen = found.length;
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
  }

  function take(text) {
    input.value = text;
    close();
    form.requestSubmit();
  }

  async function ask() {
    const mine = ++asked;
    const typed = input.value;
    if (typed.trim().length < 2) return close();
    const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" }, signal });
    if (!answer.ok || mine !== asked || document.activeElement !== input) return;
    show((await answer.json()).suggestions);
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => ask().catch(ignoreAbort), WAIT); }, { signal });
  input.addEventListener("blur", close, { signal });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") { event.preventDefault(); choose(1); }
    if (event.key === "ArrowUp") { event.preventDefault(); choose(-1); }
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
    const item = list.children[chosen];
    if (event.key === "Enter" && !list.hidden && item) { event.preventDefault(); take(item.textContent); }
  }, { signal });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    input.focus();
    input.select();
  }, { signal, capture: true });

  if (form.dataset.done) {
    const token = document.querySelector('meta[name="csrf-token"]').content;
    fetch(form.dataset.remember, { method: "POST", body: new URLSearchParams({ q: form.dataset.done }), headers: { "X-CSRFToken": token }, signal }).catch(ignoreAbort);
  }
}

function ignoreAbort(error) {
  if (error.name !== "AbortError") throw error;
}
