"""``archive retry``: try again what failed or was put aside; read anew what an older reader read."""

from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_svc.cli_common import data_option, json_option, open_archive, print_json
from archive_svc.speech import Said, say
from config.errors import NotFound
from ingest import again
from ingest.recognise.options import ReadOptions
from ingest.recognise.version import tool
from storage.models.base import now
from storage.models.scans import Scan


@click.command()
@click.argument("scan_ids", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="every scan that failed or has unread pages")
@click.option("--old-readings", type=click.IntRange(1), default=None, metavar="PAGES",
              help="read so many pages anew that an older reader or model read, least sure first")
@data_option
@json_option
def command(
    scan_ids: tuple[int, ...], everything: bool, old_readings: int | None, data: Path | None, as_json: bool
) -> None:
    """Try failed scans and unread pages again, by the numbers `archive status` shows.

    Pages read anew keep their words until the new reading is there, and a person's corrections for ever.
    """
    if old_readings is not None:
        _read_anew(old_readings, data, as_json)
        return
    if not scan_ids and not everything:
        raise click.UsageError(str(Said(
            "hãy ghi số của tệp quét, hoặc --all, hoặc --old-readings", "name scans, or give --all or --old-readings"
        )))  # fmt: skip
    with open_archive(data) as archive, archive.database.write() as session:
        chosen = again.candidates(session) if everything else [_scan(session, number) for number in scan_ids]
        done = {scan.id: again.retry(session, archive.actor, scan, now()) for scan in chosen}
    if as_json:
        print_json({"retried": [{"scan": scan_id, "jobs": count} for scan_id, count in done.items()]})
        return
    for scan_id, count in done.items():
        say(f"Tệp quét {scan_id}: {count} việc sẽ làm lại" if count else f"Tệp quét {scan_id}: không có gì để làm lại",
            f"{scan_id}: {count} to do again" if count else f"{scan_id}: nothing to do again")


def _read_anew(limit: int, data: Path | None, as_json: bool) -> None:
    with open_archive(data) as archive, archive.database.write() as session:
        options = ReadOptions.from_settings(archive.settings)
        count = again.read_anew(session, archive.actor, tool(options.tessdata, options.language), limit, now())
    if as_json:
        print_json({"read_anew": count})
    elif count:
        say(f"Sẽ đọc lại {count} trang; chữ cũ giữ nguyên cho đến khi đọc xong.", f"{count} pages to read anew")
    else:
        say("Mọi trang đều đã được đọc bằng bộ nhận dạng hiện nay.", "every page was read by the present reader")


def _scan(session: Session, number: int) -> Scan:
    scan = session.scalar(select(Scan).where(Scan.id == number))
    if scan is None:
        raise NotFound(what=f"tệp quét {number}")
    return scan
