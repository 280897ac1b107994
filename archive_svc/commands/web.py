"""``archive web``: only the screens and the API."""

from pathlib import Path

import click

from archive_svc import parts
from archive_svc.cli_common import data_option, open_archive
from archive_svc.supervisor import Supervisor


@click.command()
@data_option
@click.option("--host", default=None, help="address to listen on [default: the setting]")
@click.option("--port", type=int, default=None, help="port to listen on [default: the setting]")
def command(data: Path | None, host: str | None, port: int | None) -> None:
    """Run only the web server."""
    with open_archive(data, host=host, port=port) as archive:
        settings = archive.settings
    parts.start_log(settings, "serve")
    click.echo(f"http://{settings.host}:{settings.port}/", err=True)
    Supervisor(settings, [("web", parts.web)]).run()
