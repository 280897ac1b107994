"""IIIF Presentation 3 manifests of documents and cases, and Content Search 2 answers: pure, from plain values."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from storage.reading import Box

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
SEARCH_CONTEXT = "http://iiif.io/api/search/2/context.json"
THUMB_SIDE = 300


@dataclass(frozen=True, slots=True)
class Canvas:
    """A page to be shown: its size in pixels and the label people call it by."""

    page_id: int
    label: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Addresses:
    """How addresses are made; absolute, because IIIF identifies by address."""

    image: Callable[[int], str]
    manifest: Callable[[int], str]
    canvas: Callable[[int, int], str]
    search: Callable[[int], str]


def manifest(
    document_id: int, label: str, facts: Iterable[tuple[str, str]], pages: list[Canvas], to: Addresses
) -> dict[str, Any]:
    """The manifest of a document: one canvas a page, in order, labelled by bút lục where it is known."""
    return {
        "@context": CONTEXT, "id": to.manifest(document_id), "type": "Manifest", "label": text(label),
        "metadata": [{"label": text(name), "value": text(value)} for name, value in facts if value],
        "behavior": ["paged"], "viewingDirection": "left-to-right",
        "service": [{"@context": SEARCH_CONTEXT, "id": to.search(document_id), "type": "SearchService2"}],
        "items": [_canvas(document_id, page, to) for page in pages],
    }


def _canvas(document_id: int, page: Canvas, to: Addresses) -> dict[str, Any]:
    address = to.canvas(document_id, page.page_id)
    image = to.image(page.page_id)
    service = [{"id": image, "type": "ImageService3", "profile": "level2"}]
    scale = THUMB_SIDE / max(page.width, page.height, THUMB_SIDE)
    small = (max(1, round(page.width * scale)), max(1, round(page.height * scale)))
    body = {
        "id": f"{image}/full/max/0/default.jpg", "type": "Image", "format": "image/jpeg", "width": page.width,
        "height": page.height, "service": service,
    }
    painting = {
        "id": f"{address}/painting/1", "type": "Annotation", "motivation": "painting", "body": body, "target": address,
    }
    return {
        "id": address, "type": "Canvas", "label": text(page.label), "width": page.width, "height": page.height,
        "thumbnail": [{
            "id": f"{image}/full/{small[0]},{small[1]}/0/default.jpg", "type": "Image", "format": "image/jpeg",
            "width": small[0], "height": small[1], "service": service,
        }],
        "items": [{"id": f"{address}/painting", "type": "AnnotationPage", "items": [painting]}],
    }


def collection(address: str, label: str, documents: Iterable[tuple[int, str]], to: Addresses) -> dict[str, Any]:
    """A case as a collection of its documents' manifests."""
    return {
        "@context": CONTEXT, "id": address, "type": "Collection", "label": text(label),
        "items": [{"id": to.manifest(one), "type": "Manifest", "label": text(name)} for one, name in documents],
    }


def search_answer(
    address: str, document_id: int, hits: Iterable[tuple[Canvas, str, list[Box]]], to: Addresses
) -> dict[str, Any]:
    """What was found in a document: one annotation a box, on the canvas it stands on."""
    items = [
        {
            "id": f"{address}#{page.page_id}-{number}", "type": "Annotation", "motivation": "highlighting",
            "body": {"type": "TextualBody", "value": found, "format": "text/plain"},
            "target": f"{to.canvas(document_id, page.page_id)}#xywh={_pixels(box, page)}",
        }
        for page, found, boxes in hits
        for number, box in enumerate(boxes)
    ]
    return {"@context": SEARCH_CONTEXT, "id": address, "type": "AnnotationPage", "items": items}


def _pixels(box: Box, page: Canvas) -> str:
    x, y, width, height = box
    return ",".join(str(round(value)) for value in (
        x * page.width, y * page.height, width * page.width, height * page.height
    ))


def text(value: str) -> dict[str, list[str]]:
    """A text as IIIF carries it."""
    return {"vi": [value]}
