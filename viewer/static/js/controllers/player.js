// Marked moments of a recording: play one from its start to its end, take the present place into the form. P brings the
// moment in hand (focused, last played, or the only one) into a presentation, as it does with pages.
const clock = (seconds) => {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, (whole % 60) + Math.round((seconds - whole) * 10) / 10];
  return `${parts[0]}:${String(parts[1]).padStart(2, "0")}:${parts[2].toFixed(1).padStart(4, "0")}`;
};

export function connect(element, signal) {
  const player = element.querySelector("video, audio");
  let stopAt = null;
  let played = null;
  player.addEventListener("timeupdate", () => {
    if (stopAt === null || player.currentTime < stopAt) return;
    player.pause();
    stopAt = null;
  }, { signal });
  element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-start], [data-take]");
    if (!button) return;
    if (button.dataset.take) {
      element.querySelector(`[name="${button.dataset.take}"]`).value = clock(player.currentTime);
      return;
    }
    played = button.closest("tr");
    player.currentTime = Number(button.dataset.start);
    stopAt = button.dataset.end ? Number(button.dataset.end) : null;
    player.play();
  }, { signal });
  document.addEventListener("keydown", (event) => {
    if (event.code !== "KeyP" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input, textarea, select")) return;
    const rows = [...element.querySelectorAll("tr:has([data-moment-cue])")];
    const row = event.target.closest("tr") ?? played ?? (rows.length === 1 ? rows[0] : null);
    row?.querySelector("[data-moment-cue] button")?.click();
  }, { signal });
}
