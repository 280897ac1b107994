"""``archive export``: a whole case as a BagIt bag."""

from pathlib import Path

import click
from sqlalchemy import select

from archive_svc.cli_common import Archive, data_option, json_option, open_archive, print_json
from archive_svc.export import export_case
from archive_svc.speech import say
from config.errors import Conflict, NotFound
from storage import cases
from storage.models.cases import Case


@click.command()
@click.argument("case")
@click.argument("folder", type=click.Path(path_type=Path))
@data_option
@json_option
def command(case: str, folder: Path, data: Path | None, as_json: bool) -> None:
    """Write CASE (any of its numbers, or its name) into the new FOLDER: originals, searchable PDFs, text, records.

    Every file is listed with its hash (BagIt); what a batch stopped for secrecy holds is left out.
    """
    with open_archive(data) as archive:
        done = export_case(
            archive.settings, archive.database, archive.vault, archive.actor, _find(archive, case), folder.absolute()
        )
    if as_json:
        print_json({"path": done.path, "scans": done.scans, "documents": done.documents,
                    "without_pdf": done.without_pdf, "left_out": done.left_out})
        return
    for name in done.left_out:
        say(f"{name}: không xuất vì có trang thuộc hồ sơ khác",
            f"{name}: left out, it also holds pages of another case", err=True)
    for name, why in done.without_pdf.items():
        say(f"{name}: chưa có bản PDF có chữ: {why}", f"{name}: no searchable PDF: {why}", err=True)
    say(f"Đã xuất vào {done.path}: {done.scans} tệp quét, {done.documents} tài liệu.",
        f"Exported into {done.path}: {done.scans} files, {done.documents} documents.")


def _find(archive: Archive, wanted: str) -> int:
    with archive.database.read() as session:
        found = [case.id for case in cases.find_by_number(session, wanted)]
        found = found or list(session.scalars(select(Case.id).where(Case.name == wanted)))
    if not found:
        raise NotFound(what=f"hồ sơ {wanted}")
    if len(found) > 1:
        raise Conflict(what=f"{wanted} ({len(found)} hồ sơ)")
    return found[0]
