"""Draws the papers of ``bench/drawn_cases``: the layouts in which offices print them, on the demo's sheet of paper."""

import datetime
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import ImageFont

from archive_svc.demo.drawing import BOTTOM, DPI, HEIGHT, INK, LEFT, RIGHT, TOP, WIDTH, Face
from archive_svc.demo.drawing import Sheet as PlainSheet
from bench.made_bundles import broken_lines

FONT_FOLDERS = tuple(Path("/usr/share/fonts/truetype") / name for name in ("liberation2", "liberation", "dejavu"))
STYLES = {"Regular": ("-Regular", ""), "Bold": ("-Bold",), "Italic": ("-Italic", "-Oblique", ""),
          "BoldItalic": ("-BoldItalic", "-BoldOblique", "-Bold")}  # fmt: skip
MOTTO, SMALL_MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
MIDDLE, RED, BLUE = (LEFT + RIGHT) / 2, (196, 44, 48), (52, 68, 168)


@dataclass
class Paper:
    """One paper as its case file tells it. ``length`` is in pages; ``head`` names one of the case's letterheads."""

    type: str
    layout: str
    title: list[str] = field(default_factory=list)
    head: str = ""
    number: str | None = None
    #: what stands before the number
    number_label: str = "Số:"
    #: printed under the title instead of the head
    number_below: str = ""
    date: str | None = None
    #: a sentence with the date that opens the text
    date_inside: str = ""
    place_date: bool = True
    place_date_above: bool = False
    place_date_below: bool = False
    about: str = ""
    to: str = ""
    body: list[str] = field(default_factory=list)
    style: str = "text"
    office: str = ""
    heading: str = "QUYẾT ĐỊNH:"
    form: str = ""
    length: float = 0.6
    signer: list[str] = field(default_factory=list)
    second_signer: str = ""
    recipients: list[str] = field(default_factory=list)
    pictures: int = 2
    drawing: bool = False

    @property
    def true_number(self) -> str | None:
        """The number a reader is asked for: one of an office's series, with its sign; not that of a receipt."""
        return self.number if self.number and "/" in self.number else None


@dataclass
class Desk:
    """Where a bundle's papers are written: the case's people, places and sentences, and one source of chance."""

    rng: random.Random
    case: dict[str, Any]

    def text(self) -> str:
        """A paragraph of two to five sentences."""
        return " ".join(self.rng.choice(self.case["sentences"]) for _ in range(self.rng.randint(2, 5)))

    def place_date(self, date: str) -> str:
        day = datetime.date.fromisoformat(date)
        shown = f"{day.day:02d}" if self.rng.random() < 0.7 else str(day.day)
        month = f"{day.month:02d}" if day.month < 3 or self.rng.random() < 0.3 else str(day.month)
        return f"{self.case['place']}, ngày {shown} tháng {month} năm {day.year}"


def face_of(family: str) -> Face:
    """Letters of a font family at the size of the drawn page. Raises FileNotFoundError when it is not installed."""

    def face(points: float, style: str = "Regular") -> ImageFont.FreeTypeFont:
        for folder in FONT_FOLDERS:
            for suffix in STYLES[style]:
                if (path := folder / f"{family}{suffix}.ttf").is_file():
                    return ImageFont.truetype(path, round(points * DPI / 72))
        raise FileNotFoundError(f"{family} {style}")

    return face


class Sheet(PlainSheet):
    """A page of a bundle with its ways of carrying a bút lục number."""

    def but_luc(self, number: str, how: str = "box", rng: random.Random | None = None) -> None:
        """Stamped in a frame, printed bare, or written by hand at a slant."""
        rng = rng or random.Random(0)
        x, y = WIDTH - rng.randint(200, 260), rng.randint(36, 90)
        if how == "box":
            super().but_luc(number)
        elif how == "printed":
            self.pen.text((x, y), f"BL {number}" if rng.random() < 0.5 else number, BLUE, self.face(15, "Bold"))
        else:
            self.pen.text((x, y), number, rng.choice([RED, BLUE, INK]), face_of("DejaVuSans")(19, "Italic"))



