"""Stage *assemble*: the searchable PDF/A of a scan, made when nothing more urgent is to be done.

It runs in a process of its own: the libraries are large, and the worker that asks for it must stay small.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy.orm import Session

from config.errors import ArchiveError
from ingest.assemble_scan import EXIT_IMPOSSIBLE, searchable_pdf_path
from ingest.errors import AssembleFailed, AssembleImpossible
from ingest.jobs import Claimed
from ingest.workshop import Stopping, Workshop, original_of
from storage import room
from storage.models.scans import Scan

_SECONDS = 3600
_LOOK_SECONDS = 0.2
#: copies of the scan while its PDF is made: set upright, as PDF/A, and the drawn text between
_COPIES = 4
_SPARE_BYTES = 8 * 2**20


def run(shop: Workshop, job: Claimed) -> None:
    """Make the PDF unless it is there already."""
    with shop.database.read() as session:
        scan = session.get_one(Scan, job.scan_id)
        target = searchable_pdf_path(session, shop.derived, scan)
        name = original_of(scan).name
        size = scan.size
    if not target.is_file():
        _require_room(target, size)
        _in_own_process(shop, scan_id=job.scan_id or 0, name=name, target=target)
    with shop.finishing(job):
        pass


def _require_room(target: Path, size: int) -> None:
    """A few copies of the scan lie on the disk while its PDF is made; the tools do not say so when they do not fit.

    :raises DiskFull: the job waits until there is room.
    """
    if room.free_bytes(target.parent) < _COPIES * size + _SPARE_BYTES:
        raise room.disk_full(target.parent)


def give_up(session: Session, job: Claimed, error: ArchiveError) -> None:
    """The PDF is made again when somebody asks for it; the job's row keeps the reason."""


def _in_own_process(shop: Workshop, *, scan_id: int, name: str, target: Path) -> None:
    """Run the assembling process to its end, unless the worker is to stop or it takes too long.

    :raises Stopping: the worker is to end; the half-made file was never given its name.
    """
    command = [sys.executable, "-m", "ingest.assemble_scan", str(shop.settings.data), str(scan_id), str(target)]
    # the same records as the worker's, wherever its settings came from
    environment = {**os.environ, "ARCHIVE_DATABASE_URL": shop.settings.database_url}
    end = time.monotonic() + _SECONDS
    with (
        tempfile.TemporaryFile() as messages,
        subprocess.Popen(command, stdout=messages, stderr=messages, env=environment) as process,
    ):
        while process.poll() is None:
            if shop.stop.wait(_LOOK_SECONDS) or time.monotonic() > end:
                process.kill()
        if shop.stop.is_set() and process.returncode:
            raise Stopping
        if process.returncode:
            messages.seek(0)
            said = messages.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
            kind = AssembleImpossible if process.returncode == EXIT_IMPOSSIBLE else AssembleFailed
            raise kind(name=name, why=said[-1] if said else f"exit {process.returncode}")
