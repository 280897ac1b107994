"""Pictures from films by ffmpeg, with a limit on time. Sound has no picture; photos are images like any scan."""

import shutil
import subprocess
from pathlib import Path

from ingest.errors import ToolMissing
from storage.vault import durable_replacement

_SECONDS = 60
#: a picture from a little way in: the first one is often black
_OFFSETS = ("3", "0")


def film_thumbnail(film: Path, target: Path, *, side: int) -> bool:
    """Write one picture of a film as JPEG; False where the film has none that can be decoded.

    :raises ToolMissing: ffmpeg is not installed.
    """
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        raise ToolMissing(tool="ffmpeg", what="tạo ảnh nhỏ của đoạn phim")
    scale = f"scale='min({side},iw)':'min({side},ih)':force_original_aspect_ratio=decrease"
    for offset in _OFFSETS:
        command = [
            ffmpeg, "-nostdin", "-loglevel", "error", "-protocol_whitelist", "file,pipe", "-ss", offset,
            "-i", str(film), "-frames:v", "1", "-vf", scale, "-f", "image2pipe", "-c:v", "mjpeg", "-",
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return False
        if done.returncode == 0 and done.stdout:
            with durable_replacement(target) as out:
                out.write(done.stdout)
            return True
    return False
