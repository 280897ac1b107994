"""``archive ledger``: the registers by command."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from archive_svc.cli_common import data_option, json_option, open_archive, print_json
from archive_svc.speech import Said, language, say
from config.deadline_rules import DeadlineRules, load_deadline_rules, parse_period
from config.errors import EXIT_REFUSED, Invalid, Words
from config.holidays import load_calendar
from config.settings import load_settings
from ledger.deadlines.grading import NAMES, State

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def command() -> None:
    """Registers: books, import and export of Excel, statutory deadlines, statistics."""


def read_moment(text: str) -> date | datetime:
    """A date or a minute as typed on the command line.

    :raises Invalid: when it is neither.
    """
    from ledger.dates import parse_moment

    value = parse_moment(text)
    if value is None:
        raise Invalid(what=text, why=Words("không phải là ngày; viết 2026-03-05 hoặc 05/03/2026",
                                           "not a date; write 2026-03-05 or 05/03/2026"))
    return value


def read_day(text: str) -> date:
    """A date as typed on the command line.

    :raises Invalid: when it is none.
    """
    value = read_moment(text)
    return value.date() if isinstance(value, datetime) else value


@command.command()
@click.argument("deadline_id", required=False)
@click.option("--trigger", default="", help="day of the event, 2026-03-05, or minute, 2026-03-05T10:00")
@click.option("--calendar", type=FILE, help="one more holidays file; its years win")
@click.option("--deduct-days", default=0, type=click.IntRange(0), help="custody already served (detention only)")
@click.option("--extend", default="", help="lengthening granted, such as '2 month'")
@click.option("--no-roll-over", is_flag=True, help="BLTTHS periods in days do not move off a day off")
@data_option
@json_option
def deadline(
    deadline_id: str | None,
    trigger: str,
    calendar: Path | None,
    deduct_days: int,
    extend: str,
    no_roll_over: bool,
    data: Path | None,
    as_json: bool,
) -> None:
    """Compute one statutory deadline and show the arithmetic; without an id, list them all. Needs no archive."""
    from ledger.deadlines.engine import Engine, Options

    settings = load_settings(data)
    office = settings.data / "config"
    rules = load_deadline_rules(office)
    if deadline_id is None:
        _list_deadlines(rules, as_json)
        return
    engine = Engine(rules, load_calendar(office, calendar))
    try:
        lengths = parse_period(extend)
    except ValueError as error:
        raise Invalid(what="--extend", why=str(error)) from error
    rolls = settings.criminal_days_roll and not no_roll_over
    options = Options(roll_days=rolls, deducted_days=deduct_days, extended_by=lengths)
    if not trigger:
        raise click.UsageError(str(Said("thiếu --trigger: ngày xảy ra sự việc",
                                        "--trigger is missing: the day of the event")))
    result = engine.compute(deadline_id, read_moment(trigger), options).as_json()
    if as_json:
        print_json(result)
        return
    click.echo(f"{result['id']}: {result['action']} ({result['bound']})")
    for step in result["steps"]:
        click.echo(f"  {step['text']}")
    due, article, confidence = result["due"], result["article"], result["confidence"]
    say(f"Hạn: {due}    Căn cứ: {article}    Độ chắc: {confidence}",
        f"Due: {due}    Law: {article}    Confidence: {confidence}")
    for remark in result["remarks"]:
        click.echo(f"  * {remark}")


def _list_deadlines(rules: DeadlineRules, as_json: bool) -> None:
    rows = [
        {
            "id": rule.id,
            "trigger": rule.trigger,
            "action": rule.action,
            "period": " + ".join(x.in_words() for x in rule.period),
            "before": rule.before,
            "counting": rule.counting,
            "bound": rule.bound,
            "article": rule.basis,
            "confidence": rule.confidence,
            "core": rule.core,
            "valid_from": rule.valid_from,
            "valid_to": rule.valid_to,
        }
        for rule in rules.by_id.values()
    ]
    if as_json:
        print_json({"deadlines": rows})
        return
    for row in rows:
        click.echo(f"{row['id']:24} {row['trigger']} → {row['action']}: {row['period']} ({row['article']})")


@command.command()
@data_option
@json_option
def books(data: Path | None, as_json: bool) -> None:
    """List the books this kind of office keeps, with the number of entries of each."""
    from sqlalchemy import func, select

    from ledger.office import load_office
    from storage.models.ledger import LedgerEntry

    with open_archive(data) as archive, archive.database.read() as session:
        office = load_office(archive.settings)
        counted = select(LedgerEntry.book, func.count()).group_by(LedgerEntry.book)
        counts = {k: v for k, v in session.execute(counted)}  # noqa: C416 - rows are typed as tuples only when unpacked
        listed = [_book_json(book, counts.get(book.id, 0)) for book in office.kept()]
        problem = office.problem.message(language()) if office.problem else None
    if as_json:
        print_json({"books": listed, "problem": problem})
        return
    for row in listed:
        version = Said(f"bản {row['version']}", f"version {row['version']}")
        click.echo(f"{row['id']:14} {row['entries']:>7}  {row['name']} ({version})")
    if problem:
        click.echo(problem, err=True)


def _book_json(book: Any, entries: int) -> dict[str, Any]:
    return {
        "id": book.id,
        "name": book.name,
        "name_en": book.name_en,
        "version": book.version,
        "entries": entries,
        "restart": f"{book.restart[0]:02}/{book.restart[1]:02}",
        "fields": [
            {"id": f.id, "name": f.name, "type": f.type, "required": f.required, "choices": list(f.choices)}
            for f in book.fields
        ],
        "checks": [{"id": c.id, "deadline": c.deadline, "about": c.about} for c in book.checks],
    }


@command.command(name="import")
@click.argument("book")
@click.argument("file", type=FILE)
@click.option("--map", "map_file", type=FILE, help='TOML: [columns] field = "heading or letter"')
@click.option("--preview", is_flag=True, help="say what would happen, write nothing")
@click.option("--strict", is_flag=True, help="take nothing when any row is refused")
@data_option
@json_option
def import_(
    book: str, file: Path, map_file: Path | None, preview: bool, strict: bool, data: Path | None, as_json: bool
) -> None:
    """Bring in an office's own Excel workbook. The same file again changes only what differs."""
    from ledger import import_plan, importing
    from ledger.excel_read import read_workbook
    from ledger.office import load_office

    mapping = import_plan.read_map(map_file) if map_file else None
    with open_archive(data) as archive:
        office = load_office(archive.settings)
        chosen = office.book(book)
        grids = read_workbook(file)
        # the plan is made while others go on writing; what changed meanwhile is refused when it is carried out
        with archive.database.read() as session:
            plan = import_plan.make_plan(session, archive.actor, chosen, grids, name=file.name, mapping=mapping)
        if preview or (strict and plan.refused):
            outcome = importing.Outcome(
                0, 0, plan.count("same"), plan.refused, plan.skipped, plan.remarks, plan.unmapped
            )
        else:
            with archive.database.write() as session:
                outcome = importing.carry_out(session, archive.actor, chosen, office.engine, plan, file_name=file.name)
        columns = {name: " › ".join(plan.table.headings[c]) for name, c in plan.mapping.items()}
        planned = {"would_import": plan.count("new"), "would_update": plan.count("change")} if preview else {}
    result = {**outcome.as_json(), **planned, "sheet": plan.table.sheet, "columns": columns}
    if as_json:
        print_json(result)
    else:
        say(f"nhập mới {outcome.created} dòng, cập nhật {outcome.changed}, không đổi {outcome.same}",
            f"imported {outcome.created}, updated {outcome.changed}, unchanged {outcome.same}")
        for refusal in outcome.refused:
            say(f"  dòng {refusal.row}, {refusal.column}: {refusal.reason}",
                f"  row {refusal.row}, {refusal.column}: {refusal.reason}", err=True)
        for remark in outcome.remarks:
            click.echo(f"  * {remark}", err=True)
    if outcome.refused:
        sys.exit(EXIT_REFUSED)


