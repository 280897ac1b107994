"""Papers drafted from a book as Word files, from the office's own template or our editable example.

A template is a .docx in ``DATA/config/templates`` with named slots in double braces; where the office has none, the
example is made on the spot. A draft has no number and no signature: both are given later, by people.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import ArchiveError, Invalid
from config.ledger_books import Book, Form
from config.settings import Settings
from ledger import example_templates
from ledger.findings import Found
from ledger.values import show_date
from storage import audit
from storage.access import Actor
from storage.models.base import now
from storage.models.ledger import LedgerEntry, LedgerVerdict

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class TemplateWrong(ArchiveError):
    """The office's Word template has a mistake."""

    code = "LEDGER-TEMPLATE"
    vi = "Mẫu Word {file} có chỗ sai: {why}. Chưa soạn gì; sổ không đổi. Hãy sửa mẫu, hoặc xóa để dùng mẫu có sẵn."
    en = "The Word template {file} has a mistake: {why}. Nothing was drafted. Mend or remove it."
    status = 422


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted Word file."""

    name: str
    content: bytes
    rows: int


def form_of(book: Book, form_id: str) -> Form:
    """A form of the book.

    :raises Invalid: it has none of that name.
    """
    form = next((f for f in book.forms if f.id == form_id), None)
    if form is None:
        raise Invalid(what=f"mẫu {form_id}", why=f"không có trong {book.short_name}")
    return form


def template_bytes(settings: Settings, form: Form) -> bytes:
    """The office's template, else the example."""
    own = settings.data / "config" / "templates" / Path(form.template).name
    return own.read_bytes() if own.is_file() else example_templates.make(form.id)


def fill(settings: Settings, form: Form, context: dict[str, Any]) -> bytes:
    """Fill a template's slots. Templates run in a sandbox: they can print values and do nothing else.

    :raises TemplateWrong: an unknown slot, a broken loop, or no Word file at all.
    """
    try:
        template = DocxTemplate(io.BytesIO(template_bytes(settings, form)))
        template.render(context, jinja_env=SandboxedEnvironment(autoescape=True), autoescape=True)
    except (TemplateError, ValueError, KeyError, OSError) as error:
        raise TemplateWrong(file=form.template, why=str(error)) from error
    except Exception as error:
        raise TemplateWrong(file=form.template, why=f"không mở được ({type(error).__name__})") from error
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def kien_nghi(
    session: Session,
    actor: Actor,
    settings: Settings,
    book: Book,
    found: Sequence[Found],
    *,
    agency: str,
    first: date | None,
    last: date | None,
    today: date,
) -> Draft:
    """Draft a kiến nghị from findings a person agreed to, grouped by violation, each with its article and counts.

    :raises Invalid: none was agreed to.
    """
    agreed = [f for f in found if f.agreed]
    if not agreed:
        raise Invalid(what="kiến nghị", why="chưa có vi phạm nào được anh/chị đồng ý")
    context = {
        **_office(settings, today),
        "co_quan_nhan": agency or _only_agency(agreed),
        "linh_vuc": book.work or book.short_name,
        "ten_so": book.name,
        "tu_ngay": _day(first or min(_date(f) for f in agreed)),
        "den_ngay": _day(last or max(_date(f) for f in agreed)),
        "tong_so": len(agreed),
        "nhom": _groups(agreed),
    }
    content = fill(settings, form_of(book, "kien_nghi"), context)
    ids = [(f.entry.id, f.finding.check) for f in agreed]
    for verdict in session.scalars(select(LedgerVerdict).where(LedgerVerdict.entry_id.in_([i for i, _ in ids]))):
        if (verdict.entry_id, verdict.check_id) in ids:
            verdict.drafted_at = now()
    audit.record(
        session,
        actor.name,
        "ledger.drafted",
        f"ledger:{book.id}",
        {"form": "kien_nghi", "agency": agency, "entries": sorted({i for i, _ in ids})},
    )
    return Draft(f"du-thao-kien-nghi-{book.id}-{today:%Y%m%d}.docx", content, len(agreed))


def phan_cong(
    session: Session,
    actor: Actor,
    settings: Settings,
    book: Book,
    entries: Sequence[LedgerEntry],
    *,
    person: str,
    today: date,
) -> Draft:
    """Draft the assignment decision of a person for one row or, at a handover, several."""
    rows = [
        {
            "stt": i,
            "so": e.number_text,
            "so_thu_ly": _number(book, e),
            "noi_dung": _title(book, e),
            "co_quan": str(e.data.get(book.agency) or ""),
        }
        for i, e in enumerate(entries, 1)
    ]
    context = {
        **_office(settings, today),
        "nguoi_duoc_phan_cong": person,
        "linh_vuc": book.name,
        "dong": rows,
        "tong_so": len(rows),
    }
    content = fill(settings, form_of(book, "phan_cong"), context)
    audit.record(
        session,
        actor.name,
        "ledger.drafted",
        f"ledger:{book.id}",
        {"form": "phan_cong", "person": person, "entries": [e.id for e in entries]},
    )
    return Draft(f"du-thao-phan-cong-{book.id}-{today:%Y%m%d}.docx", content, len(rows))


def _office(settings: Settings, today: date) -> dict[str, Any]:
    return {
        "don_vi": settings.office_name.upper(),
        "don_vi_thuong": settings.office_name,
        "dia_danh": settings.office_place or "…………",
        "ngay": f"{today.day:02}",
        "thang": f"{today.month:02}" if today.month < 3 else str(today.month),
        "nam": today.year,
        "la_vks": settings.office_kind == "vks",
    }


def _only_agency(found: Sequence[Found]) -> str:
    names = {f.finding.agency for f in found if f.finding.agency}
    return next(iter(names)) if len(names) == 1 else "……………………"


def _groups(found: Sequence[Found]) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], list[Found]] = {}
    for item in found:
        groups.setdefault((item.finding.about, item.finding.article), []).append(item)
    listed = []
    for (about, article), items in groups.items():
        rows = [
            {
                "stt": i,
                "so": f.entry.number_text,
                "vu_viec": f.title,
                "so_thu_ly": str(f.entry.data.get("so_thu_ly") or ""),
                "bat_dau": _iso(f.finding.trigger_date),
                "han": _iso(f.finding.due),
                "thuc_hien": _iso(f.finding.actual),
                "cham": f.finding.days_late or "",
                "ghi_chu": f.note,
            }
            for i, f in enumerate(items, 1)
        ]
        listed.append({"noi_dung": about, "can_cu": article, "so_luong": len(rows), "dong": rows})
    return sorted(listed, key=lambda g: -int(str(g["so_luong"])))


def _iso(text: str | None) -> str:
    return show_date(text) if text else ""


def _date(found: Found) -> date:
    text = found.finding.actual or found.finding.due or found.finding.trigger_date or "1900-01-01"
    return date.fromisoformat(text[:10])


def _day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def _number(book: Book, entry: LedgerEntry) -> str:
    return next((str(entry.data[f.id]) for f in book.data_fields if f.scan == "number" and entry.data.get(f.id)), "")


def _title(book: Book, entry: LedgerEntry) -> str:
    return " – ".join(str(entry.data[f]) for f in book.title_fields if entry.data.get(f))
