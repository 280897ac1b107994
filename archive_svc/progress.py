"""Showing long work: a bar where somebody watches, one line per tenth where output goes to a file."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import track

from archive_svc.speech import Said

Item = TypeVar("Item")


_WHAT = {
    "originals": Said("bản gốc", "originals"),
    "pictures": Said("hình đã khóa cho phiên tòa", "pictures"),
    "sources": Said("tệp nguồn", "sources"),
}


def steps(items: Iterable[Item], total: int, label: str, *, quiet: bool) -> Iterator[Item]:
    """Hand the items through, showing on stderr how far it is. ``quiet`` shows nothing.

    :param label: what they are: ``originals``, ``pictures`` or ``sources``.
    """
    if quiet or total == 0:
        yield from items
        return
    what = str(_WHAT[label])
    if sys.stderr.isatty():
        yield from track(items, what, total, console=Console(stderr=True))
        return
    told = 0
    for done, item in enumerate(items, 1):
        yield item
        tenths = done * 10 // total
        if tenths > told:
            told = tenths
            click.echo(f"{what}: {done}/{total}", err=True)