@command.command()
@click.argument("book")
@click.argument("file", type=FILE)
@click.option("--period", default="", help="first day of a numbering year, 2025-12-01; default: all")
@click.option("--with-papers", is_flag=True, help="FILE is a folder: the workbook, the papers by case, hashes")
@data_option
@json_option
def export(book: str, file: Path, period: str, with_papers: bool, data: Path | None, as_json: bool) -> None:
    """Write a book to Excel as the office prints it; with --with-papers, a folder for a USB stick."""
    from ledger import bundle, excel_write, query, rights
    from ledger.entries import office_today
    from ledger.office import load_office
    from storage import audit

    with open_archive(data) as archive, archive.database.write() as session:
        office = load_office(archive.settings)
        chosen = office.book(book)
        access = rights.book_access(session, archive.actor, chosen)
        rows = query.all_rows(session, chosen, access, query.Query(period=period))
        if with_papers:
            made = bundle.write_bundle(session, archive.actor, archive.settings, office, chosen, rows, file)
            result: dict[str, Any] = {
                "rows": len(rows),
                "folder": str(file),
                "papers": made.papers,
                "missing": made.missing,
            }
        else:
            base = bundle.base_address(archive.settings)
            excel_write.write_book(
                file,
                chosen,
                office.engine,
                rows,
                office=office.name,
                today=office_today(),
                links=bundle.web_links(session, chosen, base),
            )
            result = {"rows": len(rows), "file": str(file)}
        audit.record(session, archive.actor.name, "ledger.exported", f"ledger:{chosen.id}", result)
    print_json(result) if as_json else say(f"{result['rows']} dòng", f"{result['rows']} rows")


