"""Figures of the registers: ``python bench/ledger.py [--rows 5000]``; prints one JSON line per measurement.

Makes a book of made-up BPXLHC rows in a folder of its own, then measures what people wait for: opening the grid,
filters, recomputing deadlines, import, export, and twenty clerks entering at once. Nothing of it is kept.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

# run as a script this folder comes first on the path, and its modules would hide the packages of the same names
sys.path[0] = str(Path(__file__).resolve().parents[1])

# ruff: noqa: E402
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import func, select

from config.ledger_books import Book
from config.settings import load_settings
from ledger import assess, entries, excel_write, import_plan, importing, query, recompute, rights
from ledger.excel_read import read_workbook
from ledger.office import Office, load_office
from storage import users
from storage.access import Actor
from storage.database import Database
from storage.migrate import upgrade
from storage.models.ledger import LedgerEntry
from storage.models.people import Role
from viewer.app import create_app

OPERATOR = Actor.cli("bench")
NAMES = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Quốc Cường", "Phạm Thị Mận", "Hoàng Đức Hòa", "Vũ Minh Thúy")
PASSWORD = "mat-khau-do"
CLERKS = 20
#: the figure to reach is for 5,000 rows; a larger book is filled without Excel
MOST_IMPORTED = 5000


def row(number: int, chance: random.Random) -> dict[str, Any]:
    """One made-up row; about one in ten is late."""
    start = date(2025, 12, 1) + timedelta(days=chance.randrange(300))
    sent = start + timedelta(days=chance.choice((0, 1, 1, 2, 2, 9)))
    decided = start + timedelta(days=12)
    return {
        "ho_ten": f"{chance.choice(NAMES)} {number}",
        "so_thu_ly": f"{number}/2026/TLST-XLHC",
        "ngay_thu_ly": start,
        "toa_an": f"TAND khu vực {chance.randrange(1, 9)}",
        "ngay_gui_tb": sent,
        "ngay_nhan_tb": sent + timedelta(days=1),
        "nam_sinh": chance.randrange(1970, 2008),
        "bien_phap": "cơ sở cai nghiện bắt buộc",
        "noi_cu_tru": "xã An Dương",
        "ngay_qd_mo_ph": start + timedelta(days=4),
        "ngay_phien_hop": decided,
        "ket_qua": "áp dụng",
        "so_qd": f"{number}/2026/QĐ-TA",
        "ngay_qd": decided,
        "ngay_gui_qd": decided + timedelta(days=1),
        "ngay_nhan_qd": decided + timedelta(days=2),
        "ksv": chance.choice(NAMES),
        "ghi_chu": "ghi chú của dòng này",
    }


def workbook(path: Path, book: Any, rows: int) -> None:
    """The rows as an office's own workbook."""
    chance = random.Random(3)
    sheet = Workbook(write_only=True)
    page = sheet.create_sheet("sổ")
    first = row(1, chance)
    page.append(["STT", *(book.by_id[name].name for name in first)])
    for number in range(1, rows + 1):
        page.append([number, *row(number, chance).values()])
    sheet.save(path)


def fill(database: Database, office: Any, book: Any, first: int, last: int) -> None:
    """The rows an import does not bring in: a province's book of many years grows by entering, not by one file."""
    chance, today = random.Random(4), entries.office_today()
    with database.write() as session:
        staff = entries.load_staff(session)
        for number in range(first + 1, last + 1):
            data = entries.clean_fields(book, row(number, chance), today)
            made = LedgerEntry(
                book=book.id, period="2025-12-01", number=number, number_text=str(number), is_imported=True, data=data
            )
            entries.refresh(book, office.engine, made, staff, today)
            session.add(made)


def measure(name: str, act: Callable[[], Any], times: int = 1, *, unit: str = "ms") -> Any:
    """Run, print the median, give the last result back."""
    taken, worked, result = [], [], None
    for _ in range(times):
        began, cpu = time.perf_counter(), time.process_time()
        result = act()
        taken.append(time.perf_counter() - began)
        worked.append(time.process_time() - cpu)
    scale = 1000 if unit == "ms" else 1
    wall, own = statistics.median(taken) * scale, statistics.median(worked) * scale
    # on a busy machine the wall clock says more of the neighbours than of us
    print(
        json.dumps({"what": name, "value": round(wall, 2), "cpu": round(own, 2), "unit": unit, "times": times}),
        flush=True,
    )
    return result


def web(database: Database, application: Flask, token: str) -> None:
    """What the browser waits for, through the whole application."""
    client, headers = application.test_client(), {"Authorization": f"Bearer {token}"}

    def ask(path: str) -> Callable[[], None]:
        def act() -> None:
            answer = client.get(path, headers=headers)
            if answer.status_code != 200:
                sys.exit(f"{path}: {answer.status_code}")

        return act

    ask("/so/bpxlhc")()
    measure("open the grid", ask("/so/bpxlhc"), 7)
    measure("filter by words", ask("/so/bpxlhc/cac-dong?q=man+khu+vuc+3&count=1"), 7)
    by_column = '[{"field":"toa_an","operation":"contains","value":"khu vực 3"}]'
    measure("filter by a column", ask(f"/so/bpxlhc/cac-dong?count=1&filters={by_column}"), 7)
    measure("filter late", ask("/so/bpxlhc/cac-dong?state=late&count=1"), 7)
    measure("sort by name", ask("/so/bpxlhc/cac-dong?sort=ho_ten&count=1"), 7)


