"""``archive doctor``: what is missing, too old or misconfigured here, and the command that mends it."""

from collections.abc import Iterator
from pathlib import Path

import click

from archive_svc.cli_common import data_option, json_option, print_json
from archive_svc.doctor import data as data_checks
from archive_svc.doctor import network, tools
from archive_svc.doctor.finding import Finding, State, bad
from archive_svc.speech import Said, language
from config.errors import EXIT_UNABLE, SettingError
from config.settings import Settings, load_settings

_MARKS = {State.OK: Said("     tốt", "  ok "), State.WARN: Said(" nên xem", " warn"),
          State.BAD: Said("    HỎNG", "  BAD")}
_COLOURS = {State.OK: "green", State.WARN: "yellow", State.BAD: "red"}


@click.command()
@data_option
@json_option
def command(data: Path | None, as_json: bool) -> None:
    """Look the machine, the settings and the data folder over. Exit code 3 when the archive cannot run."""
    findings = [finding.told(language()) for finding in examine(data)]
    unable = any(finding.state == State.BAD for finding in findings)
    if as_json:
        print_json({"able": not unable, "findings": [
            {"name": f.name, "state": str(f.state), "text": f.text, "mend": f.mend} for f in findings
        ]})
    else:
        for finding in findings:
            mark = click.style(str(_MARKS[finding.state]), fg=_COLOURS[finding.state])
            click.echo(f"{mark}  {finding.label}: {finding.text}")
            if finding.mend:
                click.echo(f"            → {finding.mend}")
    if unable:
        raise SystemExit(EXIT_UNABLE)


def examine(data: Path | None) -> Iterator[Finding]:
    """Every check, in the order in which one would mend them. Changes nothing but a probe file it removes again."""
    yield from tools.check_python()
    yield from tools.check_programs()
    yield from tools.check_fonts()
    yield from tools.check_assets()
    try:
        settings = load_settings(data)
    except SettingError as error:
        yield bad("settings", Said(error.message("vi"), error.message("en")), Said(
            "sửa tệp đã nêu, hoặc bỏ dòng đó", "correct the file named, or remove the line",
        ))  # fmt: skip
        return
    yield from _examine_settings(settings)


def _examine_settings(settings: Settings) -> Iterator[Finding]:
    yield from tools.check_models(settings)
    yield from data_checks.check_folders(settings)
    yield from data_checks.check_disks(settings)
    yield from data_checks.check_database(settings)
    yield from network.check_web(settings)
    yield from network.check_share(settings)
