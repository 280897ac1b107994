"""Showing long work: a bar where somebody watches, one line per tenth where output goes to a file."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import track

Item = TypeVar("Item")


def steps(items: Iterable[Item], total: int, label: str, *, quiet: bool) -> Iterator[Item]:
    """Hand the items through, showing on stderr how far it is. ``quiet`` shows nothing."""
    if quiet or total == 0:
        yield from items
        return
    if sys.stderr.isatty():
        yield from track(items, label, total, console=Console(stderr=True))
        return
    told = 0
    for done, item in enumerate(items, 1):
        yield item
        tenths = done * 10 // total
        if tenths > told:
            told = tenths
            click.echo(f"{label}: {done} of {total}", err=True)
