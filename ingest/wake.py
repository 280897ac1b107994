"""Events of the file system, used for nothing but waking the watcher's loop earlier."""

import logging
import threading
import time
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


class InboxEvents:
    """Watches a folder by events where the system gives them. Losing events costs a few seconds, never a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._wake = threading.Event()
        self._observer: Any = None

    def start(self) -> None:
        """Begin; where events cannot be had, polling alone does the work."""
        from watchdog.events import FileSystemEventHandler
        from watchdog.observers import Observer

        wake = self._wake

        class Handler(FileSystemEventHandler):
            def on_any_event(self, event: object) -> None:
                if getattr(event, "event_type", "") not in ("opened", "closed_no_write"):
                    wake.set()

        observer = Observer()
        observer.daemon = True
        observer.schedule(Handler(), str(self._folder), recursive=True)
        try:
            observer.start()
        except OSError as error:
            log.warning("no events from %s (%s); looking every few seconds instead", self._folder, error)
            return
        self._observer = observer

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Sleep until an event, the end of ``seconds``, or ``stop``."""
        end = time.monotonic() + seconds
        while not stop.is_set():
            left = end - time.monotonic()
            if left <= 0 or self._wake.wait(min(left, 1.0)):
                break
        self._wake.clear()

    def stop(self) -> None:
        """End watching."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(2)
