"""``archive clear``: free the disk of sources whose originals are proven whole."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from archive_svc.clearing import clear_sources
from archive_svc.cli_common import data_option, json_option, open_archive, print_json
from archive_svc.progress import steps
from archive_svc.speech import Said, say

DAY = 86_400.0


@click.command()
@click.option("--days", default=30.0, show_default=True, help="only sources taken in longer ago than this")
@click.option("--yes", is_flag=True, help="do not ask")
@data_option
@json_option
def command(days: float, yes: bool, data: Path | None, as_json: bool) -> None:
    """Delete sources moved out of the inbox whose originals, read again now, are whole; recorded in the audit chain.

    Originals themselves are never deleted. What cannot be proven is kept and named.
    """
    def progress(items: Iterable[Path], total: int, label: str) -> Iterator[Path]:
        return steps(items, total, label, quiet=as_json)

    with open_archive(data) as archive:
        folder = archive.settings.taken_in_folder
        if not yes:
            question = Said(
                f"Xóa các tệp nguồn đã nhận quá {days:g} ngày trong {folder}? (y = xóa)",
                f"Delete sources older than {days:g} days in {folder}?",
            )
            click.confirm(str(question), abort=True, err=True)
        done = clear_sources(
            folder, archive.database, archive.vault, archive.actor, progress, before=time.time() - days * DAY
        )
    if as_json:
        print_json({"files": done.files, "bytes": done.bytes, "kept": done.kept})
        return
    for path in done.kept:
        say(f"Giữ lại vì chưa thấy bản gốc nguyên vẹn trong kho: {path}",
            f"kept, no whole original stands for it: {path}", err=True)
    say(f"Đã xóa {done.files} tệp nguồn, {done.bytes / 2**30:.2f} GiB. Bản gốc trong kho không bị xóa.",
        f"Deleted {done.files} sources, {done.bytes / 2**30:.2f} GiB. No original was deleted.")
