"""What commands share: the data folder option, JSON output, and opening the archive."""

import getpass
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from archive_svc import speech
from config.errors import DataFolderMissing
from config.settings import Settings, load_settings
from storage.access import Actor
from storage.database import Database
from storage.migrate import is_current, upgrade
from storage.vault import Vault

Command = TypeVar("Command", bound=Callable[..., Any])


def data_option(function: Command) -> Command:
    """``--data DIR``: the archive's data folder (else ``ARCHIVE_DATA``, else ``./data``). Its settings also say which
    language the command speaks."""
    return click.option(
        "--data", type=click.Path(path_type=Path, file_okay=False), default=None, envvar="ARCHIVE_DATA",
        help="the archive's data folder [default: ./data]", callback=_speak_as_set,
    )(function)


def _speak_as_set(_context: click.Context, _option: click.Parameter, data: Path | None) -> Path | None:
    speech.follow(data)
    return data


def json_option(function: Command) -> Command:
    """``--json``: one JSON document on stdout."""
    return click.option("--json", "as_json", is_flag=True, help="print one JSON document")(function)


@dataclass(frozen=True, slots=True)
class Archive:
    """An opened archive: its settings, database, vault, and the operator who acts."""

    settings: Settings
    database: Database
    vault: Vault
    actor: Actor


def operator() -> Actor:
    """The machine's operator, audited as ``cli:USER``."""
    return Actor.cli(getpass.getuser())


@contextmanager
def open_archive(data: Path | None, **flags: Any) -> Iterator[Archive]:
    """Open the archive in a data folder, bringing its database to this version's schema.

    :raises DataFolderMissing: the folder was never set up.
    """
    settings = load_settings(data, **flags)
    if not settings.database_url and not (settings.data / "archive.sqlite3").exists():
        raise DataFolderMissing(path=settings.data)
    with Database(settings.database) as database:
        if not is_current(database):
            upgrade(database)
        vault = Vault(settings.vault_folder, min_free_bytes=settings.min_free_mb * 2**20)
        yield Archive(settings, database, vault, operator())


def print_json(value: Any) -> None:
    """Write one JSON document to stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
