"""Search while the index is being written: adding documents, reading beside commits, killing the writer."""

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.search import EVERYTHING, figures, percentile, queries, reading_of, settings_of
from bench.search_archive import MadePage, make
from config.settings import Settings
from search import check, writer
from search.folder import IndexFolder
from search.library import library
from search.service import SearchRequest, search
from storage import outbox
from storage.database import Database
from storage.migrate import upgrade
from storage.models.cases import Case
from storage.models.documents import Document, DocumentPage
from storage.models.scans import Batch, Page, PageText, Scan


def add_document(session: Session, number: int) -> list[int]:
    """A document of four pages with text, as the pipeline leaves it: rows, readings, outbox."""
    session.merge(Case(id=900_000, kind="hinh_su", name="Vụ thêm"))
    session.merge(Batch(id=900_000, name="b", case_id=900_000, source="bench", secret_state="clear"))
    scan = Scan(batch_id=900_000, name=f"thêm-{number}.pdf")
    session.add(scan)
    session.flush()
    ids = []
    document = Document(case_id=900_000, batch_id=900_000, title=f"thêm {number}", case_state="confirmed")
    session.add(document)
    session.flush()
    for at in range(4):
        page = Page(
            scan_id=scan.id, number=at + 1, header_checked=True, ocr_state="done", confidence=0.9, kind="document"
        )
        session.add(page)
        session.flush()
        made = make(number * 4 + at + 10_000_000)
        reading = reading_of(MadePage(page.id, 0, 0, 0, f"dấuthêm{number} {made.text}", "", "", made.date, ()))
        session.add(
            PageText(page_id=page.id, tool="bench-1", text=reading.text, reading=reading.pack(), confidence=0.9)
        )
        session.add(DocumentPage(page_id=page.id, document_id=document.id, position=at))
        ids.append(page.id)
    outbox.pages_changed(session, ids)
    return ids


def adding(folder: Path, rounds: int = 20) -> dict[str, Any]:
    """From the commit of a document's text to its pages being found, with the writer running as a process. The first
    document, which also waits for that process to start, is not counted."""
    settings = settings_of(folder)
    process = subprocess.Popen([sys.executable, "-m", "bench.search_writing", str(folder)])
    taken = []
    try:
        with Database(settings.database) as database:
            first = int(time.time())  # other documents at every run
            for number in range(first, first + rounds + 1):
                with database.write() as session:
                    add_document(session, number)
                began = time.perf_counter()
                while True:
                    with database.read() as session:
                        request = SearchRequest(f"dấuthêm{number}", facets=False, snippets=False)
                        if search(session, settings, EVERYTHING, request).total >= 4:
                            break
                    time.sleep(0.01)
                taken.append((time.perf_counter() - began) * 1000)
    finally:
        process.terminate()
        process.wait(30)
    return figures(taken[1:])


def reading_while_writing(folder: Path, count: int, seconds: float = 12.0) -> dict[str, Any]:
    """Searches beside a writer that commits without pause, against the same searches with no writer. A search that
    fails ends the step."""
    settings = settings_of(folder)
    asked = [q for q in queries(count) if not q[1].snippets]
    with Database(settings.database) as database:
        _loop(database, settings, asked, 3)
        idle = _loop(database, settings, asked, seconds / 2)
        process = subprocess.Popen([sys.executable, "-m", "bench.search_writing", str(folder)])
        stop = threading.Event()
        adder = threading.Thread(target=_keep_adding, args=(database, stop))
        adder.start()
        try:
            busy = _loop(database, settings, asked, seconds)
        finally:
            stop.set()
            adder.join()
            process.terminate()
            process.wait(30)
    return {"idle_ms": figures(idle), "busy_ms": figures(busy), "queries": len(busy),
            "p95_ratio": round(percentile(busy, 95) / percentile(idle, 95), 2)}  # fmt: skip


def _loop(database: Database, settings: Settings, asked: Any, seconds: float) -> list[float]:
    taken = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for _, request, scope in asked:
            began = time.perf_counter()
            with database.read() as session:
                search(session, settings, scope, request)
            taken.append((time.perf_counter() - began) * 1000)
            if time.perf_counter() > end:
                break
    return taken


def _keep_adding(database: Database, stop: threading.Event) -> None:
    number = 1000
    while not stop.is_set():
        with database.write() as session:
            add_document(session, number)
        number += 1
        stop.wait(0.2)


def killing(folder: Path, engine: str, times: int = 20) -> dict[str, Any]:
    """kill -9 of the writer at chance moments; afterwards every page whose outbox row is gone must be found."""
    settings = settings_of(folder, engine)
    dice = random.Random(3)
    lost = unreadable = 0
    with Database(settings.database) as database:
        upgrade(database)
        for number in range(times):
            process = subprocess.Popen([sys.executable, "-m", "bench.search_writing", str(folder), engine])
            end = time.monotonic() + 1.5 + dice.random() * 2.5
            while time.monotonic() < end:
                with database.write() as session:
                    add_document(session, number * 1000 + int(time.monotonic() * 10) % 1000)
                time.sleep(0.05)
            process.send_signal(signal.SIGKILL)
            process.wait()
            library(settings.index_folder).close()
            try:
                with database.read() as session:
                    lost += (
                        len(check.differences(session, settings)) if IndexFolder(settings.index_folder).current() else 0
                    )
            except OSError:
                unreadable += 1
        writer.drain(database, settings)
        with database.read() as session:
            left = len(check.differences(session, settings))
            total = len(session.scalars(select(Page.id)).all())
    return {"kills": times, "lost": lost, "unreadable": unreadable, "missing_after_restart": left, "pages": total}


def be_writer(folder: Path, engine: str) -> None:
    """Be the index's writer until told to end."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    settings = settings_of(folder, engine)
    with Database(settings.database) as database:
        writer.run(settings, database, stop)


if __name__ == "__main__":
    be_writer(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "auto")
