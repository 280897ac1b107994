"""The ``archive`` command: a group that loads each command's module only when it is called, so that it starts fast."""

import importlib
import pkgutil
from typing import IO, Any

import click

from archive_svc import commands, speech
from archive_svc.click_words import SpokenContext, in_our_words
from archive_svc.help_words import in_vietnamese
from config.errors import ArchiveError


class LazyGroup(click.Group):
    """Commands are modules of ``archive_svc.commands``, each with a ``command``; ``ocr_preview`` → ``ocr-preview``."""

    context_class = SpokenContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(m.name.replace("_", "-") for m in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"archive_svc.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return in_vietnamese(command, f"archive {cmd_name}") if speech.language() == speech.VIETNAMESE else command

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        told = self
        if speech.language() == speech.VIETNAMESE:
            told = in_vietnamese(self, "archive")  # type: ignore[assignment]  # a copy is of the same class
        super(LazyGroup, told).format_help(ctx, formatter)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise in_our_words(error) from error

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ArchiveError as error:
            raise _Told(error) from error
        except click.UsageError as error:
            raise in_our_words(error) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="archive-svc", message="%(prog)s %(version)s")
@click.option("--language", type=click.Choice(speech.LANGUAGES), default=None, is_eager=True, expose_value=False,
              callback=speech.choose, help="language of what is printed [default: the setting `language`]")
def group() -> None:
    """Digitise, search and present case files."""


class _Told(click.ClickException):
    """A known error: one line on stderr, and its own exit code."""

    def __init__(self, error: ArchiveError) -> None:
        super().__init__(error.message(speech.language()))
        self.exit_code = error.exit_code  # type: ignore[misc]  # click reads it from the instance

    def show(self, file: IO[str] | None = None) -> None:
        click.echo(self.message, file=file, err=True)


def cli() -> None:
    """Entry point."""
    group.main(standalone_mode=True)


if __name__ == "__main__":
    cli()
