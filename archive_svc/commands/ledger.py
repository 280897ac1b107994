"""``archive ledger``: the registers by command."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from archive_svc.cli_common import data_option, json_option, print_json
from config.deadline_rules import load_deadline_rules
from config.errors import Invalid
from config.holidays import load_calendar
from config.settings import load_settings


@click.group()
def command() -> None:
    """Registers: books, import and export of Excel, statutory deadlines, statistics."""


@command.command()
@click.argument("deadline_id")
@click.option("--trigger", required=True, help="day of the event, 2026-03-05, or minute, 2026-03-05T10:00")
@click.option("--calendar", type=click.Path(path_type=Path, dir_okay=False), help="one more holidays file; its years win")
@click.option("--deduct-days", default=0, type=click.IntRange(0), help="custody already served (detention only)")
@click.option("--extend", default="", help="lengthening granted, such as '2 month'")
@click.option("--no-roll-over", is_flag=True, help="BLTTHS periods in days do not move off a day off")
@data_option
@json_option
def deadline(
    deadline_id: str, trigger: str, calendar: Path | None, deduct_days: int, extend: str, no_roll_over: bool,
    data: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Compute one statutory deadline and show the arithmetic. Needs no archive."""
    from config.deadline_rules import parse_period
    from ledger.deadlines.engine import Engine, Options

    office = load_settings(data).data / "config"
    engine = Engine(load_deadline_rules(office), load_calendar(office, calendar))
    try:
        lengths = parse_period(extend)
    except ValueError as error:
        raise Invalid(what="--extend", why=str(error)) from error
    options = Options(roll_days=not no_roll_over, deducted_days=deduct_days, extended_by=lengths)
    result = engine.compute(deadline_id, read_moment(trigger), options).as_json()
    if as_json:
        print_json(result)
    else:
        _print_deadline(result)


def read_moment(text: str) -> date | datetime:
    """A date or a minute as typed on the command line.

    :raises Invalid: when it is neither.
    """
    from ledger.dates import parse_moment

    value = parse_moment(text)
    if value is None:
        raise Invalid(what=text, why="không phải là ngày; viết 2026-03-05 hoặc 05/03/2026")
    return value


def _print_deadline(result: dict[str, Any]) -> None:
    click.echo(f"{result['id']}: {result['action']} ({result['bound']})")
    for step in result["steps"]:
        click.echo(f"  {step['text']}")
    click.echo(f"Hạn: {result['due']}    Căn cứ: {result['article']}    Độ chắc: {result['confidence']}")
    for remark in result["remarks"]:
        click.echo(f"  * {remark}")
