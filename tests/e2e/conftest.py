"""The command as people run it: subprocesses on a data folder of their own."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import func, select

from config.settings import load_settings
from storage.database import Database
from storage.models.records import OutboxEntry
from storage.models.scans import OcrState, Page, Scan

ARCHIVE = [sys.executable, "-m", "archive_svc.main"]
_UNREAD = (OcrState.PENDING, OcrState.RUNNING)


class Office:
    """An archive on disk, its service, and what a clerk does with it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.process: subprocess.Popen[bytes] | None = None
        self.run("init")
        self.settings = load_settings(data)
        self.database = Database(self.settings.database)

    @property
    def inbox(self) -> Path:
        """The watched folder."""
        return self.settings.inbox_folder

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        command = [*ARCHIVE, *arguments, "--data", str(self.data)]
        return subprocess.run(command, capture_output=True, text=True, check=check, timeout=150)

    def json(self, *arguments: str) -> Any:
        """Run a command and read its JSON."""
        return json.loads(self.run(*arguments, "--json", check=False).stdout)

    def serve(self, **environment: str) -> None:
        """Start the service, and wait until its processes are there."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = (self.data / "serve.out").open("ab")
        self.process = subprocess.Popen(
            [*ARCHIVE, "serve", "--data", str(self.data), "--port", str(port), "--workers", "2"],
            stdout=log, stderr=log, env={**os.environ, **environment},
        )  # fmt: skip
        log.close()
        self.wait(lambda: len(self.children()) >= 5, "the service starts")

    def children(self) -> list[psutil.Process]:
        """Processes of the service, the supervisor left out."""
        if self.process is None:
            return []
        with contextlib.suppress(psutil.Error):
            return psutil.Process(self.process.pid).children(recursive=True)
        return []

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.process = None
        return code

    def kill_all(self) -> None:
        """``kill -9`` of the whole service at once."""
        if self.process is None:
            return
        doomed = self.children()
        self.process.kill()
        for process in doomed:
            with contextlib.suppress(psutil.Error):
                process.kill()
        self.process.wait(30)
        self.process = None
        psutil.wait_procs(doomed, 10)

    def pages(self) -> tuple[int, int]:
        """Pages known, and pages read and in the index."""
        with self.database.read() as session:
            waiting = select(OutboxEntry.id).where(OutboxEntry.page_id == Page.id).exists()
            known = session.scalar(select(func.count(Page.id))) or 0
            done = select(func.count(Page.id)).where(Page.ocr_state.not_in(_UNREAD), ~waiting)
            return known, session.scalar(done) or 0

    def scan_states(self) -> dict[str, str]:
        """State of each scan by its name."""
        with self.database.read() as session:
            return {row.name: str(row.state) for row in session.execute(select(Scan.name, Scan.state))}

    def wait(self, done: Callable[[], bool], what: str, seconds: float = 90) -> None:
        """Wait for something to become true."""
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end:
                log = (self.data / "serve.out").read_text()[-3000:] if (self.data / "serve.out").exists() else ""
                raise AssertionError(f"waited {seconds} s: {what}; {self.pages()} {self.scan_states()}\n{log}")
            time.sleep(0.1)

    def wait_for_pages(self, count: int, seconds: float = 120) -> None:
        """Wait until this many pages are searchable, and no more are known."""
        self.wait(lambda: self.pages() == (count, count), f"{count} pages searchable", seconds)


_QUICK = """
stable_seconds = 0.3
rescan_seconds = 0.5
unfinished_seconds = 60.0
unmarked_seconds = 1.0
batch_pause_seconds = 2.0
min_free_mb = 1
"""


def quick_settings(office: Office) -> None:
    """Short waits for an archive of tests."""
    path = office.data / "settings.toml"
    path.write_text(path.read_text("utf-8") + _QUICK, "utf-8")
    office.settings = load_settings(office.data)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An archive with a quick watcher."""
    made = Office(tmp_path / "kho")
    quick_settings(made)
    yield made
    made.kill_all()
    made.database.close()
