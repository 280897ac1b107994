"""How many marks of secrecy are found, and how many invented: ``python -m bench.secrecy_marks [--pages 120 --seed 1]``.

Draws the three marks (red, purple, blue, black, grey; framed once, twice or not; tilted, pale, over print, left and
right, 150–300 dpi, colour and grey) and, as often, what only looks like one (MAI, MẶT, MẤT, HỎA TỐC, ĐẾN, seals, the
header of the Fatherland Front). A page counts as found where the service would stop its batch; ``--save`` keeps the
pages that went wrong.
"""

import argparse
import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from bench.made_scans import (
    BOTTOM,
    DPI,
    INK,
    LEFT,
    RIGHT,
    WIDTH,
    Sheet,
    draw_head,
    face,
    families,
    person,
    sentences,
)  # fmt: skip
from bench.scan_wear import worn
from config.settings import load_settings
from ingest.recognise.options import ReadOptions
from ingest.recognise.reader import recognise
from ingest.secrecy import mark_of

MARKS = {"MẬT": "mat", "TỐI MẬT": "toi_mat", "TUYỆT MẬT": "tuyet_mat"}
#: words of stamps and frames that are no marks; the first ones differ from MẬT by a letter or its marks only
OTHERS = (
    "MAI", "MẶT", "MẤT", "MÁT", "MẠI", "MẪU", "MỘT", "HẾT", "TẤT", "CHẤT", "TÔI MẤT", "TUYỆT MỸ", "MẶT TRẬN",
    "KHẨN", "HỎA TỐC", "ĐẾN", "SAO Y", "BẢN SAO", "THU HỒI", "MẪU SỐ 12", "LƯU", "GẤP", "NHẬT", "BẢO MẬT",
)  # fmt: skip
INKS = {
    "red": (205, 35, 45), "purple": (120, 50, 150), "blue": (45, 60, 165), "black": (25, 25, 30), "dull": (165, 95, 95),
    "grey": (110, 110, 112),
}  # fmt: skip
#: where a stamp is put: millimetres from the left edge, from the upper edge; in the last place over print
PLACES_MM = {
    "top_left": (26, 4), "top_right": (150, 4), "under_number": (36, 42), "middle": (95, 5), "over_print": (60, 24),
}  # fmt: skip


def stamped(page: Image.Image, text: str, rng: random.Random) -> dict[str, Any]:
    """Put a stamp on a page (changed in place) and say how it was put."""
    how: dict[str, Any] = {
        "ink": rng.choice(list(INKS)), "frame": rng.choice((0, 1, 1, 2)), "place": rng.choice(list(PLACES_MM)),
        "tilt": round(rng.choice((0.0, rng.gauss(0, 3), rng.uniform(-15, 15))), 1),
        "strength": round(rng.uniform(0.45, 1), 2), "points": rng.choice((14, 16, 18, 22)),
        "font": rng.choice([bold for _, bold, _ in families() if "Mono" not in bold]),
    }  # fmt: skip
    letters = face(how["font"], how["points"])
    left, top, right, bottom = (round(v) for v in letters.getbbox(text))
    pad = round(how["points"] * 1.6)
    layer = Image.new("L", (right - left + 2 * pad, bottom - top + 2 * pad), 0)
    pen = ImageDraw.Draw(layer)
    pen.text((pad - left, pad - top), text, 255, letters)
    for ring in range(how["frame"]):
        inset = 3 + 12 * ring
        pen.rectangle((inset, inset, layer.width - inset - 1, layer.height - inset - 1), outline=255, width=5)
    layer = layer.rotate(how["tilt"], expand=True, resample=Image.Resampling.BICUBIC)
    layer = layer.point(lambda v: round(v * how["strength"]))
    astray = 25 if how["place"] == "over_print" else 2
    x, y = (round((v + rng.uniform(-astray, astray)) * DPI / 25.4) for v in PLACES_MM[how["place"]])
    page.paste(Image.new("RGB", layer.size, INKS[how["ink"]]), (min(x, WIDTH - layer.width - 40), max(20, y)), layer)
    return how


def _page(rng: random.Random, pool: list[str], agency: str | None) -> Sheet:
    """The top of a paper: header, title, a few lines; the rest is white, so that it is read quickly."""
    sheet = Sheet(rng.choice(families()), 12.5, rng)
    if rng.random() < 0.8 or agency is not None:
        draw_head(sheet, agency)
    sheet.y = max(sheet.y, 62 * DPI / 25.4)
    for _ in range(rng.choice((1, 2, 3))):
        sheet.paragraph(rng.choice(pool))
    if rng.random() < 0.5:
        sheet.y = max(sheet.y, 0.6 * BOTTOM)
        sheet.pen.text((RIGHT - 700, sheet.y), person(rng), INK, sheet.face(1))
        sheet.seal(LEFT + 1400, sheet.y)
    return sheet


def pages(count: int, seed: int) -> Any:
    """Pages with marks and pages with look-alikes in turn: (bytes, dpi, level of secrecy or None, how it was made)."""
    rng, pool = random.Random(seed), sentences()
    for number in range(count):
        secret = number % 2 == 0
        agency = "ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT NAM" if not secret and rng.random() < 0.25 else None
        sheet = _page(rng, pool, agency)
        text = rng.choice(list(MARKS)) if secret else rng.choice(OTHERS)
        how = stamped(sheet.image, text, rng)
        data, dpi, effects = worn(sheet.image, rng.choice(("clean", "office", "office", "bad")), None, rng)
        yield data, dpi, MARKS[text] if secret else None, {"text": text, **how, "dpi": dpi, "effects": effects}


def measure(count: int, seed: int, save: Path | None) -> dict[str, Any]:
    """Found and invented marks, in all and by how the mark was made."""
    options = ReadOptions.from_settings(load_settings(None))
    table: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    wrong: list[dict[str, Any]] = []
    for number, (data, dpi, level, how) in enumerate(pages(count, seed)):
        reading = recognise(data, ReadOptions(options.language, options.tessdata, dpi))
        found = mark_of(reading)
        group = "found" if level else "invented"
        kinds = (f"{kind} {how[kind]}" for kind in ("ink", "text", "frame", "place", "dpi"))
        for key in ("all", *kinds, *(f"effect {e}" for e in how["effects"])):
            counts = table[f"{group}: {key}"]
            counts[0] += found is not None
            counts[1] += 1
            counts[2] += found is not None and found == level
        if (found is None) == (level is not None):
            seen = [b.text for b in reading.blocks if b.kind == "stamp"]
            wrong.append({**how, "number": number, "read_as": found, "stamps": seen})
            if save is not None:
                save.mkdir(parents=True, exist_ok=True)
                (save / f"{group}-{number:03d}.{'png' if 'fax' in how['effects'] else 'jpg'}").write_bytes(data)
    named = {key: {"found": a, "of": b, "right_level": c} for key, (a, b, c) in sorted(table.items())}
    return {"counts": named, "wrong": wrong}


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", type=Path, default=None)
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.pages, arguments.seed, arguments.save), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
