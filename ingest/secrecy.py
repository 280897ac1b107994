"""State secrets: a page whose header bears MẬT, TỐI MẬT or TUYỆT MẬT halts its whole batch at once.

Law on Protection of State Secrets 2018, article 8, names the three levels. The machine is by default not for secrets
(setting ``allow_secret``): nothing of the batch is served, its derived files are removed, what was not read yet is not
read, and the originals stay untouched until the secrecy officer decides.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest import intake, jobs
from ingest.errors import SecretStop
from storage import batches
from storage.access import Actor
from storage.derived import DerivedStore
from storage.models.scans import Batch, OcrState, Page, Scan, ScanState, SecretState
from storage.reading import PageReading, Word
from storage.vietnamese import fold

#: part of the page, from its top, in which the mark of secrecy stands
HEADER_SHARE = 0.35
#: words further apart than this many heights do not belong together
GAP = 1.6
#: stamps the recogniser names; checked in the header only, since "mật" is a common word
_STAMPS = frozenset({"mat", "toi_mat", "tuyet_mat"})
_MARKS = {"tuyet mat": "tuyet_mat", "toi mat": "toi_mat", "mat": "mat"}


def mark_of(reading: PageReading) -> str | None:
    """The level of secrecy a page's header bears: ``mat``, ``toi_mat``, ``tuyet_mat`` or None.

    A mark stands alone on its line, or its part of one, in capitals. Diacritics are not asked for: a red stamp often
    loses them.
    """
    named = reading.extra.get("secrecy")
    if named in _STAMPS:
        return str(named)
    for block in reading.blocks:
        if block.kind == "stamp" and block.stamp in _STAMPS and block.box[1] < HEADER_SHARE:
            return block.stamp
    for run in _runs(reading):
        text = " ".join(word.text for word in run).strip(" .:-–*[]()|'\"")
        if text.isupper() and fold(text) in _MARKS:
            return _MARKS[fold(text)]
    return None


def _runs(reading: PageReading) -> Iterator[list[Word]]:
    """The header's lines, cut at wide gaps: a mark beside the motto shares a line with it."""
    run: list[Word] = []
    for word in reading.words:
        if word.box[1] >= HEADER_SHARE:
            continue
        before = run[-1] if run else None
        if before is not None and (word.line != before.line or _gap(before, word, reading) > GAP):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _gap(before: Word, word: Word, reading: PageReading) -> float:
    """White between two words, in heights of the taller one."""
    white = (word.box[0] - before.box[0] - before.box[2]) * reading.width
    return white / max(1.0, max(before.box[3], word.box[3]) * reading.height)


def halt(session: Session, actor: Actor, page: Page, mark: str, now: datetime, *, job_id: int) -> None:
    """Stop the page's whole batch, found by the job ``job_id``. Call ``remove_derived`` after the commit."""
    batch = page.scan.batch
    scans = list(session.scalars(select(Scan).where(Scan.batch_id == batch.id)))
    jobs.cancel_batch(session, batch.id, [scan.id for scan in scans], now, but=job_id)
    batches.halt_for_secrecy(session, actor, batch, mark, page.id)
    for scan in scans:
        if scan.state not in (ScanState.QUARANTINED, ScanState.FAILED):
            intake.put_aside(session, actor, scan, SecretStop(name=batch.name), now=now)


def remove_derived(derived: DerivedStore, hashes: list[str]) -> None:
    """Delete every picture and PDF made from these originals."""
    for sha256 in hashes:
        shutil.rmtree(derived.folder(sha256), ignore_errors=True)


def hashes_of(session: Session, batch_id: int) -> list[str]:
    """Originals of a batch."""
    found = session.scalars(select(Scan.sha256).where(Scan.batch_id == batch_id, Scan.sha256.is_not(None)))
    return [sha256 for sha256 in found if sha256]


def release(session: Session, actor: Actor, batch: Batch, reason: str, now: datetime) -> None:
    """The secrecy officer lets a halted batch go on: what was not read is read now."""
    batches.release(session, actor, batch, reason)
    for scan in session.scalars(select(Scan).where(Scan.batch_id == batch.id)):
        if scan.error_code == SecretStop.code:
            scan.error_code, scan.error_detail, scan.finished_at = None, {}, None
            intake.start(session, scan, now)


def note_clear(session: Session, batch: Batch) -> None:
    """Once every page's header was read and none bears a mark, the batch is clear."""
    if batch.secret_state != SecretState.UNKNOWN:
        return
    unread = select(Page.id).join(Scan).where(Scan.batch_id == batch.id, Page.header_checked.is_(False)).limit(1)
    failed = select(Page.id).join(Scan).where(Scan.batch_id == batch.id, Page.ocr_state == OcrState.FAILED).limit(1)
    if session.scalar(unread) is None and session.scalar(failed) is None:
        batch.secret_state = SecretState.CLEAR
