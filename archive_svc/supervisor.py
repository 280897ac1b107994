"""Keeps the parts of the service running: starts them as child processes, restarts one that dies, stops all cleanly."""

import contextlib
import gc
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from types import FrameType

from archive_svc.parts import STOP_SIGNALS, Body, preload
from config.settings import Settings

log = logging.getLogger(__name__)

#: a part that dies sooner than this after its start is started again only after a growing pause
_SOON = 10.0
_LONGEST_PAUSE = 30.0
#: how long parts may take to finish what they have in hand
STOP_SECONDS = 25.0
_LOOK_SECONDS = 0.5


@dataclass(slots=True)
class Part:
    """One child process and its history."""

    name: str
    body: Body
    process: BaseProcess | None = None
    started: float = 0.0
    next_start: float = 0.0
    pause: float = 0.0


@contextlib.contextmanager
def _held_back() -> Iterator[None]:
    """Wishes to stop wait while the block runs; a child started in it lets them in when it can act on them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@dataclass(slots=True)
class Supervisor:
    """Runs parts until told to stop. It opens no database itself, so that forking is safe."""

    settings: Settings
    bodies: Sequence[tuple[str, Body]]
    #: stop when this process ends (a command that brought its own workers along)
    owner: int | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Start every part and keep it running; returns after all have ended."""
        self._listen()
        method = "fork" if sys.platform == "linux" else "spawn"
        context = multiprocessing.get_context(method)
        if method == "fork":
            preload(with_web=any(name == "web" for name, _ in self.bodies))
            gc.collect()
            gc.freeze()
        parts = [Part(name, body) for name, body in self.bodies]
        try:
            while not self._stop.is_set():
                for part in parts:
                    self._keep(context, part)
                if self.owner is not None and os.getppid() != self.owner:
                    break
                self._stop.wait(_LOOK_SECONDS)
        finally:
            self._end(parts)

    def _listen(self) -> None:
        def wish(_signal: int, _frame: FrameType | None) -> None:
            self._stop.set()

        for number in STOP_SIGNALS:
            signal.signal(number, wish)

    def _keep(self, context: multiprocessing.context.BaseContext, part: Part) -> None:
        moment = time.monotonic()
        if part.process is not None:
            if part.process.is_alive():
                return
            part.process.join()
            part.pause = self._pause_after(part, moment)
            part.process, part.next_start = None, moment + part.pause
        if moment >= part.next_start:
            arguments = (self.settings, part.name, os.getpid())
            process = context.Process(target=part.body, args=arguments, name=part.name)  # type: ignore[attr-defined]
            with _held_back():  # a child answers to its parent's handlers until it has its own
                process.start()
            part.process, part.started = process, moment

    @staticmethod
    def _pause_after(part: Part, moment: float) -> float:
        """How long to wait before a part that ended is started again; one that ended by itself at once."""
        assert part.process is not None  # noqa: S101 - asked only of a part that ran
        if part.process.exitcode == 0:
            return 0.0
        log.warning("%s ended (exit %s); starting it again", part.name, part.process.exitcode)
        short_lived = moment - part.started < _SOON
        return min(max(1.0, part.pause * 2), _LONGEST_PAUSE) if short_lived else 0.0

    def _end(self, parts: list[Part]) -> None:
        running = [part.process for part in parts if part.process is not None]
        for process in running:
            with contextlib.suppress(OSError, ValueError):
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            process.join(max(0.0, deadline - time.monotonic()))
        for process in running:
            if process.is_alive():
                log.warning("%s did not stop in time and is ended", process.name)
                process.kill()
                process.join()