class Flow:
    """Sheets being filled one after another with running text, numbered from the second page on."""

    def __init__(self, face: Face, rng: random.Random) -> None:
        self.face, self.rng = face, rng
        self.points = rng.choice([12, 13, 13, 13.5, 14])
        self.numbered = rng.random() < 0.75
        self.sheets = [Sheet(face)]

    @property
    def sheet(self) -> Sheet:
        return self.sheets[-1]

    def new_page(self) -> None:
        self.sheets.append(Sheet(self.face))
        if self.numbered:
            self.sheet.y = 90
            self.sheet.centred(str(len(self.sheets)), MIDDLE, 12)
        self.sheet.y = TOP + 30

    def say(self, text: str, indent: float = 70.0) -> None:
        """A paragraph, going on over pages."""
        left = self.sheet.paragraph(text, self.points, indent)
        while left:
            self.new_page()
            left = self.sheet.paragraph(left, self.points, 0.0)

    def heading(self, text: str) -> None:
        if self.sheet.y > BOTTOM - 160:
            self.new_page()
        self.sheet.paragraph("*" + text, self.points)

    def fill(self, desk: Desk, length: float, question: bool = False) -> None:
        """Text until ``length`` pages are full."""
        while len(self.sheets) - 1 + (self.sheet.y - TOP) / (BOTTOM - TOP) < length:
            if question:
                self.say("Hỏi: " + self.rng.choice(desk.case["sentences"]).rstrip(".") + "?")
                self.say("Đáp: " + desk.text())
            else:
                self.say(desk.text())


def draw_paper(desk: Desk, paper: Paper, family: str) -> list[Sheet]:
    """The sheets of one paper."""
    flow = Flow(face_of(family), desk.rng)
    layouts: dict[str, Callable[[Desk, Paper, Flow], None]] = {
        "agency": _agency, "letter": _agency, "national": _national, "judgment": _judgment, "card": _card,
        "photos": _photos, "plan": _plan, "slip": _slip,
    }  # fmt: skip
    layouts[paper.layout](desk, paper, flow)
    return flow.sheets


def _letterhead(desk: Desk, paper: Paper, sheet: Sheet) -> None:
    """Agency on the left, motto and date on the right; sometimes without the motto, as inner papers have it."""
    sheet.y = TOP + desk.rng.randint(-30, 20)
    top, x = sheet.y, LEFT + desk.rng.randint(220, 270)
    upper, own = desk.case["heads"][paper.head]
    sheet.centred(upper, x, 10.5)
    sheet.centred(own, x, 10.5, "Bold", underline=0.4)
    if paper.number and paper.layout != "slip" and not paper.number_below:
        sheet.centred(f"{paper.number_label} {paper.number}", x, 12.5)
    if paper.layout == "letter":
        sheet.centred("\n".join(broken_lines(paper.about, 34)), x, 11)
    bottom, sheet.y = sheet.y, top
    if paper.form:
        sheet.y -= 46
        sheet.centred(paper.form, LEFT + 1060, 7.5, "Italic")
        sheet.y = top
    motto_x = LEFT + 880.0
    sheet.centred(MOTTO, motto_x, 11, "Bold")
    sheet.centred(SMALL_MOTTO, motto_x, 12, "Bold", underline=0.9)
    if paper.date and paper.place_date:
        sheet.centred(desk.place_date(paper.date), motto_x, 12.5, "Italic")
    sheet.y = max(sheet.y, bottom) + 40


def _title(desk: Desk, paper: Paper, sheet: Sheet) -> None:
    for place, line in enumerate(paper.title):
        points, style = (15, "Bold") if place == 0 else (13.5, "Italic" if line.startswith("(") else "Bold")
        for part in broken_lines(line, 52):
            sheet.centred(part, MIDDLE + desk.rng.randint(-10, 40), points, style)
    sheet.y += 20
    if paper.number_below:
        sheet.centred(f"Số: {paper.number_below}", MIDDLE, 12.5)
    if paper.to:
        for part in broken_lines(f"Kính gửi: {paper.to}", 60):
            sheet.centred(part, MIDDLE, 13.5)
        sheet.y += 20


def _agency(desk: Desk, paper: Paper, flow: Flow) -> None:
    _letterhead(desk, paper, flow.sheet)
    _title(desk, paper, flow.sheet)
    _text(desk, paper, flow)


def _national(desk: Desk, paper: Paper, flow: Flow) -> None:
    sheet = flow.sheet
    sheet.centred(MOTTO, MIDDLE, 13, "Bold")
    sheet.centred(SMALL_MOTTO, MIDDLE, 13, "Bold", underline=0.9)
    sheet.y += 30
    if paper.place_date_above and paper.date:
        sheet.centred(desk.place_date(paper.date), RIGHT - 330, 12.5, "Italic")
        sheet.y += 20
    _title(desk, paper, sheet)
    _text(desk, paper, flow)


