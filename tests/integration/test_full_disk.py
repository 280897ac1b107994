"""A disk that fills up at each place something is written: nothing is lost, it is said, and work goes on with room."""

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError

from ingest import inbox, page_images, share, stock, worker
from ingest.stages import assemble
from search import writer as index_writer
from search.folder import IndexFolder
from storage import room, vault
from storage.models.base import now
from storage.models.records import Job, OutboxEntry
from storage.models.scans import OcrState, Page, ScanState
from tests import scan_files as files
from tests.integration.conftest import Line

pytestmark = pytest.mark.tools


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_DATABASE_WAIT", 0.0)


def full(path: object = None) -> OSError:
    return OSError(errno.ENOSPC, "No space left on device", str(path) if path else None)


def waiting(line: Line) -> list[tuple[str, str, str | None, int]]:
    with line.shop.database.read() as session:
        rows = session.scalars(select(Job).where(Job.state.in_(("ready", "running", "retry_at"))).order_by(Job.id))
        return [(row.stage, row.state, row.error_code, row.attempts) for row in rows]


def go_on(line: Line) -> None:
    """The pause of what waits is over."""
    with line.shop.database.write() as session:
        session.execute(update(Job).where(Job.state == "retry_at").values(run_at=now()))
    line.settle()


def drop(line: Line) -> None:
    files.write(line.inbox, "a.png", files.image_bytes("PNG", "QUYẾT ĐỊNH"))


