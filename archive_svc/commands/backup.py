"""``archive backup``: save records, originals and settings into a folder, for instance on a USB disk."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from archive_svc.backup import back_up
from archive_svc.cli_common import data_option, json_option, open_archive, print_json
from archive_svc.progress import steps
from archive_svc.speech import say


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@data_option
@json_option
@click.option("--full-check", is_flag=True, help="also read again every original that earlier backups copied")
def command(folder: Path, data: Path | None, as_json: bool, full_check: bool) -> None:
    """Save the archive into FOLDER; originals that are there already are not copied again.

    The service may go on working meanwhile.
    """
    def progress(items: Iterable[str], total: int, label: str) -> Iterator[str]:
        return steps(items, total, label, quiet=as_json)

    with open_archive(data) as archive:
        done = back_up(
            archive.settings, archive.database, archive.actor, folder.absolute(), progress, full_check=full_check
        )
    if as_json:
        print_json({"backup": done.path, "originals": done.originals, "copied": done.copied})
    else:
        say(f"Đã sao lưu vào {done.path}: {done.originals} bản gốc, trong đó {done.copied} bản mới chép lần này.",
            f"Saved in {done.path}: {done.originals} originals, {done.copied} of them copied now.")
