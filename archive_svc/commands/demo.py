"""``archive demo``: an invented case to look around in."""

from pathlib import Path

import click

from archive_svc.cli_common import data_option, json_option, open_archive, print_json
from archive_svc.demo.case import put_in


@click.command()
@data_option
@json_option
def command(data: Path | None, as_json: bool) -> None:
    """Draw an invented criminal case and drop it into the inbox; does nothing the second time."""
    with open_archive(data) as archive:
        demo = put_in(archive.database, archive.actor, archive.settings.inbox_folder)
    if as_json:
        print_json({"case": demo.case_name, "scan": demo.scan, "logins": demo.logins, "password": demo.password})
        return
    if demo.scan is None:
        click.echo(f"Hồ sơ mẫu đã có / the sample case is there already: {demo.case_name}")
    else:
        click.echo(f"Đã chép hồ sơ mẫu vào thư mục quét / sample case dropped: {demo.scan}")
    if demo.password:
        click.echo(f"  Tài khoản mẫu / sample accounts:            {', '.join(demo.logins)}")
        click.echo(f"  Mật khẩu, chỉ hiện lần này / password, once: {demo.password}")
    else:
        click.echo("  Quên mật khẩu / forgotten password: archive user passwd TÊN")
