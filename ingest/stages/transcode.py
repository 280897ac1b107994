"""Stage *transcode*: the copy of a recording that browsers can play, made when a person asks for it."""

from sqlalchemy.orm import Session

from config.errors import ArchiveError
from ingest import playable
from ingest.jobs import Claimed
from ingest.workshop import Workshop, original_of
from storage.models.scans import Scan

#: key in ``Scan.error_detail`` under which the reason is kept when no copy can be made
PROBLEM = "playable"


def run(shop: Workshop, job: Claimed) -> None:
    """Make the copy unless it is there."""
    with shop.database.read() as session:
        original = original_of(session.get_one(Scan, job.scan_id))
    target = shop.derived.path(original.sha256, playable.NAME)
    if not target.is_file():
        playable.make_playable(shop.vault.path(original.sha256), target, name=original.name)
    with shop.finishing(job) as session:
        scan = session.get_one(Scan, job.scan_id)
        scan.error_detail = {key: value for key, value in scan.error_detail.items() if key != PROBLEM}


def give_up(session: Session, job: Claimed, error: ArchiveError) -> None:
    """The recording is kept; its page says plainly that it cannot be played, and why."""
    scan = session.get_one(Scan, job.scan_id)
    scan.error_detail = {**scan.error_detail, PROBLEM: error.message("vi")}
