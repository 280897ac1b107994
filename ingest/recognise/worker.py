"""The reader process: ``python -m ingest.recognise.worker``. Frames in on stdin, frames out on stdout.

It holds one engine object, keeps within a memory limit, ends when its parent ends, and may be killed at any time:
it writes nothing but its answers.
"""

import contextlib
import ctypes
import gc
import os
import signal
import sys
from typing import Any, BinaryIO

os.environ["OMP_THREAD_LIMIT"] = "1"
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from config.errors import ArchiveError
from ingest.recognise.attempts import engine_for
from ingest.recognise.errors import LanguageMissing
from ingest.recognise.frames import read_frame, write_frame
from ingest.recognise.options import ReadOptions
from ingest.recognise.reader import recognise

_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Serve requests until stdin ends. The arguments are the parent's process id, the memory limit in bytes, and the
    folder of the model to load at once (or nothing)."""
    parent, memory, tessdata = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    _die_with(parent)
    _limit_memory(memory)
    if tessdata:
        with contextlib.suppress(LanguageMissing):  # the page that needs it says so
            engine_for(tessdata, ReadOptions().language)
    requests, answers = sys.stdin.buffer, _private_stdout()
    # between pages, not during them: what a page leaves behind is found at once, and the libraries (all loaded once the
    # first page is read) are never looked through again; else that takes 3 % of the reading
    gc.disable()
    while (frame := read_frame(requests)) is not None:
        head, body = frame
        _answer(answers, head, body)
        gc.collect()
        if not gc.get_freeze_count():
            gc.freeze()
    return 0


def _answer(answers: BinaryIO, head: dict[str, Any], body: bytes) -> None:
    options = ReadOptions.from_json(head["options"])
    try:
        write_frame(answers, {"ok": True}, recognise(body, options).pack())
    except ArchiveError as error:
        write_frame(answers, {"ok": False, "error": type(error).__name__, "detail": error.detail})
    except MemoryError:
        write_frame(answers, {"ok": False, "error": "ReaderCrashed", "detail": {"why": "memory limit"}})


def _private_stdout() -> BinaryIO:
    """Answers go to a copy of stdout; whatever a C library prints goes to stderr and cannot break a frame."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _die_with(parent: int) -> None:
    """Linux ends this process with its parent; elsewhere the end of stdin does."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent ended before prctl took hold
        raise SystemExit(1)


def _limit_memory(size: int) -> None:
    if size <= 0 or sys.platform == "win32":
        return
    import resource

    # data, not address space: mapped libraries and thread stacks reserve much that is never used
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


if __name__ == "__main__":
    raise SystemExit(main())
