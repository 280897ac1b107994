"""Draws the pages of the invented sample case, so that they look like an office's scans and can really be read."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from config.errors import EXIT_UNABLE, ArchiveError

DPI = 200
WIDTH, HEIGHT = 1654, 2339  # A4 in pixels
LEFT, RIGHT, TOP, BOTTOM = 236, 1536, 150, 2200  # margins 3 cm and 1.5 cm, as papers of the state have them
INK, STAMP_BLUE, STAMP_RED = (34, 34, 40), (52, 68, 168), (196, 44, 48)
FONT_FOLDERS = (Path("/usr/share/fonts/truetype/liberation2"), Path("/usr/share/fonts/truetype/liberation"))
FOOTNOTE = "Hồ sơ mẫu của phần mềm; mọi người, nơi chốn và tình tiết đều hư cấu."


class FontMissing(ArchiveError):
    """The fonts that hold Vietnamese letters are not on this machine."""

    code = "FONT-MISSING"
    vi = "Máy chưa có phông chữ {font} nên chưa vẽ được hồ sơ mẫu. Chưa có gì thay đổi. Hãy chạy: make install"
    en = "The font {font} is missing, so the sample case was not drawn. Nothing was changed. Run: make install"
    exit_code = EXIT_UNABLE


@dataclass(frozen=True)
class SampleDocument:
    """One paper of the case as ``case.toml`` tells it."""

    layout: str
    title: str
    pages: list[dict[str, Any]]
    agency: list[str] = field(default_factory=list)
    number: str = ""
    place_date: str = ""
    subtitle: str = ""
    signature: list[str] = field(default_factory=list)
    second_signature: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def font(points: float, style: str = "Regular") -> ImageFont.FreeTypeFont:
    """Liberation Serif at a size in points.

    :raises FontMissing: no Liberation font with Vietnamese letters is installed.
    """
    name = f"LiberationSerif-{style}.ttf"
    for folder in FONT_FOLDERS:
        if (folder / name).is_file():
            return ImageFont.truetype(folder / name, round(points * DPI / 72))
    raise FontMissing(font=name)


#: letters of a size in points and a style (Regular, Bold, Italic, BoldItalic)
Face = Callable[[float, str], ImageFont.FreeTypeFont]


class Sheet:
    """One page being drawn from top to bottom; ``y`` is where the next line goes, ``face`` gives its letters."""

    def __init__(self, face: Face = font) -> None:
        self.face = face
        self.image = Image.new("RGB", (WIDTH, HEIGHT), "white")
        self.pen = ImageDraw.Draw(self.image)
        self.y = float(TOP)

    def centred(self, text: str, x: float, points: float, style: str = "Regular", underline: float = 0) -> None:
        """Lines centred on `x`; `underline` is the width of a rule below, in parts of the text's width."""
        for line in text.split("\n"):
            face = self.face(points, style)
            width = face.getlength(line)
            self.pen.text((x - width / 2, self.y), line, INK, face)
            self.y += points * DPI / 72 * 1.3
        if underline:
            self.pen.line((x - width * underline / 2, self.y + 4, x + width * underline / 2, self.y + 4), INK, 2)
            self.y += 14

    def paragraph(self, text: str, points: float = 13, indent: float = 70.0) -> str:
        """Justified text with an indented first line; ``*`` in front makes it a centred bold line instead.

        Gives back what no longer fitted on the page.
        """
        if text.startswith("*"):
            self.y += 10
            self.centred(text[1:], (LEFT + RIGHT) / 2, points, "Bold")
            self.y += 10
            return ""
        face = self.face(points, "Regular")
        lines = _wrap(text.split(), face, indent)
        for index, words in enumerate(lines):
            if self.y > BOTTOM:
                return " ".join(word for line in lines[index:] for word in line)
            x = LEFT + (indent if index == 0 else 0.0)
            gap = face.getlength(" ")
            if index < len(lines) - 1:
                gap = (RIGHT - x - sum(face.getlength(word) for word in words)) / max(1, len(words) - 1)
            for word in words:
                self.pen.text((x, self.y), word, INK, face)
                x += face.getlength(word) + gap
            self.y += points * DPI / 72 * 1.45
        self.y += 12
        return ""

    def but_luc(self, number: str) -> None:
        """The stamped number in the upper right corner."""
        self.pen.rectangle((WIDTH - 250, 44, WIDTH - 60, 128), outline=STAMP_BLUE, width=4)
        self.pen.text((WIDTH - 236, 54), "BÚT LỤC", STAMP_BLUE, self.face(8, "Bold"))
        self.pen.text((WIDTH - 200, 78), number, STAMP_BLUE, self.face(15, "Bold"))

    def signature(self, label: str, name: str, x: float, rng: random.Random, *, seal: bool) -> None:
        """A signing block: what the signer is, a pen's stroke, the name, and the round seal of a body."""
        top = self.y
        self.centred(label, x, 13, "Bold")
        stroke = [(x - 110 + step * 16 + rng.uniform(-8, 8), self.y + 70 + rng.uniform(-46, 46)) for step in range(15)]
        self.pen.line(stroke, (40, 52, 130), 5, joint="curve")
        if seal:
            centre = (x - 150, self.y + 82)
            for radius, width in ((104, 6), (76, 2)):
                box = (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)
                self.pen.ellipse(box, outline=STAMP_RED, width=width)
            star = [(centre[0] + r * math.sin(a * math.pi / 5), centre[1] - r * math.cos(a * math.pi / 5))
                    for a, r in enumerate([40, 16] * 5)]
            self.pen.polygon(star, fill=STAMP_RED)
        self.y += 150
        self.centred(name, x, 13, "Bold")
        self.bottom = self.y
        self.y = top


