"""The language the command speaks: Vietnamese, unless the setting ``language`` or ``archive --language en`` says else.

Every line a person reads is a ``Said``: both languages beside each other where they are used, as in ``ArchiveError``.
What programs read (``--json``) has keys and codes that never change, and its sentences follow the language too.
"""

from dataclasses import dataclass
from pathlib import Path

import click

from config.errors import SettingError
from config.settings import load_settings

VIETNAMESE, ENGLISH = "vi", "en"
LANGUAGES = (VIETNAMESE, ENGLISH)
_FLAG, _SETTING = "archive.language.flag", "archive.language.setting"


@dataclass(frozen=True, slots=True)
class Said:
    """One line in both languages."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.told(language())

    def told(self, wanted: str) -> str:
        """The line in a language."""
        return self.vi if wanted == VIETNAMESE else self.en


def language(context: click.Context | None = None) -> str:
    """The language of the command that runs now, or of the one a context is of."""
    context = context or click.get_current_context(silent=True)
    if context is None:
        return VIETNAMESE
    chosen = context.meta.get(_FLAG) or context.meta.get(_SETTING)
    return str(chosen or _setting(None))


def choose(context: click.Context, _option: click.Parameter, wanted: str | None) -> None:
    """What ``archive --language`` said; None where it said nothing."""
    context.meta[_FLAG] = wanted


def follow(data: Path | None) -> None:
    """Speak as the settings of a data folder say."""
    click.get_current_context().meta[_SETTING] = _setting(data)


def _setting(data: Path | None) -> str:
    try:
        return load_settings(data).language
    except SettingError:  # the command itself meets it too and says so
        return VIETNAMESE


def say(vi: str, en: str, *, err: bool = False) -> None:
    """Print a line."""
    click.echo(str(Said(vi, en)), err=err)
