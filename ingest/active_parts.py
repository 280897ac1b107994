"""Parts of a PDF that act when it is opened: found and reported, and left out of every copy made from it."""

from collections.abc import Iterator
from typing import Any

import pikepdf

_ACTING = {"/JavaScript": "javascript", "/Launch": "launch", "/SubmitForm": "submit", "/ImportData": "import"}


def find(pdf: Any) -> Iterator[str]:
    """Kinds of action of the document, its names, its pages and their annotations."""
    root = pdf.Root
    yield from _acting(root.get("/OpenAction"))
    yield from _acting_in(root.get("/AA"))
    names = root.get("/Names")
    if _is_dictionary(names) and "/JavaScript" in names:
        yield "javascript"
    for page in pdf.pages:
        yield from _acting_in(page.obj.get("/AA"))
        annotations = page.obj.get("/Annots")
        for annotation in annotations if _is_array(annotations) else ():
            if _is_dictionary(annotation):
                yield from _acting(annotation.get("/A"))
                yield from _acting_in(annotation.get("/AA"))


def _acting_in(actions: Any) -> Iterator[str]:
    if _is_dictionary(actions):
        for key in actions:
            yield from _acting(actions[key])


def _acting(action: Any) -> Iterator[str]:
    if _is_dictionary(action):
        named = _ACTING.get(str(action.get("/S", "")))
        if named:
            yield named


def _is_dictionary(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary)


def _is_array(value: Any) -> bool:
    return isinstance(value, pikepdf.Array)


def remove(pdf: Any) -> None:
    """Take every action out of an opened PDF (never saved over the original)."""
    root = pdf.Root
    for key in ("/OpenAction", "/AA"):
        if key in root:
            del root[key]
    names = root.get("/Names")
    if _is_dictionary(names) and "/JavaScript" in names:
        del names["/JavaScript"]
    for page in pdf.pages:
        if "/AA" in page.obj:
            del page.obj["/AA"]
        annotations = page.obj.get("/Annots")
        for annotation in annotations if _is_array(annotations) else ():
            if _is_dictionary(annotation):
                _remove_from(annotation)


def _remove_from(annotation: Any) -> None:
    if "/AA" in annotation:
        del annotation["/AA"]
    if any(_acting(annotation.get("/A"))):
        del annotation["/A"]
