// Sound and moving pictures on the stage.

/** Keeps the one video of the stage in step with the presenter's commands. */
export class StageClip {
  constructor(video, source, onTrouble) {
    Object.assign(this, { video, source, onTrouble, key: null, loading: null, wanted: null, command: null, end: null });
    video.addEventListener("timeupdate", () => {
      if (this.end !== null && video.currentTime >= this.end) video.pause();
    });
  }

  hide() {
    this.wanted = this.command = null;
    this.video.pause();
    this.video.hidden = true;
  }

  async show(clip) {
    this.wanted = clip;
    this.video.hidden = false;
    if (this.key !== clip.key) this.loading = this.load(clip.key);
    await this.loading;
    // While a recording is fetched the presenter may have gone on, or to black: then not a sound of it.
    if (this.wanted !== clip || this.command === clip.command) return;
    this.command = clip.command;
    this.end = clip.end ?? null;
    this.video.currentTime = this.end !== null && clip.at >= this.end ? clip.start ?? 0 : clip.at;
    if (!clip.playing) return void this.video.pause();
    try {
      await this.video.play();
    } catch (error) {
      // Stopped again before it began is no trouble.
      if (error.name !== "AbortError") this.onTrouble("clip-blocked");
    }
  }

  async load(key) {
    if (this.video.src) URL.revokeObjectURL(this.video.src);
    this.key = key;
    try {
      this.video.src = URL.createObjectURL(await this.source.blob(key));
    } catch {
      this.key = null;
      this.onTrouble("clip-missing");
    }
  }
}