def _wrap(words: list[str], face: ImageFont.FreeTypeFont, indent: float) -> list[list[str]]:
    lines: list[list[str]] = [[]]
    room = RIGHT - LEFT - indent
    for word in words:
        width = face.getlength(word) + face.getlength(" ")
        if lines[-1] and width > room:
            lines.append([])
            room = RIGHT - LEFT
        lines[-1].append(word)
        room -= width
    return lines


def _head(sheet: Sheet, document: SampleDocument) -> None:
    """Agency beside the national motto, or the motto alone in the middle (records of investigation have no agency)."""
    motto_x = (LEFT + RIGHT) / 2 if document.layout == "national" else LEFT + 880.0
    if document.agency:
        x = LEFT + 240.0
        sheet.centred(document.agency[0], x, 10)
        sheet.centred(document.agency[1], x, 10, "Bold", underline=0.4)
        if document.number:
            sheet.centred(document.number, x, 12)
    agency_bottom, sheet.y = sheet.y, TOP
    sheet.centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", motto_x, 11.5, "Bold")
    sheet.centred("Độc lập - Tự do - Hạnh phúc", motto_x, 12.5, "Bold", underline=0.9)
    if document.place_date:
        sheet.centred(document.place_date, motto_x, 12, "Italic")
    sheet.y = max(sheet.y, agency_bottom) + 46


def _foot(sheet: Sheet, document: SampleDocument, rng: random.Random) -> None:
    sheet.y += 40
    right, left = RIGHT - 280.0, LEFT + 260.0
    sheet.signature(document.signature[0], document.signature[1], right, rng, seal=document.layout == "agency")
    if document.second_signature:
        sheet.signature(document.second_signature[0], document.second_signature[1], left, rng, seal=False)
    if document.recipients:
        sheet.pen.text((LEFT, sheet.y), "Nơi nhận:", INK, font(11, "BoldItalic"))
        for line in document.recipients:
            sheet.y += 42
            sheet.pen.text((LEFT, sheet.y), f"- {line}", INK, font(10.5))


def _cover(sheet: Sheet, document: SampleDocument) -> None:
    _head(sheet, document)
    sheet.pen.rectangle((LEFT - 90, TOP - 60, RIGHT + 30, BOTTOM), outline=INK, width=5)
    sheet.y = 760
    sheet.centred(document.title, WIDTH / 2, 30, "Bold")
    sheet.y += 120
    for line in document.pages[0]["body"]:
        sheet.paragraph(line, 16)
        sheet.y += 24


def _table(sheet: Sheet, document: SampleDocument) -> None:
    columns = (LEFT, LEFT + 110, RIGHT - 260, RIGHT)
    top = sheet.y
    for index, row in enumerate([["STT", "TRÍCH YẾU TÀI LIỆU", "SỐ BÚT LỤC"], *document.rows]):
        sheet.pen.line((LEFT, sheet.y, RIGHT, sheet.y), INK, 2)
        face = font(12.5, "Regular" if index else "Bold")
        for x, cell in zip(columns, row, strict=False):
            sheet.pen.text((x + 16, sheet.y + 16), cell, INK, face)
        sheet.y += 72
    sheet.pen.line((LEFT, sheet.y, RIGHT, sheet.y), INK, 2)
    for x in columns:
        sheet.pen.line((x, top, x, sheet.y), INK, 2)


def _as_scanned(image: Image.Image, paper: Image.Image, rng: random.Random) -> Image.Image:
    """What a scanner makes of a clean sheet: a slight turn, paper that is not white, grain, softened edges."""
    turned = image.rotate(rng.uniform(-0.4, 0.4), Image.Resampling.BICUBIC, fillcolor="white")
    return Image.blend(turned, paper, 0.2).filter(ImageFilter.GaussianBlur(0.6))


def draw_pages(documents: list[SampleDocument], seed: int = 7) -> list[Image.Image]:
    """Every page of the case in order, as a scanner would give them. The same seed draws the same pages."""
    rng = random.Random(seed)  # noqa: S311 - decoration, not a secret
    paper = Image.blend(
        Image.new("RGB", (WIDTH, HEIGHT), (236, 230, 214)), Image.effect_noise((WIDTH, HEIGHT), 40).convert("RGB"), 0.3
    )
    return [
        _as_scanned(_draw_page(document, index, rng), paper, rng)
        for document in documents
        for index in range(len(document.pages))
    ]


def _draw_page(document: SampleDocument, index: int, rng: random.Random) -> Image.Image:
    sheet, page = Sheet(), document.pages[index]
    if document.layout == "cover":
        _cover(sheet, document)
    else:
        _draw_paper(sheet, document, index, rng)
    if "but_luc" in page:
        sheet.but_luc(page["but_luc"])
    sheet.y = HEIGHT - 80
    sheet.centred(FOOTNOTE, WIDTH / 2, 7.5, "Italic")
    return sheet.image


def _draw_paper(sheet: Sheet, document: SampleDocument, index: int, rng: random.Random) -> None:
    page = document.pages[index]
    if index == 0:
        _head(sheet, document)
        sheet.centred(document.title, WIDTH / 2 + 40, 15, "Bold")
        if document.subtitle:
            sheet.centred(document.subtitle, WIDTH / 2 + 40, 13.5, "Bold", underline=0.3)
        sheet.y += 34
    elif "page_number" in page:
        sheet.centred(page["page_number"], WIDTH / 2, 12)
        sheet.y += 30
    for text in page["body"]:
        sheet.paragraph(text)
    if document.rows:
        _table(sheet, document)
    elif index == len(document.pages) - 1:
        _foot(sheet, document, rng)
