// Requests of our own scripts: same-origin, with proof of origin, errors as sentences for people.

export function token() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

export async function send(url, { method = "POST", body = undefined, json = undefined, signal = undefined } = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  if (json !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(json);
  }
  const response = await fetch(url, { method, body, headers, signal, credentials: "same-origin" });
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Error(answer?.error?.message ?? `${response.status}`);
  return answer;
}

export function get(url, options = {}) {
  return send(url, { ...options, method: "GET" });
}

export function toast(message, kind = "") {
  const box = document.createElement("div");
  box.className = `toast ${kind ? `toast-${kind}` : ""}`;
  box.dataset.controller = "toast";
  const text = document.createElement("span");
  text.textContent = message;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "✕";
  button.setAttribute("aria-label", "Đóng");
  box.append(text, button);
  document.getElementById("toasts")?.append(box);
}