def _judgment(desk: Desk, paper: Paper, flow: Flow) -> None:
    sheet, x = flow.sheet, LEFT + 250
    upper, own = desk.case["heads"][paper.head]
    top = sheet.y
    sheet.centred(f"{upper}\n{own}", x, 11.5, "Bold", underline=0.3)
    day = datetime.date.fromisoformat(paper.date or "2020-01-01")
    shown = desk.rng.choice([f"{day:%d-%m-%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%d/%m/%Y}"])
    sheet.centred(f"Bản án số: {paper.number}\nNgày: {shown}", x, 12)
    sheet.centred("\n".join(broken_lines(paper.about, 36)), x, 11, "Italic")
    bottom, sheet.y = sheet.y, top
    sheet.centred(MOTTO, LEFT + 900.0, 10.5, "Bold")
    sheet.centred(SMALL_MOTTO, LEFT + 900.0, 11.5, "Bold", underline=0.9)
    sheet.y = bottom + 50
    for line in ("NHÂN DANH", "NƯỚC CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", upper.replace("\n", " ")):
        sheet.centred(line, MIDDLE, 13.5, "Bold")
    sheet.y += 20
    names = desk.case["people"]
    flow.say("- Thành phần Hội đồng xét xử sơ thẩm gồm có:", 0)
    flow.say(f"Thẩm phán - Chủ tọa phiên tòa: Ông {names[2]}")
    flow.say(f"Thư ký phiên tòa: Bà {names[3]}, Thư ký Tòa án.")
    flow.heading("NỘI DUNG VỤ ÁN:")
    flow.fill(desk, paper.length * 0.45)
    flow.heading("NHẬN ĐỊNH CỦA TÒA ÁN:")
    flow.fill(desk, paper.length * 0.8)
    flow.heading("QUYẾT ĐỊNH:")
    flow.fill(desk, paper.length)
    _close(desk, paper, flow)


def _text(desk: Desk, paper: Paper, flow: Flow) -> None:
    if paper.date_inside:
        names = desk.case["people"]
        flow.say(f"{paper.date_inside}, chúng tôi gồm có:" if len(paper.date_inside) > 30 else paper.date_inside + ".")
        flow.say(f"1. Ông {names[2]} - Chức vụ: cán bộ")
        flow.say(f"2. Ông (bà): {names[0]}, trú tại {desk.case['place']}")
    if paper.style == "decision":
        flow.heading(paper.office)
        flow.say("Căn cứ các điều luật có liên quan và hồ sơ vụ việc;")
        flow.say("Xét thấy cần thiết cho việc giải quyết theo thẩm quyền,")
        flow.say(desk.text())
        flow.heading(paper.heading)
        flow.say("Điều 1. " + desk.text())
        flow.fill(desk, paper.length)
        flow.say("Điều 2. Những người có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./.")
    else:
        for line in paper.body:
            flow.say(line)
        flow.fill(desk, paper.length, question=paper.style == "questions")
    if paper.drawing:
        _outline(flow.sheet, desk.rng, 500)
    if paper.place_date_below and paper.date:
        if flow.sheet.y > BOTTOM - 420:
            flow.new_page()
        flow.sheet.y += 20
        flow.sheet.centred(desk.place_date(paper.date), RIGHT - 330, 12.5, "Italic")
    _close(desk, paper, flow)


def _close(desk: Desk, paper: Paper, flow: Flow) -> None:
    """Recipients on the left, who signs on the right, with a seal where an office signs."""
    if flow.sheet.y > BOTTOM - 400:
        flow.new_page()
    sheet = flow.sheet
    sheet.y += 30
    top = sheet.y
    if paper.recipients:
        sheet.pen.text((LEFT, top), "Nơi nhận:", INK, sheet.face(11.5, "BoldItalic"))
        for place, line in enumerate(paper.recipients):
            sheet.pen.text((LEFT, top + 46 + 38 * place), f"- {line};", INK, sheet.face(10.5, "Regular"))
    for line in paper.signer[:-1]:
        sheet.centred(line, RIGHT - 290, 12.5, "Bold")
    names = desk.case["people"]
    if paper.signer:
        sheet.signature(paper.signer[-1], desk.rng.choice(names), RIGHT - 290.0, desk.rng, seal=bool(paper.recipients))
    if paper.second_signer:
        sheet.signature(paper.second_signer, desk.rng.choice(names), LEFT + 250.0, desk.rng, seal=False)


def _card(desk: Desk, paper: Paper, flow: Flow) -> None:
    """A copy of a small card or certificate: title and a few lines, no letterhead, much white."""
    sheet = flow.sheet
    sheet.y = TOP + desk.rng.randint(60, 400)
    if desk.rng.random() < 0.6:
        sheet.centred(MOTTO, MIDDLE, 10.5, "Bold")
        sheet.centred(SMALL_MOTTO, MIDDLE, 10.5, "Bold")
    _title(desk, paper, sheet)
    sheet.pen.rectangle((LEFT + 60, sheet.y + 20, LEFT + 330, sheet.y + 380), (150, 150, 150), INK, 3)
    for line in paper.body:
        sheet.pen.text((LEFT + 380, sheet.y + 20), line, INK, sheet.face(11.5, "Regular"))
        sheet.y += 70


