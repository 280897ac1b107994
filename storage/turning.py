"""Turning a page turns all that is placed on it: words read, corrections, notes, places of a document's values, regions
and marks of presentations."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import Invalid
from storage.models.documents import Document, DocumentPage, DocumentPerson
from storage.models.notes import PageNote
from storage.models.presentation import Cue, CuePane, Presentation, PresentationState, Situation, Treatment
from storage.models.scans import Page, PageCorrection, PageText
from storage.reading import Box, PageReading


def turned_box(box: Sequence[float], degrees: int) -> Box:
    """Where a box lies after its page was turned clockwise by a multiple of 90 degrees."""
    x, y, w, h = (float(value) for value in box)
    for _ in range(degrees // 90 % 4):
        x, y, w, h = 1 - y - h, x, h, w
    return x, y, w, h


def turned_reading(reading: PageReading, degrees: int) -> PageReading:
    """The same words and blocks on the turned page."""
    width, height = (reading.height, reading.width) if degrees % 180 else (reading.width, reading.height)
    return replace(
        reading, width=width, height=height, rotation=(reading.rotation + degrees) % 360,
        words=tuple(replace(word, box=turned_box(word.box, degrees)) for word in reading.words),
        blocks=tuple(replace(block, box=turned_box(block.box, degrees)) for block in reading.blocks),
    )  # fmt: skip


def turn_page(session: Session, page: Page, degrees: int) -> None:
    """Turn a page clockwise with everything on it; turning it on to 360 degrees gives back what was there.

    :raises Invalid: not a multiple of 90 degrees.
    """
    if degrees % 90:
        raise Invalid(what="góc xoay", why="phải là bội số của 90")
    page.rotation = (page.rotation + degrees) % 360
    if degrees % 180:
        page.width, page.height = page.height, page.width
    for text in session.scalars(select(PageText).where(PageText.page_id == page.id)):
        text.reading = turned_reading(PageReading.unpack(text.reading), degrees).pack()
    placed: list[PageCorrection | PageNote | DocumentPerson] = [
        *session.scalars(select(PageCorrection).where(PageCorrection.page_id == page.id)),
        *session.scalars(select(PageNote).where(PageNote.page_id == page.id)),
        *session.scalars(select(DocumentPerson).where(DocumentPerson.page_id == page.id)),
    ]
    for one in placed:
        if one.box:
            one.box = list(turned_box(one.box, degrees))
    turn_shown([*_panes_of_drafts(session, page), *_treatments(session, page)], degrees)
    holder = session.scalar(select(Document).join(DocumentPage).where(DocumentPage.page_id == page.id))
    if holder is not None:
        holder.fields = {name: _turned_field(told, page.id, degrees) for name, told in (holder.fields or {}).items()}
    session.flush()


def turn_shown(shown: Iterable[CuePane | Treatment], degrees: int) -> None:
    """Turn the part to show and the marks over it."""
    for one in shown:
        if one.region:
            one.region = list(turned_box(one.region, degrees))
        one.marks = [{**mark, "box": list(turned_box(mark["box"], degrees))} for mark in one.marks]


def _panes_of_drafts(session: Session, page: Page) -> Sequence[CuePane]:
    """A locked presentation keeps its pictures as they lay; its panes turn when it is unlocked."""
    rows = select(CuePane).join(Cue).join(Situation).join(Presentation)
    return session.scalars(
        rows.where(CuePane.page_id == page.id, Presentation.state == PresentationState.DRAFT)
    ).all()


def _treatments(session: Session, page: Page) -> Sequence[Treatment]:
    return session.scalars(select(Treatment).where(Treatment.page_id == page.id)).all()


def _turned_field(told: dict[str, Any], page_id: int, degrees: int) -> dict[str, Any]:
    if told.get("page_id") != page_id or not told.get("box"):
        return told
    return {**told, "box": list(turned_box(told["box"], degrees))}
