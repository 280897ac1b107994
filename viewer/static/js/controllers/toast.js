// A message that can be closed; good news leaves by itself, bad news stays until it was read.
const SECONDS = 6;

export function connect(toast, signal) {
  toast.querySelector("button")?.addEventListener("click", () => toast.remove(), { signal });
  if (toast.classList.contains("toast-bad")) return;
  const timer = setTimeout(() => toast.remove(), SECONDS * 1000);
  signal.addEventListener("abort", () => clearTimeout(timer));
}
