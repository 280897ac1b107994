"""``archive serve``: web, watcher, workers and index writer together."""

from pathlib import Path

import click

from archive_svc import address, parts
from archive_svc.cli_common import data_option, open_archive
from archive_svc.speech import say
from archive_svc.supervisor import Supervisor


@click.command()
@data_option
@click.option("--host", default=None, help="address to listen on [default: the setting]")
@click.option("--port", type=int, default=None, help="port to listen on [default: the setting]")
@click.option("--workers", type=int, default=None, help="reading processes [default: one per core]")
def command(data: Path | None, host: str | None, port: int | None, workers: int | None) -> None:
    """Run the whole service until Ctrl-C or SIGTERM; a part that dies is started again."""
    with open_archive(data, host=host, port=port, workers=workers) as archive:
        settings = archive.settings
    settings.inbox_folder.mkdir(parents=True, exist_ok=True)
    address.check(settings)
    parts.start_log(settings, "serve")
    say("Đang khởi động …", "Starting …", err=True)
    numbered = [(f"worker-{n}", parts.worker) for n in range(1, parts.reading_processes(settings) + 1)]
    Supervisor(settings, [("web", parts.web), ("watch", parts.watch), ("index", parts.index), *numbered]).run()
