"""``archive web``: only the screens and the API."""

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
def command(data: Path | None, host: str | None, port: int | None) -> None:
    """Run only the web server."""
    with open_archive(data, host=host, port=port) as archive:
        settings = archive.settings
    address.check(settings)
    parts.start_log(settings, "serve")
    say("Đang khởi động …", "Starting …", err=True)
    Supervisor(settings, [("web", parts.web)]).run()
