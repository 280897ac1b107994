"""``archive watch``: only the watcher of the inbox."""

from pathlib import Path

import click

from archive_svc import parts
from archive_svc.cli_common import data_option, open_archive
from archive_svc.speech import say
from archive_svc.supervisor import Supervisor


@click.command()
@data_option
def command(data: Path | None) -> None:
    """Take in what is dropped into the inbox, and nothing else."""
    with open_archive(data) as archive:
        settings = archive.settings
    parts.start_log(settings, "serve")
    say(f"Thư mục quét: {settings.inbox_folder}  –  Ctrl-C để dừng",
        f"Inbox: {settings.inbox_folder}  –  Ctrl-C stops it", err=True)
    Supervisor(settings, [("watch", parts.watch)]).run()
