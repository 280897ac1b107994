"""The number (số, ký hiệu) of a document, in its parts, checked against what issuers write and mended where possible.

"Số: 045/2024/TLST–DS" has a running number, a year and a sign. The letters of a sign are abbreviations: where a letter
was read without its mark (DTTH for ĐTTH) or doubled (QĐÐ), the known abbreviation is taken and the repair shown.
"""

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache

from config import document_types
from ingest.describe.flow import Flow, flow_of
from ingest.describe.value import Read
from ingest.split.header import read_header
from ingest.split.page import PageView
from storage.vietnamese import fold, nfc, number_key

#: abbreviations in signs, as the offices write them
ABBREVIATIONS = (  # noqa: SIM905 - a word list reads best as words
    "QĐ QĐST QĐPT XXST XXPT TCGĐ LTG LB LBN LGN LC LKX LKB TB YC YCĐT ĐN BC PC PYC KLĐT KL GM GTT CV CT KN KNPT "
    "KNGĐT PKS PĐX "
    "KH HD LBTG LBBC CQCSĐT CSĐT CQĐT CQANĐT ANĐT VPCQCSĐT PC01 PC02 PC03 PC04 PV06 CSHS CSKT CSMT ĐTTH HSST "
    "KTHS CAX CAH CATP CAT TTr TL PB BB VKS VKSTC VKSQS VKSKV TA TAND TANDKV HS HSPT DS DSST HNGĐ KDTM LĐ HC "
    "VDS ST PT GĐT TLST TLPT TLVA TLVV THAHS CA SCBSQĐ THADS CTHADS CCTHADS PTHADS THA VPTHADS UBND HĐND GXN "
    "BL BA HĐ HĐĐG HĐĐGTS HĐTP TT NQ NĐ CP BCA BTP LĐTBXH KSĐT KSXXDS KSĐTHS P GCN GUQ QĐXPVPHC VPHC XPHC BPXLHC HSĐN "
    "TTHC STP TGPL LS PL GKS ĐT TH VP VT TTPY GĐPY PYTT CQ ĐTV KSV XX THS HSĐT CNN ĐTMT L "
    "ĐTKT ĐTTP KLGĐ TĐG GB NV NC TNMT XLHC VPĐK "
).split()
_CANDIDATE = re.compile(
    r"(?<![\w/])([0-9OoIl]{1,6}[A-Za-z]?)\s?[/⁄]\s?(?:((?:19|20)\d{2})\s?[/⁄]\s?)?"
    r"((?:[A-ZĐÐa-zđð]|[0O](?=[ĐÐ]))[\wĐÐ.]{0,14}(?:\s?[-–—−_]\s?[A-ZĐÐ0-9][\wĐÐ.]{0,14}){0,4})"
)
#: a certificate's number and year, with no sign: Số: 58/2012
_PLAIN = re.compile(r"^\W{0,3}(?:Số|SỐ|So)\W{0,3}:?\s?(\d{1,5})\s?[/⁄]\s?((?:19|20)\d{2})\W{0,2}$")
_LOST_STROKE = re.compile(r"^(\s*\d{1,4})([A-ZĐÐ]{2,8}[-–—][A-ZĐÐ]{2,})")
_BLANK = re.compile(r"so\W{0,3}:?\s?[.…_\-–\s]{2,}\s?[/⁄]")
#: parts of a sign that are no abbreviation of the list but surely right: P9, PC01, VKSKV7, DS
_OWN_SIGN = re.compile(r"[A-ZĐ]{1,2}\d{1,2}|(?:VKS|TAND)KV\d{1,2}|(?:VKS|TAND)[A-ZĐ]{2,3}")
#: a word read better than this is not put right by guessing
WELL_READ = 0.8
#: figures read for letters and the doubled Đ of a sign, which are no guess
_CONFUSED = str.maketrans({"5": "s", "0": "o", "8": "b", "q": "o", "d": None})
#: doubt about a number that is shaped as some office writes them, as part of the doubt about its worst word: of those
#: read with any confidence on pages of many fonts and grades of wear hardly one was wrong
DOUBT_IN_SHAPE = 0.28
#: what each part of a sign that is no known abbreviation takes away
UNKNOWN_PART = 0.92
_DASHES = re.compile(r"\s?[-–—−_]\s?")


