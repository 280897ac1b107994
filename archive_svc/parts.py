"""The parts of the running service, each the body of one process. Imports are inside: a process loads what it uses."""

import contextlib
import importlib
import logging
import logging.handlers
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType

from sqlalchemy.exc import OperationalError

from archive_svc.speech import say
from config.settings import Settings
from ingest.processes import die_with_parent
from storage import room
from storage.database import Database

#: what tells the service to stop
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_LOG_BYTES = 2 * 2**20
#: how often to look whether the index became free
_BUSY_SECONDS = 3.0


class LogFile(logging.handlers.RotatingFileHandler):
    """A log file that keeps silent when its disk is full: each line goes to stderr as well, and a traceback about every
    line that could not be written would bury them."""

    def close(self) -> None:
        with contextlib.suppress(OSError):  # what is left in the buffer has been told on stderr
            super().close()

    def handleError(self, record: logging.LogRecord) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


def start_log(settings: Settings, role: str) -> None:
    """Log to stderr, and to a file of this role in the data folder."""
    folder = settings.data / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    with contextlib.suppress(OSError):  # a full disk must not stop the service from saying so on stderr
        handlers.append(LogFile(folder / f"{role}.log", maxBytes=_LOG_BYTES, backupCount=3))
    form = f"%(asctime)s {role} %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=logging.INFO, format=form, handlers=handlers, force=True)
    logging.getLogger("pikepdf").setLevel(logging.WARNING)  # it greets at every start


@contextlib.contextmanager
def _child(settings: Settings, role: str, parent: int) -> Iterator[threading.Event]:
    """What every child does first: log, end with its parent, and turn SIGTERM into a wish to stop."""
    stop = threading.Event()

    def wish(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, wish)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the parent decides
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)  # the parent forks with these held back
    start_log(settings, role)
    if hasattr(os, "setsid") and os.getpgrp() != os.getpid():
        os.setsid()
    die_with_parent(parent)
    yield stop


def worker(settings: Settings, role: str, parent: int) -> None:
    """Claims jobs and does them."""
    with _child(settings, role, parent) as stop, Database(settings.database) as database:
        from ingest.worker import Worker
        from ingest.workshop import Workshop

        Worker(Workshop(settings, database), stop, parent=parent).run()


def watch(settings: Settings, role: str, parent: int) -> None:
    """Watches the inbox."""
    with _child(settings, role, parent) as stop, Database(settings.database) as database:
        from ingest.watch import Watcher
        from ingest.workshop import Workshop

        Watcher(Workshop(settings, database), stop, parent=parent).run()


def index(settings: Settings, role: str, parent: int) -> None:
    """Brings the index up to date from the outbox."""
    with _child(settings, role, parent) as stop, Database(settings.database) as database:
        from search.folder import IndexBusy
        from search.writer import run

        while not stop.is_set():
            try:
                run(settings, database, stop)
            except IndexBusy:  # another service on this data folder is the writer; take over when it ends
                stop.wait(_BUSY_SECONDS)
            except (OSError, OperationalError) as error:
                if not room.is_no_room(error):
                    raise
                # A writer that failed half-way is not trusted any more: a fresh process goes on where the outbox is.
                logging.getLogger(__name__).warning("no room to write the search index, trying again: %s", error)
                raise SystemExit(1) from error


def web(settings: Settings, role: str, parent: int) -> None:
    """Serves the screens and the API: on the plain port, and by TLS where `archive tls` made a certificate."""
    with _child(settings, role, parent) as stop:
        from waitress import create_server

        from archive_svc.commands.doctor import examine
        from viewer.app import create_app

        app = create_app(settings, health=lambda language: [f.told(language) for f in examine(settings.data)])
        try:
            server = create_server(
                app, host=settings.host, port=settings.port, threads=8, ident="",
                max_request_body_size=settings.max_file_mb * 2**21, channel_timeout=120,
            )  # fmt: skip
        except OSError as error:  # taken between two starts of this part; the supervisor tries again
            logging.getLogger(__name__).error("%s:%s: %s", settings.host, settings.port, error)
            raise SystemExit(1) from error

        def end(_signal: int, _frame: FrameType | None) -> None:
            raise SystemExit(0)

        signal.signal(signal.SIGTERM, end)
        if stop.is_set():  # told to stop while the application was being made
            return
        _say_where(settings)
        with _tls_beside(app, settings):
            server.run()


def _say_where(settings: Settings) -> None:
    """Tell the person at the console where to go, once the address answers."""
    address = f"http://{settings.host}:{settings.port}/"
    say(f"Kho lưu trữ: {address}  –  thư mục quét: {settings.inbox_folder}  –  Ctrl-C để dừng",
        f"Archive: {address}  –  inbox: {settings.inbox_folder}  –  Ctrl-C stops it", err=True)


@contextlib.contextmanager
def _tls_beside(app: object, settings: Settings) -> Iterator[None]:
    """The TLS port while the block runs. A certificate that cannot be used never keeps the plain port from working."""
    from archive_svc import tls

    beside = None
    try:
        beside = tls.load(app, settings)
    except tls.TlsUnusable as error:
        logging.getLogger(__name__).error("%s", error.message("en"))
    if beside:
        beside.start()
    try:
        yield
    finally:
        if beside:
            beside.stop()


Body = Callable[[Settings, str, int], None]


def reading_processes(settings: Settings) -> int:
    """How many workers: the setting, else one per core the machine lets us use, at most 8."""
    if settings.workers:
        return settings.workers
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, min(usable, 8))


#: what several parts use: loaded once before they are forked, so that the memory is shared too
_SHARED = ("storage.schema", "ingest.worker", "ingest.watch")


def preload(*, with_web: bool) -> None:
    """Load what the parts share. The web's modules load libraries the others use too, so they come along."""
    from sqlalchemy.orm import configure_mappers

    names = list(_SHARED)
    if with_web:
        from viewer.blueprints.registry import BLUEPRINTS

        names += ["viewer.app", "search.writer", *(f"viewer.blueprints.{name}" for name in BLUEPRINTS)]
    for name in names:
        importlib.import_module(name)
    configure_mappers()
