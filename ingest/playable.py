"""Recordings that browsers can play: what a file holds, and a playable copy where it cannot be played as it is.

Cameras give AVI, DAV and H.265, which no browser of an office plays. The copy is H.264 and AAC in MP4; the
original stays what it is. ffmpeg reads only the file it is given (no network protocols).
"""

import json
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

from config.errors import ArchiveError
from ingest.errors import ToolMissing
from storage.vault import durable_replacement

VERSION = "v1"
#: name of the playable copy in the derived store
NAME = f"playable-{VERSION}.mp4"
_PROBE_SECONDS = 30
_MAKE_SECONDS = 4 * 3600
_READABLE = ("-protocol_whitelist", "file,pipe")

_VIDEO_PLAYED = frozenset({"h264", "vp8", "vp9", "av1"})
_AUDIO_PLAYED = frozenset({"aac", "mp3", "opus", "vorbis", "flac", "pcm_s16le"})
_CONTAINERS_PLAYED = frozenset({"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "ogg", "mp3", "wav", "flac", "aac"})


class NotPlayable(ArchiveError):
    """A recording of which no playable copy could be made."""

    code = "MEDIA-NOT-PLAYABLE"
    vi = "Không phát được {name} và không tạo được bản phát được. Bản gốc còn nguyên, có thể tải về."
    en = "{name} cannot be played, and no playable copy could be made ({why}). The original is whole and can be taken."
    status = 422


@lru_cache(maxsize=256)
def browser_plays(path: Path) -> bool:
    """Whether browsers play the file as it is; False also where it cannot be looked into.

    :raises ToolMissing: ffprobe is not installed.
    """
    ffprobe = shutil.which("ffprobe")
    if ffprobe is None:
        raise ToolMissing(tool="ffprobe (ffmpeg)", what="xem loại bản ghi")
    command = [ffprobe, "-v", "error", *_READABLE, "-show_entries", "format=format_name:stream=codec_type,codec_name",
               "-of", "json", str(path)]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PROBE_SECONDS, check=False)
        found = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return False
    streams = found.get("streams", [])
    known = {"video": _VIDEO_PLAYED, "audio": _AUDIO_PLAYED}
    fits = all(one.get("codec_name") in known.get(one.get("codec_type"), {one.get("codec_name")}) for one in streams)
    return bool(streams) and fits and found.get("format", {}).get("format_name") in _CONTAINERS_PLAYED


def make_playable(source: Path, target: Path, *, name: str) -> None:
    """Write a copy that browsers play; its index stands first, so that it starts at once and can be wound.

    :raises NotPlayable: ffmpeg cannot read the recording; nothing is left half written.
    :raises ToolMissing: ffmpeg is not installed.
    """
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        raise ToolMissing(tool="ffmpeg", what="tạo bản phát được")
    target.parent.mkdir(parents=True, exist_ok=True)
    work = target.with_name(f".{target.name}.making.mp4")
    command = [
        ffmpeg, "-nostdin", "-y", "-loglevel", "error", *_READABLE, "-i", str(source),
        "-map", "0:v:0?", "-map", "0:a:0?",
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p",
        "-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2", "-c:a", "aac", "-b:a", "160k", "-movflags", "+faststart", str(work),
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_MAKE_SECONDS, check=False)
        if done.returncode or not work.is_file() or not work.stat().st_size:
            why = (done.stderr.strip().splitlines() or ["?"])[-1][:200]
            raise NotPlayable(name=name, why=why)
        with work.open("rb") as made, durable_replacement(target) as out:
            shutil.copyfileobj(made, out)
    except subprocess.TimeoutExpired as error:
        raise NotPlayable(name=name, why="quá lâu") from error
    finally:
        work.unlink(missing_ok=True)
