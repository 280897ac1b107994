"""Invented pages drawn as scans, with exact truth: ``python -m bench.made_scans FOLDER [--pages 60 --seed 1]``.

Letters, records with dotted leaders, ruled tables, forms and plain pages in several fonts, with seals, signatures and
numbers in the corner, worn in three levels (``scan_wear.py``). FOLDER gets the page files and the ``truth.json`` that
``bench/read.py`` scores. Nothing here was looked at when the reading's thresholds were first chosen.
"""

import argparse
import functools
import json
import math
import random
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from archive_svc.demo.case import CONTENT
from bench.made_bundles import GIVEN, MOTTO, PLACES, SENTENCES, SMALL_MOTTO, SURNAMES
from bench.scan_wear import worn

DPI = 300
WIDTH, HEIGHT = 2480, 3508
LEFT, RIGHT, TOP, BOTTOM = 330, 2330, 200, 3300
FONTS = (Path("/usr/share/fonts/truetype/liberation2"), Path("/usr/share/fonts/truetype/dejavu"))
#: regular, bold and italic of fonts that have all Vietnamese letters; those not installed are not used
FAMILIES = {
    "Liberation Serif": ("LiberationSerif-Regular", "LiberationSerif-Bold", "LiberationSerif-Italic"),
    "Liberation Sans": ("LiberationSans-Regular", "LiberationSans-Bold", "LiberationSans-Italic"),
    "Liberation Mono": ("LiberationMono-Regular", "LiberationMono-Bold", "LiberationMono-Italic"),
    "DejaVu Serif Condensed": ("DejaVuSerifCondensed", "DejaVuSerifCondensed-Bold", "DejaVuSerifCondensed-Italic"),
    "DejaVu Sans Condensed": ("DejaVuSansCondensed", "DejaVuSansCondensed-Bold", "DejaVuSansCondensed-Oblique"),
}
LAYOUTS = ("letter", "record", "table", "form", "plain", "list")
INK = (28, 28, 34)
TITLES = ("THÔNG BÁO", "BIÊN BẢN LÀM VIỆC", "QUYẾT ĐỊNH", "BÁO CÁO KẾT QUẢ XÁC MINH", "ĐƠN KHIẾU NẠI")
SIGNERS = ("NGƯỜI KHAI", "BÊN GIAO", "THƯ KÝ"), ("CHẤP HÀNH VIÊN", "KIỂM SÁT VIÊN", "PHÓ VIỆN TRƯỞNG")
TRADES = ("làm ruộng", "giáo viên", "lái xe")


@dataclass
class Sheet:
    """A page being drawn from top to bottom at 300 dpi, and the truth of what stands on it."""

    family: tuple[str, str, str]
    points: float
    rng: random.Random
    image: Image.Image = field(default_factory=lambda: Image.new("RGB", (WIDTH, HEIGHT), "white"))
    blocks: list[dict[str, Any]] = field(default_factory=list)
    y: float = TOP

    def __post_init__(self) -> None:
        self.pen = ImageDraw.Draw(self.image)

    def face(self, style: int = 0, points: float | None = None) -> ImageFont.FreeTypeFont:
        """The page's font: 0 regular, 1 bold, 2 italic."""
        return face(self.family[style], points or self.points)

    def say(self, kind: str, *orders: list[str]) -> None:
        """Add a block to the truth: the lines in each order they may be read in."""
        self.blocks.append({"kind": kind, "alts": list(orders)})

    def centred(self, text: str, x: float, style: int = 0, points: float | None = None) -> None:
        """One line centred on ``x``; the caller says it."""
        self.pen.text((x, self.y), text, INK, self.face(style, points), anchor="ma")
        self.y += (points or self.points) * DPI / 72 * 1.35

    def paragraph(self, text: str, kind: str = "para", left: float = LEFT, right: float = RIGHT) -> None:
        """Wrapped text with an indented first line."""
        lines = self.wrapped(text, right - left - 90)
        for number, line in enumerate(lines):
            self.pen.text((left + (90 if number == 0 else 0), self.y), line, INK, self.face())
            self.y += self.points * DPI / 72 * 1.42
        self.y += 14
        self.say(kind, lines)

    def wrapped(self, text: str, room: float) -> list[str]:
        """Text cut into lines no wider than ``room`` pixels."""
        face, lines = self.face(), [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if face.getlength(longer) > room and lines[-1]:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def seal(self, x: float, y: float) -> None:
        """A round red seal about a point."""
        red = (205, 45, 55)
        for radius, width in ((165, 9), (120, 4)):
            self.pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=red, width=width)
        corners = enumerate([62, 25] * 5)
        star = [(x + r * math.sin(a * math.pi / 5), y - r * math.cos(a * math.pi / 5)) for a, r in corners]
        self.pen.polygon(star, fill=red)

    @property
    def is_full(self) -> bool:
        """Whether only the foot of the page is left."""
        return self.y > BOTTOM - 900


