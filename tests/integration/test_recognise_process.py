"""The reader process: what a page that hangs, crashes or eats memory does to the others."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from PIL import Image

from ingest.recognise import client
from ingest.recognise.client import ReaderProcess
from ingest.recognise.errors import LanguageMissing, PageUnreadable, ReaderCrashed, ReaderHung
from ingest.recognise.options import DEBIAN_TESSDATA, ReadOptions
from tests import drawn_pages as drawn

pytestmark = [pytest.mark.tools, pytest.mark.xdist_group("reader")]
OPTIONS = ReadOptions(tessdata=str(DEBIAN_TESSDATA), dpi=200)
PAGE = drawn.encoded(drawn.page(repeat=1))
MEMORY = 1500 * 2**20


def test_pages_go_through_one_process_and_damaged_ones_are_refused_by_name() -> None:
    with ReaderProcess(120, MEMORY) as reader:
        first = reader.read(PAGE, OPTIONS)
        assert "Viện kiểm sát nhân dân" in first.text
        process = reader._process
        with pytest.raises(PageUnreadable) as refused:
            reader.read(b"no image", OPTIONS, what="7 (a.pdf)")
        assert "7 (a.pdf)" in refused.value.message("vi")
        with pytest.raises(LanguageMissing):
            reader.read(PAGE, ReadOptions(tessdata="/nowhere"))
        assert reader.read(PAGE, OPTIONS).words == first.words
        assert reader._process is process


def test_a_page_that_hangs_is_ended_and_the_next_is_read() -> None:
    with ReaderProcess(120, MEMORY) as reader:
        reader.read(PAGE, OPTIONS)
        assert reader._process is not None
        os.kill(reader._process.pid, signal.SIGSTOP)  # an engine that never answers
        reader._timeout = 0.5
        with pytest.raises(ReaderHung) as hung:
            reader.read(PAGE, OPTIONS, what="3")
        assert hung.value.retryable
        reader._timeout = 120
        assert reader.read(PAGE, OPTIONS).words


def test_a_page_that_crashes_the_engine_is_named_and_the_next_is_read() -> None:
    with ReaderProcess(120, MEMORY) as reader:
        reader.read(PAGE, OPTIONS)
        assert reader._process is not None
        os.kill(reader._process.pid, signal.SIGSEGV)
        with pytest.raises(ReaderCrashed) as crashed:
            while True:  # the signal may arrive after one more answer
                reader.read(PAGE, OPTIONS, what="4")
        assert "signal 11" in str(crashed.value)
        assert reader.read(PAGE, OPTIONS).words


@pytest.mark.skipif(sys.platform == "win32", reason="no resource limits there")
def test_a_page_that_needs_too_much_memory_is_refused_and_the_machine_is_spared() -> None:
    large = drawn.encoded(Image.new("RGB", (9000, 9000), "white"), "PNG")
    with ReaderProcess(120, 350 * 2**20) as reader, pytest.raises(ReaderCrashed):
        reader.read(large, OPTIONS, what="5")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_the_reader_dies_with_its_parent() -> None:
    script = (
        "import sys, time\n"
        "from ingest.recognise.client import ReaderProcess\n"
        "from ingest.recognise.errors import PageUnreadable\n"
        "from ingest.recognise.options import ReadOptions\n"
        "reader = ReaderProcess(60, 0)\n"
        "try:\n"
        "    reader.read(b'no image', ReadOptions())\n"
        "except PageUnreadable:\n"  # it answers, so it has bound itself to its parent
        "    print(reader._process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert not _is_gone(child)
        parent.kill()
    deadline = time.monotonic() + 20
    while not _is_gone(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _is_gone(child)


def _is_gone(pid: int) -> bool:
    """Whether the process has ended; a zombie nobody has waited for has."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_the_process_is_renewed_after_so_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PAGES_PER_PROCESS", 1)
    tiny = drawn.encoded(Image.new("L", (50, 50), 255), "PNG")
    with ReaderProcess(120, MEMORY) as reader:
        reader.read(tiny, OPTIONS)
        first = reader._process
        reader.read(tiny, OPTIONS)
        assert reader._process is not first
