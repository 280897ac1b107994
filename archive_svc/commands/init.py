"""``archive init``: make the data folder, the database and the first administrator; does nothing the second time."""

from pathlib import Path

import click

from archive_svc.cli_common import data_option, json_option, print_json
from archive_svc.setup import ADMINISTRATOR, set_up


@click.command()
@data_option
@json_option
@click.option("--admin", default=ADMINISTRATOR, show_default=True, help="log-in name of the first administrator")
def command(data: Path | None, as_json: bool, admin: str) -> None:
    """Make the data folder, the database and the first administrator."""
    first = set_up(data, admin)
    if as_json:
        print_json({"data": first.settings.data, "inbox": first.settings.inbox_folder,
                    "administrator": first.login if first.password else None, "password": first.password})
    elif first.password:
        click.echo(f"Đã tạo kho lưu trữ / archive made: {first.settings.data}")
        click.echo(f"  Tài khoản quản trị / administrator:         {first.login}")
        click.echo(f"  Mật khẩu, chỉ hiện lần này / password, once: {first.password}")
