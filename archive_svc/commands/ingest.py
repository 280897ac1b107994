"""``archive ingest``: take files in by command, beside a running service or alone."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_svc.cli_common import Archive, data_option, json_option, open_archive, print_json
from archive_svc.scan_words import scan_state
from archive_svc.speech import VIETNAMESE, Said, language, say
from config.errors import EXIT_REFUSED, ArchiveError, Invalid
from ingest import batching, intake, processes, report, worker
from ingest.names import display_name, in_natural_order
from storage.access import require_case
from storage.cases import find_by_number
from storage.models.base import now
from storage.models.cases import Case, Right
from storage.models.scans import Batch, OcrState, Page, Scan

_LOOK_SECONDS = 0.2
_TELL_EVERY = timedelta(seconds=5)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--case", "case_number", default=None, help="number of the case the files belong to")
@click.option("--batch", "as_batch", is_flag=True, help="all files are one batch (đợt quét), in the order given")
@click.option("--wait", is_flag=True, help="wait until everything is read, filed and searchable")
@data_option
@json_option
def command(
    files: tuple[Path, ...], case_number: str | None, as_batch: bool, wait: bool, data: Path | None, as_json: bool
) -> None:
    """Take FILES in. Each is its own batch unless --batch is given; a folder is one batch of what lies in it."""
    with open_archive(data) as archive:
        groups = _groups(files, as_batch=as_batch)
        batch_ids, refused = _take_in(archive, groups, case_number)
        if wait and batch_ids:
            with _somebody_working(archive) as ensure:
                _wait(archive, batch_ids, ensure, quiet=as_json and not sys.stderr.isatty())
        with archive.database.read() as session:
            scans = _scans(session, batch_ids)
            reports = [report.scan_report(session, scan) for scan in scans]
            messages = [report.error_message(scan, language()) for scan in scans if report.is_refused(scan)]
            idle = not wait and not processes.living(session, now(), worker.ROLE)
    if as_json:
        print_json({"scans": reports + refused})
    else:
        _tell(reports)
    spoken = "message" if language() == VIETNAMESE else "message_en"
    for message in messages + [entry["error"][spoken] for entry in refused]:
        click.echo(message, err=True)
    if idle and batch_ids:
        say("Đã nhận và lưu; sẽ đọc chữ khi chạy `archive serve` hoặc `archive work`.",
            "Taken in; it is read once `archive serve` or `archive work` runs.", err=True)
    if messages or refused:
        sys.exit(EXIT_REFUSED)


def _groups(files: Sequence[Path], *, as_batch: bool) -> list[tuple[str, list[Path]]]:
    """Files of each batch to be, with its name."""
    groups: list[tuple[str, list[Path]]] = []
    for path in files:
        if path.is_dir():
            inside = {str(p.relative_to(path)): p for p in path.rglob("*") if p.is_file() and not p.is_symlink()}
            groups.append((path.resolve().name, [inside[name] for name in in_natural_order(inside)]))
        else:
            groups.append((path.name, [path]))
    if as_batch:
        return [(groups[0][0], [path for _, group in groups for path in group])]
    return groups


def _take_in(
    archive: Archive, groups: list[tuple[str, list[Path]]], case_number: str | None
) -> tuple[list[int], list[dict[str, Any]]]:
    batch_ids: list[int] = []
    refused: list[dict[str, Any]] = []
    for name, paths in groups:
        received = []
        for path in paths:
            try:
                size = path.stat().st_size
                received.append((path, intake.receive(archive.vault, path, path.name, archive.settings, size=size)))
            except (ArchiveError, OSError) as error:
                refused.append(_refusal(path, error))
        if not received:
            continue
        with archive.database.write() as session:
            case = _case(session, archive, case_number)
            batch = batching.batch_for(
                session, archive.actor, source=f"{archive.actor.name}:{name}"[:300], name=display_name(name)[:255],
                case=case, owner_id=None, now=now(), pause=timedelta(0),
            )  # fmt: skip
            for path, item in received:
                intake.register(session, archive.actor, batch, item, now=now(), source_path=str(path.absolute()))
            batching.close(session, archive.actor, batch, keep_order=True)
            batch_ids.append(batch.id)
    return batch_ids, refused


def _refusal(path: Path, error: Exception) -> dict[str, Any]:
    from ingest.errors import InputUnreadable

    known = error if isinstance(error, ArchiveError) else InputUnreadable(name=path.name, why=str(error))
    return {
        "id": None, "name": display_name(path.name), "sha256": None, "state": "quarantined", "pages": 0,
        "error": {"code": known.code, "message": known.message("vi"), "message_en": known.message("en")},
        "duplicate_of": None, "documents": [],
    }  # fmt: skip


def _case(session: Session, archive: Archive, number: str | None) -> Case | None:
    if number is None:
        return None
    found = find_by_number(session, number)
    if len(found) != 1:
        raise Invalid(what=f"số hồ sơ {number}", why="không có hồ sơ nào" if not found else "nhiều hồ sơ cùng số")
    return require_case(session, archive.actor, found[0].id, Right.WRITE)


@contextmanager
def _somebody_working(archive: Archive) -> Iterator[Any]:
    """A function that makes sure workers run: those of a service, else own ones for as long as this command lasts."""
    own: list[subprocess.Popen[bytes]] = []

    def ensure() -> None:
        if own and own[-1].poll() is None:
            return
        with archive.database.read() as session:
            if processes.living(session, now(), worker.ROLE):
                return
        arguments = [sys.executable, "-m", "archive_svc.main", "work", "--owner", str(os.getpid())]
        arguments += ["--data", str(archive.settings.data)]
        own.append(subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    try:
        yield ensure
    finally:
        for process in own:
            process.terminate()
        for process in own:
            process.wait()


def _wait(archive: Archive, batch_ids: list[int], ensure: Any, *, quiet: bool) -> None:
    told = now() - _TELL_EVERY
    looked = 0.0
    while True:
        if time.monotonic() - looked > 5:
            ensure()
            looked = time.monotonic()
        with archive.database.read() as session:
            scans = _scans(session, batch_ids)
            if all(report.is_settled(session, scan) for scan in scans):
                return
            read, pages = _count(session, batch_ids)
        if not quiet and now() - told >= _TELL_EVERY:
            told = now()
            say(f"đã đọc {read}/{pages} trang", f"read {read} of {pages} pages", err=True)
        time.sleep(_LOOK_SECONDS)


def _count(session: Session, batch_ids: list[int]) -> tuple[int, int]:
    query = select(func.count(Page.id)).join(Scan).where(Scan.batch_id.in_(batch_ids))
    pages = session.scalar(query) or 0
    left = session.scalar(query.where(Page.ocr_state.in_((OcrState.PENDING, OcrState.RUNNING)))) or 0
    return pages - left, pages


def _scans(session: Session, batch_ids: list[int]) -> list[Scan]:
    query = select(Scan).join(Batch).where(Batch.id.in_(batch_ids)).order_by(Batch.id, Scan.position, Scan.id)
    return list(session.scalars(query))


def _tell(reports: list[dict[str, Any]]) -> None:
    for entry in reports:
        pages = Said(f"{entry['pages']} trang", f"{entry['pages']} pages")
        click.echo(f"{entry['id']}  {entry['name']}  {scan_state(entry['state'])}  {pages}")
        for document in entry["documents"]:
            kind = document["type_name"] or "?"
            click.echo(f"    {document['first_page']}-{document['last_page']}  {kind}  {document['title']}")
