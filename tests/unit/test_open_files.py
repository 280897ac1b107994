import os
import sys
from pathlib import Path

import pytest

from ingest import open_files
from ingest.open_files import OpenFiles, Writers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="leases and /proc are Linux's")


@pytest.fixture(params=["kernel", "programs"])
def files(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenFiles:
    """Both ways of knowing: the kernel's lease, and the search through programs where there are no leases."""
    if request.param == "programs":
        monkeypatch.setattr(open_files, "_ask_kernel", lambda _path: Writers.UNKNOWN)
        monkeypatch.setattr(open_files, "_SEARCH_SECONDS", 0.0)
    return OpenFiles(tmp_path)


def test_a_file_open_for_writing_is_seen_and_one_that_is_read_is_not(files: OpenFiles, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with path.open("wb"):
        assert files.writers_of(path) is Writers.SOMEBODY
    with path.open("rb"):
        assert files.writers_of(path) is not Writers.SOMEBODY
    with path.open("ab"):
        assert files.writers_of(path) is Writers.SOMEBODY
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.pdf"]


def test_the_kernel_is_believed_only_where_it_gives_leases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that never gives one (some network disks) would make every file look as if it were written."""
    monkeypatch.setattr(open_files, "_ask_kernel", lambda _path: Writers.SOMEBODY)
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF")
    assert OpenFiles(tmp_path).writers_of(path) is Writers.UNKNOWN


def test_asking_never_follows_a_link_or_waits_for_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "tat.pdf").symlink_to(tmp_path / "khong-co.pdf")
    os.mkfifo(tmp_path / "ong.pdf")
    files = OpenFiles(tmp_path)
    assert files.writers_of(tmp_path / "tat.pdf") is Writers.UNKNOWN
    files.writers_of(tmp_path / "ong.pdf")