@dataclass(frozen=True, slots=True)
class NumberParts:
    """A number as printed and in parts: ``running`` (may end in a letter), ``year`` where printed, ``sign``."""

    text: str
    running: str
    year: int | None
    sign: str

    @property
    def key(self) -> str:
        """The same for every way of writing it (storage.vietnamese.number_key)."""
        return number_key(self.text)


@cache
def _known() -> dict[str, str]:
    return {fold(short): short for short in ABBREVIATIONS}


def _at_dots(part: str) -> list[str]:
    """A part cut where a dot was read for a dash (QĐXXST.HC), if that gives known abbreviations."""
    pieces = part.split(".")
    return pieces if len(pieces) > 1 and all(_is_known(fold(piece)) for piece in pieces) else [part]


def _mended(part: str, guess: bool) -> str:
    """One part of a sign, put right when it is a known abbreviation but for marks or one doubled letter; with ``guess``
    also when one letter was read for another."""
    bare = fold(part)
    if bare in _known():
        known = _known()[bare]
        return part if fold(part) == part.lower() and known.lower() == part.lower() else known
    collapsed = re.sub(r"dd+", "d", bare)
    if collapsed in _known():
        return _known()[collapsed]
    if bare == "0d":
        return "QĐ"
    digits_as_letters = bare.replace("5", "s").replace("0", "o").replace("8", "b")
    if digits_as_letters in _known():
        return _known()[digits_as_letters]
    settled = not guess or _is_known(bare) or _OWN_SIGN.fullmatch(part)
    return part if settled else _nearest(bare) or part


@cache
def _nearest(bare: str) -> str | None:
    """The one abbreviation of at least four letters that differs by one letter, put in place of another."""
    near = [known for short, known in _known().items()
            if len(short) == len(bare) >= 4 and sum(a != b for a, b in zip(short, bare, strict=True)) == 1]  # fmt: skip
    return near[0] if len(near) == 1 else None


@cache
def _is_known(bare: str) -> bool:
    """Whether a part of a sign is an abbreviation, or two or three of them written together (QĐXXST, GTTTA)."""
    if bare in _known():
        return True
    return any(bare[:cut] in _known() and _is_known(bare[cut:]) for cut in range(2, len(bare) - 1))


def parse_number(raw: str, *, guess: bool = False, familiar: Set[str] = frozenset()) -> NumberParts | None:
    """A number out of a stretch of text, mended; None when there is none.

    :param guess: parts of the sign may be put right by one letter, but for those that are ``familiar``.
    """
    found = _CANDIDATE.search(nfc(raw).replace("Ð", "Đ").replace("⁄", "/"))
    if not found:
        return None
    running = found[1].replace("O", "0").replace("o", "0").replace("I", "1").replace("l", "1")
    if not running[0].isdigit():
        return None
    raw_parts = [piece for part in _DASHES.split(found[3]) for piece in _at_dots(part.strip(". "))]
    parts = [_mended(part, guess and fold(part) not in familiar) for part in raw_parts]
    sign = "-".join(part for part in parts if part)
    if not sign or not any(c.isupper() for c in sign):
        return None
    year = int(found[2]) if found[2] else None
    text = "/".join([running, *([str(year)] if year else []), sign])
    return NumberParts(text, running, year, sign)


def familiar_signs(pages: Sequence[PageView]) -> frozenset[str]:
    """Parts of signs (folded) that two first pages of a batch or more carry: abbreviations of an office's own."""
    found: Counter[str] = Counter()
    for page in pages:
        number = find_number(page)
        if number is not None:
            found.update({fold(part) for part in (number.repaired_from or number.value.text).split("/")[-1].split("-")})
    return frozenset(part for part, count in found.items() if count > 1)


