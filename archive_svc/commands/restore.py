"""``archive restore``: make a new archive out of a backup."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from archive_svc.backup import restore
from archive_svc.cli_common import data_option, json_option, operator, print_json
from archive_svc.progress import steps
from archive_svc.speech import say
from config.settings import load_settings


@click.command()
@click.argument("backup", type=click.Path(path_type=Path, exists=True, file_okay=False))
@data_option
@json_option
def command(backup: Path, data: Path | None, as_json: bool) -> None:
    """Lay BACKUP (or the newest one in that folder) down in an empty data folder, every byte checked.

    The index and the pictures of pages are made again by the service; everybody logs in anew.
    """
    def progress(items: Iterable[str], total: int, label: str) -> Iterator[str]:
        return steps(items, total, label, quiet=as_json)

    settings = load_settings(data)
    done = restore(backup.absolute(), settings.data, operator(), progress)
    if as_json:
        print_json({"backup": done.path, "data": settings.data, "originals": done.originals})
    else:
        say(f"Đã khôi phục {done.originals} bản gốc và toàn bộ dữ liệu từ {done.path} vào {settings.data}.",
            f"Restored {done.originals} originals and all records from {done.path} into {settings.data}.")
        say(f"Tiếp theo: archive verify --data {settings.data}, rồi chạy dịch vụ; phần tìm kiếm được tự lập lại.",
            f"Next: archive verify --data {settings.data}, then start the service; it builds the index again.")
