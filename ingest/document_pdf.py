"""The PDF/A of one document: its pages out of the searchable PDFs of the scans they lie in, labelled by bút lục.

The first scan's PDF is the base and keeps its colour profile and metadata; pages that do not belong are dropped, pages
of other scans are put in. Nothing is rendered or encoded again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from storage.vault import durable_replacement


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A page of the document: the searchable PDF it lies in, its number there (from 1), and its bút lục if known."""

    pdf: Path
    number: int
    but_luc: str | None


def write_document_pdf(
    pages: Sequence[PagePlace], target: Path, *, title: str, bookmarks: Sequence[tuple[str, int]] = ()
) -> None:
    """Write the pages in order to ``target``; each bookmark is a name and the place (from 0) of the page it opens.

    :raises FileNotFoundError: one of the searchable PDFs is not there (any more).
    """
    opened: dict[Path, pikepdf.Pdf] = {}
    try:
        for place in pages:
            if place.pdf not in opened:
                opened[place.pdf] = pikepdf.open(place.pdf)
        base = opened[pages[0].pdf]
        chosen = [opened[place.pdf].pages[place.number - 1] for place in pages]
        before = len(base.pages)
        base.pages.extend(chosen)
        del base.pages[:before]
        base.Root.PageLabels = _labels(base, pages)
        for stale in ("/Outlines", "/Dests", "/Names"):
            if stale in base.Root:
                del base.Root[stale]
        if bookmarks:
            with base.open_outline() as outline:
                outline.root.extend(pikepdf.OutlineItem(name, place) for name, place in bookmarks)
        with base.open_metadata() as metadata:
            metadata["dc:title"] = title
        with durable_replacement(target) as out:
            base.save(out)
    finally:
        for pdf in opened.values():
            pdf.close()


def _labels(pdf: pikepdf.Pdf, pages: Sequence[PagePlace]) -> pikepdf.Object:
    """Page labels as a reader shows them: the bút lục where it is known, else the place in the document."""
    numbers: list[object] = []
    for index, place in enumerate(pages):
        label = f"BL {place.but_luc}" if place.but_luc else str(index + 1)
        numbers += [index, pikepdf.Dictionary(P=pikepdf.String(label))]
    return pdf.make_indirect(pikepdf.Dictionary(Nums=pikepdf.Array(numbers)))
