"""Who issued a paper: the left block of the header, and the kind of body it is."""

import re
from collections.abc import Sequence

from ingest.describe.value import Read
from ingest.split.fuzzy import cue, starts
from ingest.split.header import read_header
from ingest.split.page import PageView, Piece, hull

#: kinds of issuers as in document_types.toml, by how the line of the issuing body begins (folded)
_KINDS = (
    ("VKS", ("vien kiem sat",)),
    ("TA", ("toa an",)),
    ("VPTHADS", ("van phong thi hanh an",)),
    ("THADS", ("cuc thi hanh an", "chi cuc thi hanh an", "thi hanh an dan su", "phong thi hanh an")),
    (
        "GD",
        (
            "phong ky thuat hinh su",
            "vien khoa hoc hinh su",
            "trung tam phap y",
            "hoi dong dinh gia",
            "trung tam giam dinh",
            "phan vien khoa hoc",
            "vien phap y",
        ),
    ),
    ("CAX", ("cong an xa", "cong an phuong", "cong an thi tran", "don cong an")),
    ("CQDT", ("co quan canh sat dieu tra", "co quan dieu tra", "co quan an ninh dieu tra", "cong an")),
    ("UBND", ("uy ban nhan dan", "ubnd")),
    ("CSGG", ("trai tam giam", "nha tam giu", "trai giam")),
)


def header_lines(page: PageView) -> list[Piece]:
    """The lines of the left block above the number line, top to bottom."""
    header = read_header(page)
    if header.agency is None:
        return []
    bottom = header.number_line.top if header.number_line else header.agency.top + 0.075
    right_edge = header.motto.left if header.motto else 0.5
    first_top = header.agency.top
    return [
        p
        for p in page.pieces
        if first_top - 0.03 <= p.top < bottom - 0.002
        and p.left < min(0.45, right_edge)
        and p.capitals > 0.6
        and len(p.folded) > 2
        and p.centre < right_edge + 0.04
    ]


def find_issuer(page: PageView) -> Read[str] | None:
    """The issuing body as printed: the last agency named in the left block, wrapped lines joined."""
    lines = header_lines(page)
    if not lines:
        return None
    names: list[list[Piece]] = []
    for line in lines:
        if (
            not names
            or any(starts(words, line.folded) for words in cue("agency_prefix") if len(words) > 6)
            or line.folded.startswith(("phong ", "doi "))
        ):
            names.append([])
        names[-1].append(line)
    last = names[-1]
    text = re.sub(r"\s+", " ", " ".join(p.text for p in last)).strip(" -_.,'")
    confidence = sum(p.confidence for p in last) / len(last)
    return Read(text, confidence, "tên cơ quan ở góc trái đầu trang", page.index, hull([p.box for p in last]))


def issuer_kinds(page: PageView) -> Sequence[str]:
    """Kinds of issuer the header speaks for, the issuing body (last line) first."""
    found: list[str] = []
    for line in reversed(header_lines(page)):
        for kind, beginnings in _KINDS:
            if kind not in found and any(starts(words, line.folded) for words in beginnings):
                found.append(kind)
    return found