def _photos(desk: Desk, paper: Paper, flow: Flow) -> None:
    """A photo plate: title on the first page, two pictures a page with captions."""
    _title(desk, paper, flow.sheet)
    for number in range(1, paper.pictures + 1):
        if flow.sheet.y > BOTTOM - 800:
            flow.new_page()
        sheet, rng = flow.sheet, desk.rng
        top = sheet.y + 30
        sheet.pen.rectangle((LEFT + 100, top, RIGHT - 100, top + 680), fill=(rng.randint(60, 150),) * 3)
        for _ in range(40):
            x, y, size = rng.uniform(LEFT + 110, RIGHT - 300), rng.uniform(top, top + 520), rng.uniform(20, 180)
            sheet.pen.ellipse((x, y, x + size, y + size * 0.8), fill=tuple(rng.randint(30, 220) for _ in range(3)))
        sheet.y = top + 700
        sheet.centred(f"Ảnh số {number}: {desk.rng.choice(['toàn cảnh', 'cận cảnh', 'vị trí dấu vết'])}", MIDDLE, 12)


def _plan(desk: Desk, paper: Paper, flow: Flow) -> None:
    """A drawing of a place: title, lines, a few words."""
    _title(desk, paper, flow.sheet)
    _outline(flow.sheet, desk.rng, 1200)
    flow.sheet.y += 40
    flow.sheet.pen.text((LEFT, flow.sheet.y), "Ghi chú: (1) vết phanh; (2) xe mô tô", INK, flow.face(11, "Regular"))


def _outline(sheet: Sheet, rng: random.Random, height: int) -> None:
    top = sheet.y + 20
    corners = [(LEFT + rng.uniform(0.1, 0.9) * (RIGHT - LEFT), top + rng.uniform(0, height)) for _ in range(9)]
    middle = (sum(x for x, _ in corners) / 9, sum(y for _, y in corners) / 9)
    corners.sort(key=lambda at: math.atan2(at[1] - middle[1], at[0] - middle[0]))
    sheet.pen.polygon(corners, outline=INK, width=4)
    for place, (x, y) in enumerate(corners):
        sheet.pen.text((x + 8, y + 8), f"{rng.uniform(3, 40):.1f}m" if place % 2 else str(place), INK,
                       sheet.face(10, "Regular"))  # fmt: skip
    sheet.y = top + height


def _slip(desk: Desk, paper: Paper, flow: Flow) -> None:
    """A receipt on half a sheet: payer, sum, two signatures."""
    sheet = flow.sheet
    top = sheet.y
    sheet.centred("\n".join(desk.case["heads"][paper.head]), LEFT + 250, 9.5, "Bold")
    sheet.y = top
    sheet.centred(f"Mẫu số C30\nSố: {paper.number}", RIGHT - 200, 11)
    sheet.y += 60
    _title(desk, paper, sheet)
    day = datetime.date.fromisoformat(paper.date or "2020-01-01")
    sheet.centred(f"Ngày {day.day:02d} tháng {day.month:02d} năm {day.year}", MIDDLE, 12, "Italic")
    for line in paper.body:
        flow.say(line)
    _close(desk, paper, flow)


def draw_cover(desk: Desk, family: str) -> Any:
    """The cover of the case: a frame, large type, what the case is about."""
    sheet = Sheet(face_of(family))
    sheet.pen.rectangle((140, 120, WIDTH - 110, HEIGHT - 130), outline=INK, width=5)
    sheet.y = 640
    sheet.centred(desk.case["cover_title"], WIDTH / 2, 26, "Bold")
    sheet.y += 120
    for line in desk.case["cover"]:
        sheet.paragraph(line, 16)
        sheet.y += 20
    return sheet.image


def draw_list(desk: Desk, rows: list[tuple[str, str, str]]) -> Any:
    """The bundle's own list of documents as a table."""
    sheet = Sheet(face_of("LiberationSerif"))
    sheet.centred(desk.case["list_title"], MIDDLE, 14, "Bold")
    sheet.y += 30
    columns, top = (LEFT - 90, LEFT, LEFT + 620, RIGHT - 190, RIGHT), sheet.y
    cells = [("STT", "TÊN TÀI LIỆU", "SỐ, NGÀY", "BÚT LỤC")]
    cells += [(str(n), *row) for n, row in enumerate(rows, start=1)]
    for place, row in enumerate(cells):
        face = sheet.face(10, "Bold" if place == 0 else "Regular")
        lines = [broken_lines(cell, 46) for cell in row]
        for x, parts in zip(columns, lines, strict=False):
            for nth, part in enumerate(parts):
                sheet.pen.text((x + 8, sheet.y + 6 + 34 * nth), part, INK, face)
        sheet.y += 34 * max(map(len, lines)) + 14
        sheet.pen.line((columns[0], sheet.y, RIGHT, sheet.y), INK, 2)
    sheet.pen.line((columns[0], top, RIGHT, top), INK, 2)
    for x in columns:
        sheet.pen.line((x, top, x, sheet.y), INK, 2)
    return sheet.image