@functools.cache
def families() -> tuple[tuple[str, str, str], ...]:
    """The fonts that are installed."""
    return tuple(f for f in FAMILIES.values() if any((folder / f"{f[0]}.ttf").is_file() for folder in FONTS))


@functools.cache
def face(name: str, points: float) -> ImageFont.FreeTypeFont:
    """A font at a size in points, as drawn at 300 dpi."""
    path = next(path for folder in FONTS if (path := folder / f"{name}.ttf").is_file())
    return ImageFont.truetype(str(path), round(points * DPI / 72))


def sentences() -> list[str]:
    """What the pages say: the sentences of the invented bundles and of the sample case."""
    papers = tomllib.loads(CONTENT.read_text("utf-8"))["documents"]
    own = [text.lstrip("*") for paper in papers for page in paper["pages"] for text in page["body"] if len(text) > 60]
    return [f"{s}." for s in SENTENCES] + own


def person(rng: random.Random) -> str:
    """An invented name."""
    return f"{rng.choice(SURNAMES)} {rng.choice(GIVEN)}"


def draw_head(sheet: Sheet, agency: str | None = None) -> None:
    """Agency and number on the left, motto and date on the right."""
    rng = sheet.rng
    province, district = rng.choice(PLACES)
    small, motto_x, agency_x = sheet.points * 0.88, LEFT + 1380.0, LEFT + 420.0
    number = f"Số: {rng.randint(1, 900)}/{rng.choice(('QĐ-VKS', 'TB-TLVA', 'CV-CSĐT', 'QĐ-CCTHADS'))}"
    left = [agency or f"VIỆN KIỂM SÁT NHÂN DÂN {province}".upper(), f"VIỆN KIỂM SÁT {district}".upper(), number]
    day = f"ngày {rng.randint(10, 28)} tháng {rng.randint(10, 12)} năm {rng.randint(2009, 2025)}"
    right = [MOTTO, SMALL_MOTTO, f"{province}, {day}"]
    for text, style in zip(left, (0, 1, 0), strict=True):
        sheet.centred(text, agency_x, style, small * 0.86)
    bottom, sheet.y = sheet.y, TOP
    for text, style in zip(right, (1, 1, 2), strict=True):
        sheet.centred(text, motto_x, style, small)
    sheet.y = max(sheet.y, bottom) + 70
    sheet.say("header", left + right, [f"{a} {b}" for a, b in zip(left, right, strict=True)], right + left)


def _title(sheet: Sheet) -> None:
    title = sheet.rng.choice(TITLES)
    sheet.centred(title, WIDTH / 2, 1, sheet.points * 1.12)
    sheet.say("para", [title])
    sheet.y += 30


def _signed(sheet: Sheet) -> None:
    """Two signing blocks with strokes of a pen, one under a round red seal."""
    rng = sheet.rng
    top, names = sheet.y + 30, [person(rng), person(rng)]
    labels = [rng.choice(side) for side in SIGNERS]
    for x, label, name in zip((LEFT + 430.0, RIGHT - 450.0), labels, names, strict=True):
        sheet.y = top
        sheet.centred(label, x, 1)
        stroke = [
            (x - 170 + 26 * step + rng.uniform(-14, 14), sheet.y + 120 + rng.uniform(-80, 80)) for step in range(14)
        ]
        sheet.pen.line(stroke, rng.choice(((40, 50, 140), (30, 30, 40))), 6, joint="curve")
        if label == labels[1] and rng.random() < 0.7:
            sheet.seal(x - 190, sheet.y + 130)
        sheet.y += 260
        sheet.centred(name, x, 1)
    row = [" ".join(labels), " ".join(names)]
    sheet.say("signature", [labels[0], names[0], labels[1], names[1]], row, [labels[1], names[1], labels[0], names[0]])


