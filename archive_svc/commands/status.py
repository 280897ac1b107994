"""``archive status``: what runs, what waits, what is wrong and what to do about it."""

import shutil
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_svc.cli_common import Archive, data_option, json_option, open_archive, print_json
from archive_svc.scan_words import role, scan_state, stage
from archive_svc.speech import VIETNAMESE, Said, language, say
from ingest import jobs, processes, report, stock
from storage.models.base import now
from storage.models.records import OutboxEntry
from storage.models.scans import OcrState, Page, Scan, ScanState

_RECENT = 20


@click.command()
@click.argument("scan_ids", nargs=-1, type=int)
@data_option
@json_option
def command(scan_ids: tuple[int, ...], data: Path | None, as_json: bool) -> None:
    """Say how the service stands; with SCAN_IDS, how these scans stand."""
    with open_archive(data) as archive, archive.database.read() as session:
        answer = _overview(archive, session)
        answer["scans"] = [_scan(session, scan) for scan in _wanted(session, scan_ids)]
    if as_json:
        print_json(answer)
    else:
        _tell(answer)


def _overview(archive: Archive, session: Session) -> dict[str, Any]:
    disk = shutil.disk_usage(archive.settings.data)
    states = select(Scan.state, func.count()).group_by(Scan.state)
    pages = select(Page.ocr_state, func.count()).group_by(Page.ocr_state)
    return {
        "processes": sorted(row.role for row in processes.living(session, now())),
        "disk_free_mb": disk.free // 2**20,
        "scan_states": {str(row[0]): row[1] for row in session.execute(states)},
        "page_states": {str(row[0]): row[1] for row in session.execute(pages)},
        "jobs_waiting": jobs.waiting(session),
        "index_waiting": session.scalar(select(func.count()).select_from(OutboxEntry)) or 0,
        "problems": [
            {"path": p.path, "code": p.code, "message": p.message, "since": p.since.isoformat()}
            for p in stock.problems_now(session, archive.settings)
        ],
    }


def _wanted(session: Session, scan_ids: tuple[int, ...]) -> list[Scan]:
    """The scans asked for; else those under way, those with something wrong, and the newest."""
    if scan_ids:
        return list(session.scalars(select(Scan).where(Scan.id.in_(scan_ids)).order_by(Scan.id)))
    open_states = (ScanState.WAITING, ScanState.RECEIVED, ScanState.READING)
    wrong = (ScanState.QUARANTINED, ScanState.FAILED)
    failed = select(Page.scan_id).where(Page.ocr_state == OcrState.FAILED)
    chosen = list(session.scalars(
        select(Scan).where(Scan.state.in_(open_states + wrong) | Scan.id.in_(failed)).order_by(Scan.id)
    ))
    newest = session.scalars(select(Scan).order_by(Scan.id.desc()).limit(_RECENT))
    known = {scan.id for scan in chosen}
    return sorted([*chosen, *(scan for scan in newest if scan.id not in known)], key=lambda scan: scan.id)


def _scan(session: Session, scan: Scan) -> dict[str, Any]:
    done = report.progress_of(session, scan)
    unread = select(Page.number, Page.ocr_error).where(Page.scan_id == scan.id, Page.ocr_state == OcrState.FAILED)
    return {
        "id": scan.id,
        "name": scan.name,
        "state": str(scan.state),
        "pages": done.pages,
        "ocr_done": done.ocr_done,
        "indexed": done.indexed,
        "error": report.error_of(scan),
        "unread_pages": [{"number": row.number, "reason": row.ocr_error} for row in session.execute(unread)],
        "duplicate_of": scan.duplicate_of_id,
    }


def _tell(answer: dict[str, Any]) -> None:
    nothing = Said("không có gì", "nothing")
    running = ", ".join(role(name) for name in answer["processes"])
    say(f"Đang chạy: {running or 'không có gì (lệnh chạy dịch vụ: archive serve)'}",
        f"running: {running or 'nothing (archive serve starts the service)'}")
    say(f"Ổ đĩa: còn {answer['disk_free_mb']} MB", f"disk: {answer['disk_free_mb']} MB free")
    waiting = ", ".join(f"{stage(name)} {count}" for name, count in sorted(answer["jobs_waiting"].items()))
    say(f"Việc đang chờ: {waiting or nothing}", f"waiting: {waiting or nothing}")
    for problem in answer["problems"]:
        place = problem["path"] or Said("thư mục quét", "inbox")
        click.echo(f"! {place}: {problem['message']}")
    for scan in answer["scans"]:
        _tell_scan(scan)


def _tell_scan(scan: dict[str, Any]) -> None:
    state = scan_state(scan["state"])
    click.echo(f"{scan['id']:>6}  {state:<13} {scan['ocr_done']}/{scan['pages']}  {scan['name']}")
    if scan["duplicate_of"]:
        say(f"        đã có trong kho từ trước (tệp quét {scan['duplicate_of']}), không lưu thêm",
            f"        the same as scan {scan['duplicate_of']}, stored once")
    if scan["error"]:
        click.echo(f"        {scan['error']['message' if language() == VIETNAMESE else 'message_en']}")
    for page in scan["unread_pages"]:
        say(f"        trang {page['number']}: {page['reason']}", f"        page {page['number']}: {page['reason']}")
