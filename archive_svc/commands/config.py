"""``archive config``: the settings in force and where each came from."""

from pathlib import Path

import click
from sqlalchemy.engine import make_url

from archive_svc.cli_common import data_option, json_option, print_json
from archive_svc.speech import Said, language
from config.settings import HELP, KEYS, Settings, load_settings

_ORIGINS = {
    "default": Said("mặc định", "default"), "environment": Said("biến môi trường", "environment"),
    "flag": Said("lệnh chạy", "flag"),
}  # fmt: skip


@click.group()
def command() -> None:
    """Settings."""


@command.command()
@data_option
@json_option
def show(data: Path | None, as_json: bool) -> None:
    """Every setting with its value, where that came from, and what it means."""
    settings = load_settings(data)
    means = HELP[language()]
    rows = [
        {"key": key, "value": _shown(settings, key), "origin": settings.origins[key], "help": means[key]}
        for key in KEYS
    ]
    if as_json:
        print_json({"settings": rows})
        return
    for row in rows:
        origin = _ORIGINS.get(str(row["origin"]), row["origin"])
        click.echo(f"{row['key']:<22} = {row['value']!s:<28} [{origin}]  {row['help']}")


def _shown(settings: Settings, key: str) -> object:
    """The value as it may be printed: never a password inside a database address."""
    value = getattr(settings, key)
    if key == "database_url" and value:
        return make_url(value).render_as_string(hide_password=True)
    if isinstance(value, Path):
        return "" if value == Path() else str(value)
    return value
