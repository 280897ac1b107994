// A box one types into and picks from a long list by any of its words, with or without marks.

export function fold(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
}

export function rank(options, typed) {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  if (!words.length) return options.slice(0, 60);
  const hits = [];
  for (const option of options) {
    option.folded ??= [option.name, ...(option.also ?? [])].map(fold);
    option.initials ??= option.folded[0].split(/[^a-z0-9]+/).map((word) => word[0] ?? "").join("");
    const fits = option.folded.filter((name) => words.every((word) => name.includes(word)));
    const short = words.length === 1 && option.initials.startsWith(words[0]);
    if (!fits.length && !short) continue;
    const begins = fits.filter((name) => name.startsWith(words.join(" ")));
    const length = Math.min(...(begins.length ? begins : fits.length ? fits : option.folded).map((name) => name.length));
    hits.push([begins.length ? 0 : short ? 1 : 2, option.here ? 0 : 1, length, option]);
  }
  hits.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  return hits.slice(0, 60).map((hit) => hit[3]);
}

export function picker(input, list, options, choose, signal) {
  let shown = [];
  let at = 0;
  const draw = () => {
    list.replaceChildren(...shown.map((option, index) => {
      const item = document.createElement("li");
      item.setAttribute("role", "option");
      item.id = `${list.id}-${index}`;
      item.textContent = option.name;
      item.setAttribute("aria-selected", String(index === at));
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(option); });
      return item;
    }));
    list.hidden = !shown.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (shown.length) input.setAttribute("aria-activedescendant", `${list.id}-${at}`);
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const close = () => { shown = []; draw(); };
  input.addEventListener("input", () => { at = 0; shown = rank(options, input.value); draw(); }, { signal });
  input.addEventListener("blur", close, { signal });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!shown.length) shown = rank(options, "");
      at = Math.max(0, Math.min(shown.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)));
      draw();
    } else if (event.key === "Enter" && shown.length) {
      event.preventDefault();
      event.stopPropagation();
      const option = shown[at];
      close();
      choose(option);
    }
  }, { signal });
}
