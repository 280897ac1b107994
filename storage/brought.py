"""Pictures brought in from outside a case file: a mind map, slides printed to PDF. Their bytes go into the vault."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

import pypdfium2
from PIL import Image, UnidentifiedImageError
from sqlalchemy.orm import Session

from config.errors import Invalid
from storage import audit
from storage.access import Actor, require_case
from storage.models.cases import Case, Right
from storage.models.presentation import BroughtPicture
from storage.vault import Vault
from storage.vietnamese import nfc

MAX_BYTES = 100 * 1024 * 1024
MAX_PIXELS = 60_000_000
MAX_PDF_PAGES = 100
#: longer side of a PDF page as drawn, in pixels: a projector's width with room to zoom in
PDF_SIDE = 2880
LONGEST_SIDE = 4000


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture in the vault, not yet recorded."""

    name: str
    sha256: str
    width: int
    height: int


def receive(vault: Vault, name: str, stream: IO[bytes]) -> list[Stored]:
    """Store the picture, or every page of the PDF; touches no database, because drawing takes time.

    :raises Invalid: neither a picture nor a PDF, too large, damaged or behind a password.
    """
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Invalid(what=name, why=f"lớn quá {MAX_BYTES // 2**20} MB")
    stem = nfc(PurePath(name).stem)[:200]
    drawn = list(_pdf_pages(data, name)) if data[:5] == b"%PDF-" else [_picture(data, name)]
    made = []
    for number, picture in enumerate(drawn, 1):
        out = io.BytesIO()
        picture.save(out, "PNG")
        stored = vault.put(io.BytesIO(out.getvalue()), name=name)
        label = f"{stem}, trang {number}" if len(drawn) > 1 else stem
        made.append(Stored(label, stored.sha256, picture.width, picture.height))
    return made


def register(session: Session, actor: Actor, case: Case, stored: Sequence[Stored]) -> list[BroughtPicture]:
    """Record stored pictures as belonging to a case."""
    require_case(session, actor, case.id, Right.WRITE)
    made = [
        BroughtPicture(case_id=case.id, name=one.name, sha256=one.sha256, width=one.width, height=one.height,
                       created_by_id=actor.user_id)
        for one in stored
    ]
    session.add_all(made)
    session.flush()
    audit.record(session, actor.name, "picture.brought-in", f"case:{case.id}",
                 {"names": [row.name for row in made], "pictures": [row.id for row in made]})
    return made


def _picture(data: bytes, name: str) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Invalid(what=name, why="hình quá lớn")
            flat = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise Invalid(what=name, why="không phải hình hoặc tệp PDF đọc được") from error
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return flat


def _pdf_pages(data: bytes, name: str) -> Iterator[Image.Image]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Invalid(what=name, why="tệp PDF hỏng hoặc có mật khẩu") from error
    try:
        if len(document) > MAX_PDF_PAGES:
            raise Invalid(what=name, why=f"quá {MAX_PDF_PAGES} trang")
        for page in document:
            scale = PDF_SIDE / max(page.get_size())
            yield page.render(scale=min(scale, 6)).to_pil().convert("RGB")
    finally:
        document.close()
