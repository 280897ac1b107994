"""Recordings that browsers can play, and the copy made of those they cannot."""

import subprocess

import pytest

from ingest import playable

pytestmark = pytest.mark.tools


def record(path, *codec):
    subprocess.run(
        ["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=5:duration=1",
         "-f", "lavfi", "-i", "sine=duration=1", *codec, "-shortest", str(path)],
        check=True,
    )  # fmt: skip


def test_an_avi_of_a_camera_gets_a_playable_copy(tmp_path):
    source, target = tmp_path / "cam.avi", tmp_path / "copy.mp4"
    record(source, "-c:v", "mpeg4", "-c:a", "mp2")
    before = source.read_bytes()
    assert not playable.browser_plays(source)
    playable.make_playable(source, target, name="cam.avi")
    assert playable.browser_plays(target)
    assert source.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_browsers_play_needs_no_copy(tmp_path):
    source = tmp_path / "phone.mp4"
    record(source, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac")
    assert playable.browser_plays(source)


def test_what_cannot_be_read_is_said_plainly(tmp_path):
    source = tmp_path / "broken.avi"
    source.write_bytes(b"RIFF" + b"\0" * 200)
    assert not playable.browser_plays(source)
    with pytest.raises(playable.NotPlayable) as refused:
        playable.make_playable(source, tmp_path / "copy.mp4", name="broken.avi")
    assert "Bản gốc còn nguyên" in refused.value.message("vi")
    assert not (tmp_path / "copy.mp4").exists()