def find_number(page: PageView, familiar: Set[str] = frozenset()) -> Read[NumberParts] | None:
    """The number in the head of a first page (also under the title, as contracts have it).

    :param familiar: parts of signs known from other papers of the batch.
    """
    header = read_header(page)
    if header.number_line is not None:
        line = header.number_line
        level = [p for p in page.pieces if abs(p.top - line.top) < 0.012 and line.left - 0.02 <= p.left < 0.55]
        flow = flow_of(level or [line], page.index)
        found = _in_flow(flow, familiar) or _plain(flow)
        if found is not None:
            return found
    for piece in page.pieces:
        if piece.top > 0.36:
            break
        if re.match(r"^\W{0,3}(?:so|s0|86|s6)\W{0,2}[:;.]", piece.folded):
            found = _in_flow(flow_of([piece], page.index), familiar)
            if found is not None:
                return found
    return None


def _in_flow(flow: Flow, familiar: Set[str]) -> Read[NumberParts] | None:
    text = re.sub(r"^(\W{0,3})(?:S[ốóôo0]|86)(\W{0,3}[:;.]\s?)", lambda m: " " * len(m[0]), flow.text)
    found = _CANDIDATE.search(text.replace("Ð", "Đ").replace("⁄", "/"))
    if found is None:  # the stroke was lost: 44KL-HĐĐG
        text = _LOST_STROKE.sub(r"\1/\2", text, count=1)
        found = _CANDIDATE.search(text.replace("Ð", "Đ").replace("⁄", "/"))
    if found is None:
        return None
    words = flow.words_in(*found.span())
    lowest = min((w.confidence for w in words if any(c.isdigit() for c in w.text)), default=0.4)
    parts = parse_number(text, guess=lowest < WELL_READ, familiar=familiar)
    if parts is None:
        return None
    raw = re.sub(r"\s", "", flow.text[found.start() : found.end()]).strip(".,;:")
    if has_known_sign(parts, familiar) and _fits_pattern(parts):
        confidence = min(0.99, 1 - DOUBT_IN_SHAPE * (1 - lowest))
    else:
        confidence = min(0.97, 0.3 + 0.7 * lowest) * UNKNOWN_PART ** _unknown_parts(parts, familiar)
    repaired = raw if raw.replace("⁄", "/").replace("–", "-") != parts.text else None
    if _is_guessed(raw, parts):
        confidence *= 0.85
    if not parts.running.strip("0"):
        confidence = min(confidence, 0.4)  # no paper has the number nought
    return Read(parts, confidence, "dòng số, ký hiệu ở đầu trang", flow.page, flow.box(*found.span()), repaired)


def _is_guessed(raw: str, parts: NumberParts) -> bool:
    """Whether a letter of the sign was put in place of another one (not merely given its mark back)."""
    read, shown = ("".join(filter(str.isalnum, fold(text))).translate(_CONFUSED) for text in (raw, parts.text))
    return read != shown


def _plain(flow: Flow) -> Read[NumberParts] | None:
    found = _PLAIN.match(flow.text)
    if found is None:
        return None
    parts = NumberParts(f"{found[1]}/{found[2]}", found[1], int(found[2]), "")
    words = flow.words_in(*found.span(1))
    lowest = min((w.confidence for w in words), default=0.4)
    return Read(parts, 0.3 + 0.7 * lowest, "số và năm ở đầu trang", flow.page, flow.box(found.start(1), found.end(2)))


def _unknown_parts(parts: NumberParts, familiar: Set[str]) -> int:
    return sum(
        not (_is_known(bare) or bare in familiar or _OWN_SIGN.fullmatch(part))
        for part in parts.sign.split("-") if (bare := fold(part))
    )  # fmt: skip


def has_known_sign(parts: NumberParts, familiar: Set[str] = frozenset()) -> bool:
    """Whether every part of the sign is an abbreviation offices use, or one familiar from this batch."""
    return _unknown_parts(parts, familiar) == 0


def _fits_pattern(parts: NumberParts) -> bool:
    """Whether some kind of issuer writes numbers so."""
    return any(pattern.expression.search(f"Số: {parts.text}") for pattern in document_types.number_patterns().values())


def is_left_blank(page: PageView) -> bool:
    """ "Số: ……/QĐ-…": the form has a number line that was never filled in (a draft, a copy)."""
    return any(_BLANK.search(p.folded) for p in page.pieces if p.top < 0.36)