def _record(sheet: Sheet, pool: list[str]) -> None:
    """A statement on a form: labels, dotted leaders, question and answer."""
    rng = sheet.rng
    answers = {
        "Họ và tên": person(rng), "Sinh năm": str(rng.randint(1950, 2004)), "Nơi cư trú": ", ".join(rng.choice(PLACES)),
        "Nghề nghiệp": rng.choice(TRADES),
    }  # fmt: skip
    for label, value in answers.items():
        text = f"{label}: {value} "
        sheet.pen.text((LEFT, sheet.y), text, INK, sheet.face())
        room = RIGHT - LEFT - sheet.face().getlength(text)
        dots = "." * int(room * rng.uniform(0.4, 1) / sheet.face().getlength("."))
        sheet.pen.text((LEFT + sheet.face().getlength(text), sheet.y), dots, INK, sheet.face())
        sheet.y += sheet.points * DPI / 72 * 1.6
        sheet.say("para", [f"{text}{dots}"])
    while not sheet.is_full:
        sheet.paragraph(f"Hỏi: {rng.choice(pool)}")
        sheet.paragraph(f"Đáp: {rng.choice(pool)}")


def _table(sheet: Sheet, pool: list[str]) -> None:
    """A ruled table whose first column numbers the rows."""
    rng = sheet.rng
    columns = (LEFT, LEFT + 170, LEFT + 1180, LEFT + 1560, RIGHT)
    rows = [["STT", "Tên tài liệu, tài sản", "Số lượng", "Ghi chú"]]
    rows += [
        [str(n), " ".join(rng.choice(pool).split()[: rng.randint(3, 14)]).rstrip(",.;"), f"{rng.randint(1, 40):02d}",
         rng.choice(("Bản chính", "Bản sao", "Tờ số 12-15", "Còn nguyên"))]
        for n in range(1, rng.randint(8, 18))
    ]  # fmt: skip
    top, pitch = sheet.y, sheet.points * DPI / 72 * 1.38
    said: list[str] = []
    for row in rows:
        sheet.pen.line((LEFT, sheet.y, RIGHT, sheet.y), INK, 3)
        cells = [sheet.wrapped(cell, columns[c + 1] - columns[c] - 44) for c, cell in enumerate(row)]
        for c, lines in enumerate(cells):
            for n, line in enumerate(lines):
                at = (columns[c] + 22, sheet.y + 16 + n * pitch)
                sheet.pen.text(at, line, INK, sheet.face(1 if row is rows[0] else 0))
        sheet.y += max(map(len, cells)) * pitch + 30
        said.append(" ".join(" ".join(lines) for lines in cells))
        if sheet.y > BOTTOM - 300:
            break
    for x in (*columns[:-1], RIGHT):
        sheet.pen.line((x, top, x, sheet.y), INK, 3)
    sheet.pen.line((LEFT, sheet.y, RIGHT, sheet.y), INK, 3)
    sheet.y += 40
    sheet.say("table", said)


def draw(layout: str, rng: random.Random, pool: list[str]) -> Sheet:
    """One page of a layout."""
    sheet = Sheet(rng.choice(families()), rng.choice((11.0, 12.0, 12.5, 13.0)), rng)
    if layout in {"letter", "table", "list"}:
        draw_head(sheet)
    if layout not in {"plain", "list"} or rng.random() < 0.5:
        _title(sheet)
    if layout in {"record", "form"}:
        _record(sheet, pool)
    elif layout == "table":
        sheet.paragraph(rng.choice(pool))
        _table(sheet, pool)
    number = 0
    while not sheet.is_full and layout != "table":
        number += 1
        mark = {"list": f"{number}. ", "letter": rng.choice(("", "", "- "))}.get(layout, "")
        sheet.paragraph(mark + " ".join(rng.sample(pool, rng.choice((1, 1, 2)))))
    if layout != "plain" and sheet.y < BOTTOM - 480:
        _signed(sheet)
    return sheet


def make(folder: Path, pages: int, seed: int) -> None:
    """Write ``pages`` pages, a third of each level, and their truth."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, pool, truth = random.Random(seed), sentences(), []
    other: Image.Image | None = None
    for number in range(pages):
        level, layout = ("clean", "office", "bad")[number % 3], LAYOUTS[number // 3 % len(LAYOUTS)]
        sheet = draw(layout, rng, pool)
        data, dpi, effects = worn(sheet.image, level, other, rng)
        other = sheet.image
        name = f"p{number:03d}.{'png' if 'fax' in effects else 'jpg'}"
        (folder / name).write_bytes(data)
        truth.append({"file": name, "level": level, "dpi": dpi, "rotation": 0, "effects": [layout, *effects],
                      "kind": "doc", "blocks": sheet.blocks})  # fmt: skip
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")


def main() -> None:
    """Draw the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    make(arguments.folder, arguments.pages, arguments.seed)


if __name__ == "__main__":
    main()
