"""``archive demo``: an invented case to look around in."""

from pathlib import Path

import click

from archive_svc.cli_common import data_option, json_option, open_archive, print_json
from archive_svc.demo.case import put_in
from archive_svc.speech import say


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
        say(f"Hồ sơ mẫu đã có: {demo.case_name}", f"The sample case is there already: {demo.case_name}")
    else:
        say(f"Đã chép hồ sơ mẫu vào thư mục quét: {demo.scan}", f"Sample case dropped into the inbox: {demo.scan}")
    if demo.password:
        logins = ", ".join(demo.logins)
        say(f"  Tài khoản mẫu: {logins}", f"  Sample accounts: {logins}")
        say(f"  Mật khẩu chung (chỉ hiện lần này, hãy ghi lại): {demo.password}",
            f"  Their password (shown only now, note it): {demo.password}")
    else:
        say("  Quên mật khẩu: archive user passwd TÊN", "  Forgotten password: archive user passwd NAME")
