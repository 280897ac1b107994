"""``archive ledger`` as the office runs it: registers in strange styles come in, every planted violation is found."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from archive_svc.commands.ledger import command
from config.settings import Settings
from ledger.dates import split_day
from storage.database import Database
from tests import ledger_styles

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(settings: Settings, database: Database) -> Run:
    """Run a command and read its JSON."""

    def invoke(*arguments: str) -> tuple[int, Any]:
        records = {"ARCHIVE_DATABASE_URL": settings.database_url}
        done = CliRunner(env=records).invoke(command, [*arguments, "--data", str(settings.data), "--json"])
        return done.exit_code, json.loads(done.stdout) if done.stdout else done.exception

    return invoke


@pytest.mark.parametrize(
    ("book", "make"),
    [
        ("bpxlhc", ledger_styles.handling_measures),
        ("dan_su", ledger_styles.civil_cases),
        ("nguon_tin", ledger_styles.sources_on_crimes),
    ],
)
def test_strange_registers_come_in_and_only_the_planted_violations_are_found(
    run: Run, tmp_path: Path, book: str, make: Callable[[Path], ledger_styles.Register]
) -> None:
    register = make(tmp_path / "so.xlsx")
    code, imported = run("import", book, str(register.path))
    assert (code, imported["imported"]) == (1 if register.refused else 0, register.rows)
    assert {r["row"] for r in imported["refused"]} == register.refused
    assert all(set(r) == {"row", "column", "reason"} for r in imported["refused"])
    _, checked = run("check", book, "--on", "2026-11-22")
    found = {
        (entry["number"], finding["deadline"], finding["state"])
        for entry in checked["entries"]
        for finding in entry["findings"]
        if finding["state"] in ("late", "to_verify")
    }
    assert found == register.planted
    _, again = run("import", book, str(register.path))
    assert (again["imported"], again["updated"], again["unchanged"]) == (0, 0, register.rows)


def test_every_answer_has_the_shape_that_was_agreed(run: Run, tmp_path: Path) -> None:
    register = ledger_styles.sources_on_crimes(tmp_path / "so.xlsx")
    run("import", "nguon_tin", str(register.path))
    _, books = run("books")
    assert {b["id"]: b["entries"] for b in books["books"]}["nguon_tin"] == 18
    _, checked = run("check", "nguon_tin", "--on", "2026-03-20")
    wanted = {"deadline", "article", "trigger_date", "due", "actual", "state"}
    states = {f["state"] for e in checked["entries"] for f in e["findings"] if wanted <= set(f)}
    assert {"on_time", "late"} <= states
    assert all(wanted <= set(f) and {"id", "number"} <= set(e) for e in checked["entries"] for f in e["findings"])
    _, counted = run("stats", "nguon_tin", "--from", "2026-01-01", "--to", "2026-12-31")
    assert counted["states"]["late"] == 5
    out = tmp_path / "ra.xlsx"
    assert run("export", "nguon_tin", str(out))[1]["rows"] == 18
    assert run("import", "nguon_tin", str(out))[1]["unchanged"] == 18
    assert str(run("import", "khong_co", str(out))[1]) != ""


def test_a_map_is_enough_where_no_heading_says_anything(run: Run, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["BẢNG KÊ"])
    sheet.append(["A1", "B1", "C1", "D1"])
    sheet.append([1, "Lê Văn Mận", date(2026, 3, 5), date(2026, 3, 12)])
    book.save(tmp_path / "a.xlsx")
    file = tmp_path / "map.toml"
    file.write_text('[columns]\nstt = "A"\nho_ten = "B1"\nngay_thu_ly = "C1"\nngay_gui_tb = "D"\n', "utf-8")
    assert run("import", "bpxlhc", str(tmp_path / "a.xlsx"))[0] == 1
    assert run("import", "bpxlhc", str(tmp_path / "a.xlsx"), "--map", str(file))[1]["imported"] == 1
    [entry] = run("check", "bpxlhc", "--on", "2026-11-22")[1]["entries"]
    assert [(f["due"], f["actual"], f["state"]) for f in entry["findings"] if f["check"] == "tb_thu_ly"] == [
        ("2026-03-09", "2026-03-12", "late")
    ]


def test_headings_repeated_on_every_printed_page_are_no_rows(run: Run, tmp_path: Path) -> None:
    register = ledger_styles.sources_on_crimes(tmp_path / "so.xlsx")
    book = load_workbook(register.path)
    sheet = book.worksheets[1]
    for column in range(1, 13):
        sheet.cell(25, column, sheet.cell(3, column).value)
    book.save(register.path)
    _, imported = run("import", "nguon_tin", str(register.path))
    assert {r["row"] for r in imported["refused"]} == register.refused


@pytest.mark.parametrize(
    ("cell", "number", "day"),
    [
        ("12/2026/TLST-XLHC ngày 05/01/2026", "12/2026/TLST-XLHC", "05/01/2026"),
        ("12/TB-TA,\n05-01-26", "12/TB-TA", "05-01-26"),
        ("Số: 45/QĐ-TA (ngày 05 tháng 3 năm 2026)", "45/QĐ-TA", "05 tháng 3 năm 2026"),
        ("05/03/2026 - 45/QĐ-TA", "45/QĐ-TA", "05/03/2026"),
        ("12/2026/TLST-XLHC", "12/2026/TLST-XLHC", ""),
        ("31/02/2026", "", "31/02/2026"),
    ],
)
def test_a_number_and_its_day_in_one_cell(cell: str, number: str, day: str) -> None:
    assert split_day(cell) == (number, day)
