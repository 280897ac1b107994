"""*In giao ban tuần*: one A4 page per person or for the office: what falls due, what is past its day, what was
found."""

import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from config.print_fonts import BOLD, fonts
from config.print_fonts import REGULAR as FONT
from ledger.due import Item, Summary

MOST_ROWS = 22


def page(summary: Summary, *, office: str, who: str, today: date, found: Sequence[tuple[str, str]] = ()) -> bytes:
    """The A4 page as PDF.

    :param found: findings of the last week as (row, sentence).
    :raises NoPrintFont: the machine has no usable font.
    """
    fonts()
    title = ParagraphStyle("title", fontName=BOLD, fontSize=15, leading=19, alignment=TA_CENTER)
    small = ParagraphStyle("small", fontName=FONT, fontSize=9, leading=11)
    head = ParagraphStyle("head", fontName=BOLD, fontSize=11.5, leading=15, spaceBefore=7, spaceAfter=3)
    monday = today - timedelta(days=today.weekday())
    story: list[Any] = [
        Paragraph(_safe(office.upper()), ParagraphStyle("office", fontName=BOLD, fontSize=10)),
        Spacer(1, 0.25 * cm),
        Paragraph("BẢNG VIỆC GIAO BAN TUẦN", title),
        Paragraph(
            _safe(f"{who} – tuần từ {monday:%d/%m/%Y} đến {monday + timedelta(days=6):%d/%m/%Y}"),
            ParagraphStyle("who", fontName=FONT, fontSize=11, alignment=TA_CENTER, spaceAfter=6),
        ),
    ]
    for name, items in (
        ("Đã qua hạn", summary.overdue),
        ("Đến hạn hôm nay", summary.today),
        ("Đến hạn trong tuần", summary.week),
    ):
        story += [Paragraph(f"{name}: {len(items)}", head)]
        if items:
            story.append(_table(items, small))
        if len(items) > MOST_ROWS:
            story.append(Paragraph(f"… và {len(items) - MOST_ROWS} việc nữa, xem trong sổ.", small))
    if found:
        story.append(Paragraph(f"Dấu hiệu vi phạm mới trong tuần: {len(found)}", head))
        story += [Paragraph(_safe(f"• {row}: {text}"), small) for row, text in found[:MOST_ROWS]]
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=1.8 * cm,
        rightMargin=1.5 * cm,
        topMargin=1.4 * cm,
        bottomMargin=1.4 * cm,
        title="Giao ban tuần",
        author=office,
    )
    document.build(story)
    return out.getvalue()


def _table(items: Sequence[Item], style: ParagraphStyle) -> Table:
    rows: list[list[Any]] = [["Hạn", "Sổ, số", "Vụ việc", "Việc phải làm", "Của"]]
    for item in items[:MOST_ROWS]:
        rows.append(
            [
                f"{item.due:%d/%m}",
                Paragraph(_safe(f"{item.book_name} {item.number}"), style),
                Paragraph(_safe(item.title[:90]), style),
                Paragraph(_safe(item.finding.about[:110]), style),
                "mình" if item.own else item.finding.bound,
            ]
        )
    table = Table(rows, colWidths=[1.3 * cm, 2.7 * cm, 5.2 * cm, 6.8 * cm, 1.6 * cm], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, 0), BOLD, 9),
                ("FONT", (0, 1), (-1, -1), FONT, 9),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#E7ECF2")),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table


def _safe(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