@command.command()
@click.argument("book")
@click.option("--on", "on_day", default="", help="the day to look from; default today")
@data_option
@json_option
def check(book: str, on_day: str, data: Path | None, as_json: bool) -> None:
    """Check every entry's deadlines and print the findings."""
    from ledger import assess, query, rights
    from ledger.entries import office_today
    from ledger.office import load_office

    today = read_day(on_day) if on_day else office_today()
    found: list[dict[str, Any]] = []
    with open_archive(data) as archive, archive.database.read() as session:
        office = load_office(archive.settings)
        chosen = office.book(book)
        access = rights.book_access(session, archive.actor, chosen)
        for entry in query.all_rows(session, chosen, access, query.Query(struck=False)):
            findings = [f.as_json() for f in assess.assess(chosen, office.engine, entry.data, today)]
            found.append({"id": entry.id, "number": entry.number_text, "findings": findings})
    if as_json:
        print_json({"book": book, "on": today.isoformat(), "entries": found})
        return
    for row in found:
        for finding in row["findings"]:
            if finding["state"] != "on_time":
                click.echo(
                    f"{row['number']:>6}  {_state(finding['state'])}  {finding['about']}: "
                    f"{finding['trigger_date']} → {finding['due']}, {finding['actual'] or '–'}  {finding['article']}"
                )


@command.command()
@click.argument("book")
@click.option("--from", "first", default="", help="first day; default: start of the book's year")
@click.option("--to", "last", default="", help="last day; default: end of the book's year")
@data_option
@json_option
def stats(book: str, first: str, last: str, data: Path | None, as_json: bool) -> None:
    """Count entries by state and kind."""
    from ledger import rights, statistics
    from ledger.entries import office_today
    from ledger.office import load_office

    with open_archive(data) as archive, archive.database.read() as session:
        office = load_office(archive.settings)
        chosen = office.book(book)
        today = office_today()
        start, end = statistics.statistical_year(chosen, today)
        access = rights.book_access(session, archive.actor, chosen)
        result = statistics.count(
            session,
            chosen,
            office.engine,
            access,
            read_day(first) if first else start,
            read_day(last) if last else end,
            today,
        ).as_json()
    if as_json:
        print_json(result)
        return
    click.echo(" · ".join(f"{_TOTALS[key]}: {count}" for key, count in result["totals"].items()))
    click.echo(" · ".join(f"{_state(key)}: {count}" for key, count in result["states"].items()))
    names = {stat.id: stat.name for stat in chosen.stats}
    for stat, lines in result["kinds"].items():
        for value, line in lines.items():
            click.echo(f"{names[stat]}: {value}: {line['total']}")


_TOTALS = {
    "carried": Said("kỳ trước chuyển sang", "carried over"), "new": Said("mới trong kỳ", "new"),
    "solved": Said("đã giải quyết", "solved"), "left": Said("còn lại", "left"),
    "struck": Said("đã gạch bỏ (không tính)", "struck out (not counted)"),
}  # fmt: skip


def _state(code: str) -> Said:
    """The state of a deadline in words."""
    return Said(NAMES[State(code)], code.replace("_", " "))
