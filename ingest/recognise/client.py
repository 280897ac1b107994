"""The service's side of a reader process: starts it, gives it pages, replaces it when a page hangs or crashes it."""

import contextlib
import os
import subprocess
import sys
import threading
from types import TracebackType
from typing import Any

from ingest.recognise.errors import LanguageMissing, PageUnreadable, ReaderCrashed, ReaderHung
from ingest.recognise.frames import read_frame, write_frame
from ingest.recognise.options import ReadOptions
from storage.reading import PageReading

#: a fresh process gives back memory that the engine and numpy have fragmented
PAGES_PER_PROCESS = 500


class ReaderProcess:
    """A reader that survives its pages. Not for use by several threads at once; close it, or use ``with``."""

    def __init__(self, timeout_seconds: float, memory_bytes: int, *, tessdata: str = "") -> None:
        """
        :param tessdata: folder of the model to load at once; where it is left out, the first page has it loaded.
        """
        self._timeout = timeout_seconds
        self._memory = memory_bytes
        self._tessdata = tessdata
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0

    def __enter__(self) -> "ReaderProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, image: bytes, options: ReadOptions, what: str = "") -> PageReading:
        """Read one page image. Raises ``ReaderHung``, ``ReaderCrashed``, ``PageUnreadable``, ``LanguageMissing``.

        ``what`` names the page in error messages.
        """
        return PageReading.unpack(self._ask(image, options, what))

    def start(self) -> None:
        """Start the process before the first page is there: loading libraries and model takes about half a second."""
        self._running()

    def close(self) -> None:
        """End the process; the next page starts a new one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):  # what was still to be sent has nobody to read it
                    pipe.close()

    def _ask(self, image: bytes, options: ReadOptions, what: str) -> bytes:
        process = self._running()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - opened with pipes
        hung = threading.Event()

        def end() -> None:
            hung.set()
            process.kill()

        timer = threading.Timer(self._timeout, end)
        timer.start()
        try:
            write_frame(process.stdin, {"options": options.to_json()}, image)
            answer = read_frame(process.stdout)
        except OSError:
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            code = process.wait()
            self.close()
            if hung.is_set():
                raise ReaderHung(what=what, seconds=round(self._timeout))
            raise ReaderCrashed(what=what, why=_why(code))
        head, body = answer
        if not head["ok"]:
            raise self._error(head, what)
        self._served += 1
        return body

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and (self._process.poll() is not None or self._served >= PAGES_PER_PROCESS):
            self.close()
        if self._process is None:
            self._served = 0
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ingest.recognise.worker", str(os.getpid()), str(self._memory), self._tessdata],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._process

    def _error(self, head: dict[str, Any], what: str) -> Exception:
        detail = {**head["detail"], "what": what}
        kinds = {kind.__name__: kind for kind in (PageUnreadable, LanguageMissing)}
        if head["error"] in kinds:
            return kinds[head["error"]](**detail)
        self.close()  # after running out of memory a process is not trusted with another page
        return ReaderCrashed(what=what, why=str(head["detail"].get("why", head["error"])))


def _why(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
