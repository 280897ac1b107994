"""The searchable PDF/A of a whole scan, from its stored readings with people's corrections laid over them.

``python -m ingest.assemble_scan DATA SCAN_ID TARGET`` makes one in a process of its own.
"""

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.errors import ArchiveError
from config.settings import Settings, load_settings
from ingest.errors import AssembleImpossible
from ingest.page_images import REPAIRED
from ingest.processes import die_with_parent
from storage.corrections import displayed_reading
from storage.database import Database
from storage.derived import DerivedStore
from storage.models.scans import Page, PageCorrection, PageText, Scan
from storage.reading import PageReading
from storage.vault import Vault

VERSION = "v1"
#: how the process ends when nothing can be made of the scan, and when it failed this time
EXIT_IMPOSSIBLE, EXIT_FAILED = 4, 1
#: a half-made file older than this belongs to nobody any more
_LEFT_OVER_SECONDS = 2 * 3600


def searchable_pdf_path(session: Session, derived: DerivedStore, scan: Scan) -> Path:
    """Where the PDF of the scan as it is read now lies. The name changes with every reading and correction."""
    assert scan.sha256 is not None  # noqa: S101 - only scans with bytes are read
    state = session.execute(
        select(func.max(PageText.id), func.max(PageText.created_at), func.count(PageText.id))
        .join(Page).where(Page.scan_id == scan.id)
    ).one()  # fmt: skip
    fixed = session.execute(
        select(func.max(PageCorrection.id), func.count(PageCorrection.undone_at), func.sum(Page.rotation))
        .select_from(Page).outerjoin(PageCorrection).where(Page.scan_id == scan.id)
    ).one()  # fmt: skip
    mark = hashlib.sha256(repr((tuple(state), tuple(fixed))).encode()).hexdigest()[:12]
    return derived.path(scan.sha256, f"searchable-{mark}-{VERSION}.pdf")


def readings_of(database: Database, scan_id: int) -> Iterator[PageReading | None]:
    """One reading per page, in order, as people see it: corrections over the machine's words.

    The records are open only while these are taken; the PDF is made afterwards and takes minutes.
    """
    with database.read() as session:
        for page_id in session.scalars(select(Page.id).where(Page.scan_id == scan_id).order_by(Page.number)).all():
            yield displayed_reading(session, page_id)
            session.expunge_all()  # thousands of readings would not fit into memory


def make(settings: Settings, database: Database, scan_id: int, target: Path) -> None:
    """Write the searchable PDF of a scan to ``target``.

    :raises AssembleFailed, AssembleImpossible: it could not be made; nothing is left half written.
    """
    from ingest.assemble import assemble_pdf  # its libraries are large, and others ask this module for a path only

    derived = DerivedStore(settings.derived_folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_left_overs(target.parent)
    with database.read() as session:
        scan = session.get_one(Scan, scan_id)
        sha256, name = str(scan.sha256), scan.name
    repaired = derived.path(sha256, REPAIRED)
    source = repaired if repaired.is_file() else Vault(settings.vault_folder).path(sha256)
    assemble_pdf(
        source, readings_of(database, scan_id), target, title=name, max_megapixels=settings.max_page_megapixels
    )


def _remove_left_overs(folder: Path) -> None:
    """What killed processes left half made beside the derived files of this scan."""
    for path in (*folder.glob("assemble-*"), *folder.glob(".*")):
        if path.stat().st_mtime > time.time() - _LEFT_OVER_SECONDS:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def main() -> int:
    """Entry point of the process; the reason of a known error is one line on stderr."""
    die_with_parent(os.getppid())
    data, scan_id, target = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    settings = load_settings(data)
    try:
        with Database(settings.database) as database:
            make(settings, database, scan_id, target)
    except ArchiveError as error:
        print(error.detail.get("why", error), file=sys.stderr)
        return EXIT_IMPOSSIBLE if isinstance(error, AssembleImpossible) else EXIT_FAILED
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