def clerks_at_once(database: Database, application: Flask, token: str, each: int) -> None:
    """Twenty clerks enter rows at once through the application; every number must be given once, no row lost."""
    taken: list[float] = []
    numbers: list[str] = []
    before = rows_kept(database)
    headers = {"Authorization": f"Bearer {token}"}

    def clerk(seed: int) -> None:
        chance, client = random.Random(seed), application.test_client()
        for _ in range(each):
            time.sleep(chance.uniform(0.2, 0.6))  # a clerk types; a real one longer than that
            made = row(chance.randrange(10**6, 10**7), chance)
            values = {k: f"{v:%d/%m/%Y}" if isinstance(v, date) else v for k, v in made.items() if k != "so_thu_ly"}
            began = time.perf_counter()
            answer = client.post("/so/bpxlhc/dan", json={"rows": [{"changes": values}]}, headers=headers)
            taken.append(time.perf_counter() - began)
            numbers.extend(r["d"]["stt"] for r in answer.get_json().get("rows", []))

    threads = [threading.Thread(target=clerk, args=(i,)) for i in range(CLERKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    middle, p95 = (statistics.quantiles(taken, n=20)[i] * 1000 for i in (9, 18))
    fair = len(set(numbers)) == len(numbers) == CLERKS * each == rows_kept(database) - before
    print(
        json.dumps(
            {
                "what": "20 clerks p95",
                "value": round(p95, 1),
                "median": round(middle, 1),
                "unit": "ms",
                "rows": len(numbers),
                "numbers_ok": fair,
            }
        )
    )
    if not fair:
        sys.exit("a number was given twice or a row was lost")


def rows_kept(database: Database) -> int:
    """Rows of the measured book."""
    with database.read() as session:
        return session.scalar(select(func.count(LedgerEntry.id)).where(LedgerEntry.book == "bpxlhc")) or 0


def log_in(database: Database) -> str:
    """A token of somebody who may do everything in a book."""
    with database.write() as session:
        leader = users.create_user(
            session,
            OPERATOR.name,
            login="lanh-dao",
            name="Lãnh Đạo",
            role=Role.LEADER,
            password=PASSWORD,
            must_change_password=False,
        )
        return users.create_token(session, OPERATOR.name, leader, "bench")


def reckon_and_export(database: Database, office: Office, book: Book, target: Path) -> None:
    """Measure the deadlines of all entries in memory, of one, and the workbook of all."""
    today = entries.office_today()
    with database.read() as session:
        access = rights.book_access(session, OPERATOR, book)
        rows = query.all_rows(session, book, access, query.Query())
        session.expunge_all()

    def reckon() -> None:
        for entry in rows:
            assess.assess(book, office.engine, entry.data, today)

    def export() -> None:
        excel_write.write_book(target, book, office.engine, rows, office="VKS", today=today)

    measure("compute all deadlines", reckon, unit="s")
    measure("compute one entry", lambda: assess.assess(book, office.engine, rows[0].data, today), 50)
    measure(f"export {len(rows)} rows", export, unit="s")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--each", type=int, default=10, help="rows each clerk enters")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(Path(folder), environment={}, min_free_mb=1)
        with Database(settings.database) as database:
            upgrade(database)
            office = load_office(settings)
            book, today = office.book("bpxlhc"), entries.office_today()
            file = Path(folder) / "so.xlsx"
            imported = min(arguments.rows, MOST_IMPORTED)
            workbook(file, book, imported)

            def bring_in() -> importing.Outcome:
                grids = read_workbook(file)
                with database.read() as session:
                    plan = import_plan.make_plan(session, OPERATOR, book, grids, name=file.name)
                with database.write() as session:
                    return importing.carry_out(session, OPERATOR, book, office.engine, plan, file_name=file.name)

            outcome = measure(f"import {imported} rows", bring_in, unit="s")
            if outcome.created != imported:
                sys.exit(f"only {outcome.created} rows came in: {outcome.refused[:3]}")

            fill(database, office, book, imported, arguments.rows)

            def compute() -> int:
                with database.write() as session:
                    return recompute.recompute(session, office, book, today)

            measure("recompute all deadlines, stored", compute, unit="s")
            reckon_and_export(database, office, book, Path(folder) / "ra.xlsx")
            application, token = create_app(settings, database), log_in(database)
            web(database, application, token)
            clerks_at_once(database, application, token, arguments.each)


if __name__ == "__main__":
    main()
