"""Stage *split*: a batch whose pages are all read is cut into documents, described and filed."""

from sqlalchemy.orm import Session

from config.errors import ArchiveError
from ingest import jobs, priorities, progress
from ingest.filing.batch import draft_batch, split_batch
from ingest.jobs import Claimed, NewJob
from ingest.workshop import Workshop
from storage.models.base import now
from storage.models.scans import Batch, ScanState

#: kinds of scan of which a searchable PDF is made
_WITH_PDF = frozenset({"pdf", "image"})


def run(shop: Workshop, job: Claimed) -> None:
    """Cut the batch; its scans are then done, and their searchable PDFs are made in the background."""
    assert job.batch_id is not None  # noqa: S101 - jobs of this stage are queued with a batch
    with shop.database.read() as session:
        draft = draft_batch(session, job.batch_id)
    with shop.finishing(job) as session:
        split_batch(session, job.batch_id, draft)
        session.flush()
        finished = progress.finish_scans(session, session.get_one(Batch, job.batch_id), now())
        with_pdf = (scan for scan in finished if scan.kind in _WITH_PDF)
        work = [NewJob("assemble", priorities.ASSEMBLING, scan_id=scan.id) for scan in with_pdf]
        jobs.enqueue(session, work, now())


def give_up(session: Session, job: Claimed, error: ArchiveError) -> None:
    """Pages stay readable and searchable; the scans say that no documents could be proposed."""
    batch = session.get_one(Batch, job.batch_id)
    for scan in batch.scans:
        if scan.state == ScanState.READING:
            scan.state, scan.finished_at, scan.error_code = ScanState.NEEDS_REVIEW, now(), error.code
            scan.error_detail = {**scan.error_detail, **{key: str(value) for key, value in error.detail.items()}}
