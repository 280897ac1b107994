"""Cues as PowerPoint pages: the last resort where neither the archive nor the court folder can be used."""

import io
import math
from typing import Any

from PIL import Image, ImageDraw
from pptx import Presentation as PowerPoint
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches, Pt
from sqlalchemy.orm import Session

from config.settings import Settings
from storage.models.presentation import Cue, CueKind, FrozenPicture, MarkType, Presentation
from storage.presentation_lock import frozen_pictures
from viewer import court_deck
from viewer.court_pictures import CourtPictures

WIDTH, HEIGHT = 1920, 1080
_MARGIN = 13
#: a few words are never enlarged more than this over the page beside them, as on the stage (drawing.js)
_LARGEST_CALLOUT = 5
#: width of a usual letter of the label, in inches
_LETTER = 0.115
_HIGHLIGHT = (255, 240, 150)
_EDGE = (210, 31, 38)
Area = tuple[int, int, int, int]


def powerpoint(session: Session, settings: Settings, presentation: Presentation) -> bytes:
    """One page for each cue: the picture with its marks and its bút lục, question and notes below.

    Of a clip only the name.
    """
    pictures = {picture.key: picture for picture in frozen_pictures(session, presentation.id)}
    deck = court_deck.build(session, presentation, settings.office_name)
    labels = {cue["id"]: cue["label"] for situation in deck["situations"] for cue in situation["cues"]}
    store = CourtPictures(settings)
    document = PowerPoint()
    document.slide_width, document.slide_height = Inches(13.333), Inches(7.5)
    for cue in presentation.cues:
        page = document.slides.add_slide(document.slide_layouts[6])
        page.background.fill.solid()
        page.background.fill.fore_color.rgb = RGBColor(0, 0, 0)
        if cue.panes:
            image = cue_image(cue, [_open(session, store, presentation, pictures[pane.key]) for pane in cue.panes])
            data = io.BytesIO()
            image.save(data, "JPEG", quality=88)
            page.shapes.add_picture(io.BytesIO(data.getvalue()), 0, 0, document.slide_width, document.slide_height)
            _label(page, labels[cue.id])
        else:
            _write(page, cue)
        page.notes_slide.notes_text_frame.text = "\n\n".join(
            part for part in (cue.situation.title, cue.question, cue.notes) if part)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def cue_image(cue: Cue, pictures: list[Image.Image]) -> Image.Image:
    """The cue as the stage would show it, 1920 × 1080. Coverings are in the pictures already."""
    stage = Image.new("RGB", (WIDTH, HEIGHT), "black")
    count = len(pictures)
    room = (WIDTH - (count + 1) * _MARGIN) // count
    for at, (pane, picture) in enumerate(zip(cue.panes, pictures, strict=True)):
        area = (_MARGIN + at * (room + _MARGIN), _MARGIN, room, HEIGHT - 2 * _MARGIN)
        _paint(stage, picture, pane.region, pane.marks, area)
    return stage


def _open(session: Session, store: CourtPictures, presentation: Presentation, frozen: FrozenPicture) -> Image.Image:
    with Image.open(store.path(session, presentation, frozen)) as picture:
        return picture.convert("RGB")


def _paint(
    stage: Image.Image, picture: Image.Image, region: list[float] | None, marks: list[dict[str, Any]], area: Area
) -> None:
    marked = picture.copy()
    pen = ImageDraw.Draw(marked)
    for mark in marks:
        box = _pixels(mark["box"], picture)
        if mark["type"] == MarkType.HIGHLIGHT:
            part = marked.crop(box)
            tint = Image.new("RGB", part.size, _HIGHLIGHT)
            marked.paste(Image.composite(tint, part, part.convert("L").point(lambda v: 255 if v > 150 else 0)), box)
        elif mark["type"] in (MarkType.LINE, MarkType.CALLOUT):
            pen.rectangle(box, outline=_EDGE, width=max(3, picture.width // 400))
    shown = marked.crop(_pixels(region, picture)) if region else marked
    scale = _fit(stage, shown, area)
    callouts = [mark for mark in marks if mark["type"] == MarkType.CALLOUT]
    for at, mark in enumerate(callouts):
        height = int(area[3] * 0.42 / len(callouts))
        low = mark["box"][1] + mark["box"][3] / 2 < 0.5
        top = area[1] + (area[3] - height * (len(callouts) - at) if low else height * at)
        _fit(stage, picture.crop(_pixels(mark["box"], picture)), (area[0], top, area[2], height), framed=True,
             largest=scale * _LARGEST_CALLOUT)


def _pixels(box: list[float], picture: Image.Image) -> Area:
    x, y, w, h = box
    return (round(x * picture.width), round(y * picture.height), round((x + w) * picture.width),
            round((y + h) * picture.height))


def _fit(
    stage: Image.Image, part: Image.Image, area: Area, *, framed: bool = False, largest: float = math.inf
) -> float:
    """Lay a picture into the middle of an area as large as it may be; returns its scale."""
    left, top, width, height = area
    scale = min(width / part.width, height / part.height, largest)
    size = (max(1, round(part.width * scale)), max(1, round(part.height * scale)))
    x, y = left + (width - size[0]) // 2, top + (height - size[1]) // 2
    stage.paste(part.resize(size, Image.Resampling.LANCZOS), (x, y))
    if framed:
        ImageDraw.Draw(stage).rectangle((x - 3, y - 3, x + size[0] + 2, y + size[1] + 2), outline=_EDGE, width=4)
    return scale


def _label(page: Any, label: str) -> None:
    """The bút lục in the lower right corner, as the stage has it."""
    if not label:
        return
    width = min(6.6, 0.35 + _LETTER * len(label))
    box = page.shapes.add_textbox(Inches(13.2 - width), Inches(6.95), Inches(width), Inches(0.4))
    paragraph = box.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    run = paragraph.add_run()
    run.text, run.font.size, run.font.bold = label, Pt(14), True
    run.font.color.rgb = RGBColor(255, 255, 255)
    box.fill.solid()
    box.fill.fore_color.rgb = RGBColor(0, 0, 0)


def _write(page: Any, cue: Cue) -> None:
    frame = page.shapes.add_textbox(Inches(1), Inches(1), Inches(11.3), Inches(5.5)).text_frame
    frame.word_wrap = True
    title = cue.text_title if cue.kind == CueKind.TEXT else cue.caption or (cue.scan.name if cue.scan else "")
    for text, points, bold in ((title, 32, True), (cue.text_body, 24, False)):
        paragraph = frame.paragraphs[0] if not frame.text else frame.add_paragraph()
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold = text, Pt(points), bold
        run.font.color.rgb = RGBColor(255, 255, 255)
