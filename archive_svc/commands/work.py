"""``archive work``: workers and the index writer, on this machine or another one with the same database."""

from pathlib import Path

import click

from archive_svc import parts
from archive_svc.cli_common import data_option, open_archive
from archive_svc.supervisor import Supervisor


@click.command()
@data_option
@click.option("--workers", type=int, default=None, help="reading processes [default: one per core]")
@click.option("--no-index", is_flag=True, help="leave the index to the machine that holds it")
@click.option("--owner", type=int, default=None, hidden=True, help="process with which this one ends")
def command(data: Path | None, workers: int | None, no_index: bool, owner: int | None) -> None:
    """Do the queued work: read pages, cut batches, make PDFs, keep the index."""
    with open_archive(data, workers=workers) as archive:
        settings = archive.settings
    parts.start_log(settings, "work")
    bodies = [(f"worker-{n}", parts.worker) for n in range(1, parts.reading_processes(settings) + 1)]
    if not no_index:
        bodies.append(("index", parts.index))
    Supervisor(settings, bodies, owner=owner).run()
