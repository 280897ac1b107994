"""``archive text``: the displayed text of a scan, page by page."""

from pathlib import Path

import click
from sqlalchemy import select

from archive_svc.cli_common import data_option, json_option, open_archive, print_json
from storage import audit
from storage.access import require_scan
from storage.corrections import displayed_reading
from storage.models.scans import Page


@click.command()
@click.argument("scan_id", type=int)
@data_option
@json_option
def command(scan_id: int, data: Path | None, as_json: bool) -> None:
    """Print the text of a scan: a person's correction where there is one, else the machine's reading."""
    with open_archive(data) as archive:
        with archive.database.write() as session:
            scan = require_scan(session, archive.actor, scan_id)
            audit.record(session, archive.actor.name, "scan.text_read", f"scan:{scan.id}")
        with archive.database.read() as session:
            found = []
            for page in session.scalars(select(Page).where(Page.scan_id == scan_id).order_by(Page.number)):
                reading = displayed_reading(session, page.id)
                found.append({
                    "number": page.number, "text": reading.text if reading else "",
                    "confidence": page.confidence, "state": str(page.ocr_state),
                })  # fmt: skip
    if as_json:
        print_json({"pages": found})
        return
    for entry in found:
        click.echo(f"--- {entry['number']} ---")
        click.echo(entry["text"])
