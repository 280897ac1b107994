"""The ``archive`` command: a group that loads each command's module only when it is called, so that it starts fast."""

import importlib
import pkgutil
import sys

import click

from archive_svc import commands
from config.errors import ArchiveError


class LazyGroup(click.Group):
    """Commands are modules of ``archive_svc.commands``, each with a ``command``; ``ocr_preview`` → ``ocr-preview``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(m.name.replace("_", "-") for m in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"archive_svc.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="archive-svc")
def group() -> None:
    """Digitise, search and present case files."""


def cli() -> None:
    """Entry point: a known error is one line on stderr and its own exit code, an unknown one a traceback."""
    try:
        group.main(standalone_mode=True)
    except ArchiveError as error:
        click.echo(error.message("en"), err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    cli()
