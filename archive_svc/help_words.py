"""Help texts of the command in Vietnamese, from ``help.vi.toml``. The English stands with the commands themselves."""

import copy
import tomllib
from functools import cache
from pathlib import Path

import click

from archive_svc import click_words

#: table of what options mean wherever they stand
EVERY = "every"
ABOUT = "about"
_HELP = "hiện trợ giúp này"


@cache
def words() -> dict[str, dict[str, str]]:
    """Texts by the command's whole name, then by ``about`` or the option's long name."""
    return tomllib.loads(Path(__file__).with_name("help.vi.toml").read_text("utf-8"))


def in_vietnamese(command: click.Command, name: str) -> click.Command:
    """A copy of a command that explains itself in Vietnamese, with all commands inside it.

    :param name: its whole name, ``archive user add``.
    """
    told = copy.copy(command)
    told.help = words()[name][ABOUT]
    told.params = [_option(one, name) if isinstance(one, click.Option) else one for one in command.params]
    told.params.append(click.Option(
        ["-h", "--help"], is_flag=True, is_eager=True, expose_value=False, callback=_show, help=_HELP,
    ))  # fmt: skip
    told.add_help_option = False
    told.context_class = click_words.SpokenContext
    if isinstance(told, click.Group):
        told.commands = {key: in_vietnamese(inner, f"{name} {key}") for key, inner in told.commands.items()}
    return told


def long_name(option: click.Option) -> str:
    """``--data`` of ``-d/--data``."""
    return max(option.opts, key=len)


def _option(option: click.Option, name: str) -> click.Option:
    told = copy.copy(option)
    key = long_name(option)
    told.help = words()[name].get(key) or words()[EVERY].get(key) or option.help
    if not option.is_flag:
        told.metavar = option.metavar or click_words.METAVARS.get(option.type.name)
    return told


def _show(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(context.get_help(), color=context.color)
        context.exit()
