"""``archive court-folder``: a locked presentation onto a USB stick, without a browser."""

import sys
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_svc.cli_common import Archive, data_option, json_option, open_archive, print_json
from archive_svc.speech import Said, say
from config.errors import Conflict, NotFound
from storage import audit
from storage.models.presentation import Presentation


@click.command()
@click.argument("presentation")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--password-stdin", is_flag=True, help="encrypt it with a password read from standard input")
@data_option
@json_option
def command(presentation: str, folder: Path, password_stdin: bool, data: Path | None, as_json: bool) -> None:
    """Write the locked PRESENTATION (its number, as in its address, or its name) into the new FOLDER.

    The same folder that the page "Bản in, USB" gives; MO-BAI-TRINH-CHIEU.html in it opens in any browser.
    """
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    if password_stdin and not password:
        raise click.UsageError(str(Said("chưa nhận được mật khẩu từ đầu vào", "no password came from standard input")))
    with open_archive(data) as archive:
        number, lock = _write(archive, presentation, folder.absolute(), password)
    if as_json:
        print_json({"presentation": number, "path": folder.absolute(), "protected": bool(password), "lock": lock})
    else:
        say(f"Đã chép vào {folder.absolute()}. Mã khóa: {lock[:16]}",
            f"Written into {folder.absolute()}. Its code (mã khóa): {lock[:16]}")


def _write(archive: Archive, wanted: str, folder: Path, password: str | None) -> tuple[int, str]:
    from viewer import court_export
    from viewer.app import create_app
    from viewer.blueprints.court import PresentationOpen

    # the two pages of the folder are templates, which need the web application around them
    with create_app(archive.settings, archive.database).test_request_context(), archive.database.read() as session:
        presentation = _find(session, wanted)
        if presentation.lock_hash is None:
            raise PresentationOpen(what=presentation.name)
        number, lock = presentation.id, presentation.lock_hash
        court_export.as_folder(session, archive.settings, presentation, password, folder)
    detail = {"what": "court-folder", "protected": bool(password), "lock": lock}
    with archive.database.write() as session:
        audit.record(session, archive.actor.name, "presentation.exported", f"presentation:{number}", detail)
    return number, lock


def _find(session: Session, wanted: str) -> Presentation:
    named = Presentation.id == int(wanted) if wanted.isdecimal() else Presentation.name == wanted
    found = list(session.scalars(select(Presentation).where(named)))
    if not found:
        raise NotFound(what=f"bài trình chiếu {wanted}")
    if len(found) > 1:
        raise Conflict(what=f"{wanted} ({len(found)} bài trình chiếu)")
    return found[0]
