"""``archive init``: make the data folder, the database and the first administrator; does nothing the second time."""

from pathlib import Path

import click

from archive_svc.cli_common import data_option, json_option, print_json
from archive_svc.setup import ADMINISTRATOR, set_up
from archive_svc.speech import say


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
        say(f"Đã tạo kho lưu trữ: {first.settings.data}", f"Archive made: {first.settings.data}")
        say(f"  Tên đăng nhập quản trị: {first.login}", f"  Administrator's log-in name: {first.login}")
        say(f"  Mật khẩu (chỉ hiện lần này, hãy ghi lại): {first.password}",
            f"  Password (shown only now, note it): {first.password}")
