"""The second half of the biên nhận: once a batch is read, what to scan again while the paper file is still unbound.

Only the watcher calls this, as everything that writes into the share. A batch is told of when it takes no more files,
all of it is read and cut, and it is not halted for a mark of secrecy; a file that comes later has it told again.
"""

from collections import defaultdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest import share
from ingest.take_in import path_of
from ingest.workshop import Workshop
from storage.but_luc_report import Report, report_of_batch
from storage.models.base import now
from storage.models.intake import IncomingFile
from storage.models.records import OPEN_STATES, Job
from storage.models.scans import Batch, Scan, ScanState, SecretState

_UNDER_WAY = (ScanState.WAITING, ScanState.RECEIVED, ScanState.READING)
#: what is still to come of a batch before its numbers can be judged
_STAGES = ("unpack", "inspect", "recognise", "split")


def tell(shop: Workshop) -> int:
    """Write what is missing, doubled or blurred of batches that are through; gives how many batches were told of."""
    with shop.database.read() as session:
        ready = _ready(session)
    for batch_id in ready:
        _tell_batch(shop, batch_id)
    return len(ready)


def _ready(session: Session) -> list[int]:
    under_way = select(Scan.batch_id).where(Scan.state.in_(_UNDER_WAY))
    working = select(Job.batch_id).where(
        Job.batch_id.is_not(None), Job.stage.in_(_STAGES), Job.state.in_(OPEN_STATES)
    )
    query = (
        select(Batch.id).distinct().join(Scan, Scan.batch_id == Batch.id).join(IncomingFile)
        .where(IncomingFile.state == "told", Batch.state == "closed", Batch.secret_state != SecretState.HALTED,
               Batch.id.not_in(under_way), Batch.id.not_in(working))
        .order_by(Batch.id)
    )  # fmt: skip
    return list(session.scalars(query))


def _tell_batch(shop: Workshop, batch_id: int) -> None:
    """Write first, note it afterwards: a crash between the two tells twice, never not at all."""
    inbox, zone = shop.settings.inbox_folder, ZoneInfo(shop.settings.timezone)
    of_batch = select(IncomingFile).join(Scan).where(Scan.batch_id == batch_id, IncomingFile.state == "told")
    folders: dict[Path, list[int]] = defaultdict(list)
    with shop.database.read() as session:
        name = session.get_one(Batch, batch_id).name
        report = report_of_batch(session, batch_id)
        for row in session.scalars(of_batch):
            folders[share.receipt_folder(inbox, path_of(row.path))].append(row.id)
    moment = now()
    for folder, ids in folders.items():
        if report.scanned:
            share.add_receipt(folder, moment, zone, receipt_lines(name, report, moment.astimezone(zone)))
        with shop.database.write() as session:
            for row in session.scalars(select(IncomingFile).where(IncomingFile.id.in_(ids))):
                row.state = "reported"


def receipt_lines(name: str, report: Report, local: datetime) -> list[str]:
    """What the biên nhận says of a batch that is read: what to scan again, or that nothing is missing."""
    if report.lines:
        told = "; ".join(report.lines)
    elif report.is_complete:
        told = "Bút lục liên tục, không thiếu, không trùng; không trang nào mờ."
    else:
        told = f"Không trang nào mờ; {report.pages - report.numbered} trang chưa thấy số bút lục."
    read = report.scanned - report.unread
    return [f"{local:%H:%M:%S}  Đợt quét “{name}”: đã đọc {read} / {report.scanned} trang.", f"          {told}"]