def test_intake_waits_while_the_vault_has_no_room(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def copy(self: vault.Vault, source: object, target: Path) -> tuple[str, int]:
        target.write_bytes(b"half")
        raise full(target)

    drop(line)
    with monkeypatch.context() as patch:
        patch.setattr(vault.Vault, "_copy", copy)
        line.settle()
        assert line.scans() == []
        assert [path.name for path in line.inbox.iterdir() if path.is_file()] == ["a.png"]
        assert not list(line.shop.vault.root.rglob(".incoming-*"))
        with line.shop.database.read() as session:
            assert [p.code for p in stock.problems_now(session, line.shop.settings)] == ["DISK-FULL"]
    line.settle()
    assert line.scan().state == ScanState.DONE
    with line.shop.database.read() as session:
        assert stock.problems(session) == []


def test_pictures_and_reading_wait_and_do_not_count_as_tried(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def no_room(path: Path) -> Iterator[Any]:
        raise full(path)
        yield

    drop(line)
    with monkeypatch.context() as patch:
        patch.setattr(page_images, "durable_replacement", no_room)
        patch.setattr("ingest.recognise.client.ReaderProcess.read", lambda *_a, **_k: (_ for _ in ()).throw(full()))
        for _ in range(line.shop.settings.max_attempts + 2):
            go_on(line)
        assert {row[0]: row[1:] for row in waiting(line)} == {
            "render": ("retry_at", "DISK-FULL", 0), "recognise": ("retry_at", "DISK-FULL", 0),
        }  # fmt: skip
    go_on(line)
    assert (line.scan().state, waiting(line)) == (ScanState.DONE, [])


def test_a_database_without_room_loses_no_result_and_counts_no_attempt(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = _refuse_readings(line, times=2 * line.shop.settings.max_attempts)
    drop(line)
    line.settle()
    go_on(line)
    assert refusals() == 0
    with line.shop.database.read() as session:
        assert list(session.scalars(select(Page.ocr_state))) == [OcrState.DONE]
        assert list(session.scalars(select(Job.state).distinct())) == ["done"]


def _refuse_readings(line: Line, *, times: int) -> Callable[[], int]:
    """The database has no room for the words of a page, so many times."""
    left = times

    def refuse(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal left
        if left and statement.startswith("INSERT INTO page_text"):
            left -= 1
            cause = sqlite3.OperationalError("database or disk is full")
            cause.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise OperationalError(statement, {}, cause)

    event.listen(line.shop.database.engine, "before_cursor_execute", refuse)
    return lambda: left


def test_the_index_keeps_what_it_could_not_write(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(line)
    line.settle()

    def no_room(self: IndexFolder, folder: Path) -> None:
        raise full(folder)

    with monkeypatch.context() as patch:
        patch.setattr(IndexFolder, "sync", no_room)
        with pytest.raises(OSError) as caught:
            index_writer.drain(line.shop.database, line.shop.settings)
        assert room.is_no_room(caught.value)
    with line.shop.database.read() as session:
        assert session.scalars(select(OutboxEntry.page_id)).all() != []
    index_writer.drain(line.shop.database, line.shop.settings)
    with line.shop.database.read() as session:
        assert session.scalars(select(OutboxEntry.page_id)).all() == []


def test_the_searchable_pdf_waits_for_room(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(line)
    with monkeypatch.context() as patch:
        patch.setattr(assemble.room, "free_bytes", lambda folder: 1000)
        line.settle()
        assert waiting(line) == [("assemble", "retry_at", "DISK-FULL", 0)]
        with line.shop.database.read() as session:
            assert [p.code for p in stock.problems_now(session, line.shop.settings)] == ["DISK-FULL"]
    go_on(line)
    assert waiting(line) == []


def test_a_share_on_another_disk_is_not_emptied_onto_the_last_room_of_the_servers(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moving out is then a second copy: it leaves as much free as taking in does, and names the disk that is full."""
    taken_in = line.shop.settings.taken_in_folder
    free = {line.inbox: 500 * 2**20, taken_in: 2**20}

    def rename(self: Path, target: Path) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link", str(self))

    drop(line)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        patch.setattr(share.room, "free_bytes", lambda folder: free[taken_in if taken_in in folder.parents else folder])
        line.settle(leave=("render", "recognise", "split", "assemble"))
        assert [path.name for path in line.inbox.glob("*.png")] == ["a.png"]
        assert not [path for path in taken_in.rglob("*") if path.is_file()]
        with line.shop.database.read() as session:
            assert [str(taken_in) in p.message for p in stock.problems(session)] == [True]
    line.look()
    assert list(line.inbox.glob("*.png")) == []
    assert [path.name for path in taken_in.rglob("*.png")] == ["00000001-a.png"]


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "DISK-FULL"), (errno.EACCES, "SHARE-UNWRITABLE")])
def test_a_source_that_cannot_be_moved_out_waits_and_keeps_nothing_else_from_being_told(
    line: Line, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    """The folder of sources taken in lies on a full disk, or the share may not be written into."""
    real = share.move_out

    def move_out(source: Path, *rest: Any, **more: Any) -> Path:
        if source.name == "a.png":
            raise OSError(number, "refused", str(source))
        return real(source, *rest, **more)

    later = ("render", "recognise", "split", "assemble")
    for name in ("a.png", "b.png"):
        files.write(line.inbox, name, files.image_bytes("PNG", name))
    with monkeypatch.context() as patch:
        patch.setattr(share, "move_out", move_out)
        for _ in range(2):
            line.settle(leave=later)
        assert len(line.scans()) == 2
        assert [path.name for path in line.inbox.glob("*.png")] == ["a.png"]
        assert receipts(line).count("b.png") == 1
        assert "a.png" not in receipts(line)
        with line.shop.database.read() as session:
            assert [(p.path, p.code) for p in stock.problems(session)] == [("", code)]
    line.settle(leave=later)
    assert len(line.scans()) == 2
    assert list(line.inbox.glob("*.png")) == []
    assert receipts(line).count("a.png") == 1
    with line.shop.database.read() as session:
        assert stock.problems(session) == []


def test_a_refused_file_is_laid_aside_once_although_the_share_has_no_room_for_the_receipt(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(folder: Path, *_: Any) -> Path:
        raise full(folder)

    files.write(line.inbox, "trong.txt", b"chu" * 100)
    with monkeypatch.context() as patch:
        patch.setattr(share, "add_receipt", no_room)
        line.look(seconds=6, times=6)
        with line.shop.database.read() as session:
            assert [p.code for p in stock.problems(session)] == ["DISK-FULL"]
    line.look(times=2)
    aside = sorted(path.name for path in (line.inbox / inbox.ASIDE).iterdir())
    assert aside == ["trong.txt", "trong.txt - LÝ DO.txt"]
    assert receipts(line).count("trong.txt") == 1


def receipts(line: Line) -> str:
    return "".join(path.read_text("utf-8-sig") for path in (line.inbox / inbox.RECEIPTS).glob("*.txt"))
