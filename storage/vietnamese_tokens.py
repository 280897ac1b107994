"""Legal tokens: numbers, dates, articles, money, telephones, identity numbers and plates, found in any spelling.

Pure. Every pattern begins with a digit or a fixed word and looks back only then (``(?<!…)`` after it): so the engine of
regular expressions skips from one to the next instead of trying every letter, which made indexing three times as slow.

Each recogniser works on the text as it is and gives the offsets of what it read, with one canonical key per
meaning, so that "12-3-2024", "12/03/2024" and "ngày 12 tháng 3 năm 2024" are one token.
"""

import codecs
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from storage.vietnamese import INVISIBLE, fold, number_key

TokenKind = Literal["number", "date", "month", "article", "money", "phone", "identity", "plate"]


@dataclass(frozen=True, slots=True)
class LegalToken:
    """``key`` is canonical: ``45/2024/tlstds``, ``2024-03-12``, ``2024-03``, ``d174/k2/a`` (article, clause, point),
    ``165500000`` (đồng), ``0912345678``, ``001085012345``, ``29a12345``. Offsets are into the text as given."""

    kind: TokenKind
    key: str
    start: int
    end: int


def legal_tokens(text: str) -> list[LegalToken]:
    """All tokens by position. A stretch of text is one kind only: dates win over numbers, numbers over digits; only
    a list of articles gives several tokens at one place."""
    flat, offsets = _flatten(text)
    taken = bytearray(len(flat))
    found: list[LegalToken] = []
    for recogniser in (_dates_in_words, _dates_in_digits, _articles, _money, _plates, _numbers, _digits, _months):
        free = [t for t in recogniser(flat) if not any(taken[t.start : t.end])]
        for token in free:
            taken[token.start : token.end] = b"\x01" * (token.end - token.start)
            found.append(LegalToken(token.kind, token.key, offsets[token.start], offsets[token.end - 1] + 1))
    return sorted(found, key=lambda t: t.start)


def _flatten(text: str) -> tuple[str, Sequence[int]]:
    """Folded text, one folded character per kept original character, with each one's offset in the original."""
    if text.isascii():
        return text.lower(), range(len(text))
    if not _ODD.search(text):
        return _plain_text(text), range(len(text))
    chars: list[str] = []
    offsets: list[int] = []
    for at, char in enumerate(text):
        if char in INVISIBLE:
            continue
        if "\u0300" <= char <= "\u036f":
            if offsets:
                offsets[-1] = at
            continue
        chars.append(_PLAIN[ord(char)])
        offsets.append(at)
    return "".join(chars), offsets


class _PlainTable(dict[int, str]):
    """Folded form of each character, exactly one character long, worked out when first met."""

    def __missing__(self, code: int) -> str:
        plain = _plain(chr(code))
        self[code] = plain
        return plain


def _plain(char: str) -> str:
    if char in "\u00a0\u2002\u2003\u2009\u202f":
        return " "
    if char in "‐‑‒–—−":
        return "-"
    folded = fold(char)
    return folded if len(folded) == 1 else char


_PLAIN: Final = _PlainTable()

#: The characters of Vietnamese print, at most 255, for the codecs below; the first stands for none.
_PRINTED: Final = (
    "\0\t\n\f\r" + "".join(map(chr, range(0x20, 0x7F))) + "\u00a0°·§«»‐‑–—‘’“”…•"
    "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư" + "".join(map(chr, range(0x1EA0, 0x1EFA)))
).ljust(256, "\ufffe")
_TO_BYTES: Final = codecs.charmap_build(_PRINTED)
_FROM_BYTES: Final = "".join(_plain(char) for char in _PRINTED)


def _plain_text(text: str) -> str:
    """``text.translate(_PLAIN)``, by way of a code page of our own where the text is plain Vietnamese print: the codecs
    look nothing up in Python (measured: seven times as quick)."""
    try:
        return codecs.charmap_decode(codecs.charmap_encode(text, "strict", _TO_BYTES)[0], "strict", _FROM_BYTES)[0]
    except UnicodeEncodeError:
        return text.translate(_PLAIN)


_ODD: Final = re.compile(f"[\u0300-\u036f{INVISIBLE}]")


# -- dates ---------------------------------------------------------------------------------------------------------

_DATE: Final = re.compile(
    r"(?P<d>[0-9](?<![\d/.\-].)\d?)\s?(?P<s>[/.\-])\s?(?P<m>\d{1,2})\s?(?P=s)\s?(?P<y>(?:1[89]|20)\d\d)"
    r"(?![\d/]|[.\-]\d)"
)
_DATE_WORDS: Final = re.compile(
    r"(?P<d>[0-9](?<!\w.)\d?)\s+thang\s+(?P<m>\d{1,2})\s+nam\s+(?P<y>(?:1[89]|20)\d\d)\b"
)
_DATE_AFTER_DAY: Final = re.compile(
    r"ngay(?<!\w.{4})\s+(?P<d>\d{1,2})\s?[/.\-]\s?(?P<m>\d{1,2})\s?[/.\-]\s?(?P<y>(?:1[89]|20)\d\d)(?!\d)"
)
_BEFORE_DAY: Final = re.compile(r"\b(?:ngay|hom)\s+\Z")
_LONGEST_BEFORE_DAY: Final = 8
_MONTH: Final = re.compile(
    r"thang(?<!\w.{5})\s+(?P<m>\d{1,2})\s*(?:nam\s+|[/.\-]\s?)(?P<y>(?:1[89]|20)\d\d)\b"
)
_MONTH_IN_DIGITS: Final = re.compile(
    r"(?P<m>[0-9](?<![\d/.\-].)\d?)/(?P<y>(?:1[89]|20)\d\d)(?![\d/.\-])"
)
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _dates_in_words(flat: str) -> Iterator[LegalToken]:
    for match in _DATE_WORDS.finditer(flat):
        before = _BEFORE_DAY.search(flat, max(0, match.start() - _LONGEST_BEFORE_DAY), match.start())
        yield from _date(match, before.start() if before else match.start())
    for match in _DATE_AFTER_DAY.finditer(flat):
        yield from _date(match, match.start())


def _dates_in_digits(flat: str) -> Iterator[LegalToken]:
    for match in _DATE.finditer(flat):
        yield from _date(match, match.start())


def _date(match: re.Match[str], start: int) -> Iterator[LegalToken]:
    day, month = int(match["d"]), int(match["m"])
    if 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]:
        yield LegalToken("date", f"{match['y']}-{month:02}-{day:02}", start, match.end())


def _months(flat: str) -> Iterator[LegalToken]:
    for match in itertools.chain(_MONTH.finditer(flat), _MONTH_IN_DIGITS.finditer(flat)):
        if 1 <= int(match["m"]) <= 12:
            yield LegalToken("month", f"{match['y']}-{int(match['m']):02}", *match.span())


# -- articles ------------------------------------------------------------------------------------------------------

_POINTS: Final = r"diem\s+(?P<{0}>[a-z]{{1,2}}(?:\s?(?:,|;|va)\s?(?:diem\s+)?[a-z]{{1,2}}(?=[\s,;]))*)\s*,?\s+"
_CLAUSES: Final = r"khoan\s+(?P<{0}>\d{{1,2}}[a-z]?(?:\s?(?:,|;|va)\s?(?:khoan\s+)?\d{{1,2}}[a-z]?)*)"
_ARTICLES: Final = re.compile(
    r"dieu(?<!\w.{4})\s+(?P<a>\d{1,3}[a-z]?(?:\s?(?:,|;|va)\s?\d{1,3}[a-z]?(?!\s?[/.\d]))*)(?![\d/])"
    r"(?:\s*,?\s+khoan\s+(?P<k>\d{1,2}[a-z]?)(?:\s*,?\s+diem\s+(?P<p>[a-z]{1,2})\b)?)?"
)
_BEFORE_ARTICLES: Final = re.compile(
    r"\b(?:" + _POINTS.format("p") + r")?(?:" + _CLAUSES.format("k") + r"\s*,?\s+)?(?:cac\s+)?\Z"
)
_LONGEST_BEFORE_ARTICLES: Final = 160
_ITEM: Final = re.compile(r"\b(?:\d{1,3}[a-z]?|[a-z]{1,2})\b")


def _articles(flat: str) -> Iterator[LegalToken]:
    """"điểm a, b khoản 1 Điều 51", "Điều 174 khoản 2", "các điều 51, 54": a clause before the list belongs to its
    first article, one after it to its last; points belong to the first clause. Each is a token over the whole list."""
    end = 0
    for match in _ARTICLES.finditer(flat):
        before = _BEFORE_ARTICLES.search(flat, max(end, match.start() - _LONGEST_BEFORE_ARTICLES), match.start())
        start, end = before.start() if before else match.start(), match.end()
        clauses_before, points_before = before.group("k", "p") if before else (None, None)
        articles = [i for i in _items(match["a"]) if i[0].isdigit()]
        clauses = [i for i in _items(clauses_before or match["k"]) if i[0].isdigit()]
        points = [i for i in _items(points_before or match["p"]) if not i[0].isdigit()]
        with_clause = 0 if clauses_before else len(articles) - 1
        for index, article in enumerate(articles):
            keys = _clause_keys(f"d{article}", clauses, points) if index == with_clause else [f"d{article}"]
            for key in keys:
                yield LegalToken("article", key, start, end)


def _clause_keys(article: str, clauses: list[str], points: list[str]) -> list[str]:
    if not clauses:
        return [article]
    first = [f"{article}/k{clauses[0]}/{point}" for point in points] or [f"{article}/k{clauses[0]}"]
    return first + [f"{article}/k{clause}" for clause in clauses[1:]]


def _items(text: str | None) -> list[str]:
    return [m.group() for m in _ITEM.finditer(text or "") if m.group() != "va"]


# -- money ---------------------------------------------------------------------------------------------------------

_MONEY: Final = re.compile(
    r"(?P<n>[0-9](?<![\d.,/].)(?:\d{0,2}(?:[. ]\d{3})+(?:,\d+)?|\d{0,2}(?:,\d{3})+|\d*(?:[.,]\d{1,3})?))\s*"
    r"(?P<u>ty dong|trieu dong|nghin dong|ngan dong|ty|trieu|dong|vnd|d)(?![a-z0-9])"
)
_UNITS: Final = {"ty": 10**9, "trieu": 10**6, "nghin": 10**3, "ngan": 10**3}


def _money(flat: str) -> Iterator[LegalToken]:
    for match in _MONEY.finditer(flat):
        unit = _UNITS.get(match["u"].split()[0], 1)
        amount = _amount(match["n"], unit)
        if amount >= 1000:
            yield LegalToken("money", str(amount), *match.span())


def _amount(number: str, unit: int) -> int:
    grouped = re.fullmatch(r"\d{1,3}(?:[., ]\d{3})+", number)
    if grouped and not (unit > 1 and number.count(",") == 1 and "." not in number and " " not in number):
        return int(re.sub(r"\D", "", number)) * unit
    whole, _, part = re.sub(r"[. ](?=\d{3}(?!\d))", "", number).replace(".", ",").partition(",")
    return int(whole) * unit + (int(part) * unit // 10 ** len(part) if part else 0)


# -- plates, numbers, runs of digits -------------------------------------------------------------------------------

_PLATE: Final = re.compile(
    r"[1-9](?<![a-z0-9/].)\d\s?-?\s?[a-z]{1,2}\d?\s?[-. ]\s?(?:\d{3}\.?\d{2}|\d{4})(?![\d/])"
)
_NUMBER: Final = re.compile(
    r"[0-9](?<![a-z0-9/].)\d{0,5}(?:"
    r"[a-z]?(?:\s?/\s?(?:1[89]|20)\d\d)?\s?[/\-]\s?[a-z][a-z0-9]*(?:\s?[-./]\s?[a-z][a-z0-9]*)*|"
    r"\s?/\s?(?:1[89]|20)\d\d\s?[/\-]?\s?[a-z]{2,}[a-z0-9]*(?:\s?[-/]\s?[a-z]+[a-z0-9]*)*)"
)
#: Signs without a number (QĐ-VKS), from their first hyphen on, and what stands before that hyphen.
_SIGNS_FROM_HYPHEN: Final = re.compile(r"-(?=(\s?[a-z]{2,8}(?:\s?-\s?[a-z0-9]{1,8})*(?![a-z])))")
_BEFORE_HYPHEN: Final = re.compile(r"(?<![a-z0-9/\-])[a-z]{2,8}\s?\Z")
_LONGEST_BEFORE_HYPHEN: Final = 9
_SIGN_LIST: Final = """
    qd ct kl tb bb kn vks vksnd vkstc vkndtc csdt cqcsdt tand ta tlst tlpt hsst hspt dsst dspt hnst hngd ds hs hc kdtm
    ld cthads thads cchv cv bc kh ttr tt ttlt nd cp tw hd vp vpcqcsdt pc lct ltg ltgn tpt gdt lxx xxst xxpt gcn hdnd
    bca btp blhs bltths nq nqhd hdtp qh st pt gxn ubnd
"""
_SIGNS: Final = frozenset(_SIGN_LIST.split())


def _plates(flat: str) -> Iterator[LegalToken]:
    for match in _PLATE.finditer(flat):
        yield LegalToken("plate", re.sub(r"[^a-z0-9]", "", match.group()), *match.span())


def _numbers(flat: str) -> Iterator[LegalToken]:
    end = 0
    for start, after in sorted([*(match.span() for match in _NUMBER.finditer(flat)), *_signs_alone(flat)]):
        if start >= end:
            end = after
            if _is_number(flat[start:after]):
                yield LegalToken("number", number_key(flat[start:after]), start, after)


def _signs_alone(flat: str) -> Iterator[tuple[int, int]]:
    for match in _SIGNS_FROM_HYPHEN.finditer(flat):
        before = _BEFORE_HYPHEN.search(flat, max(0, match.start() - _LONGEST_BEFORE_HYPHEN), match.start())
        if before:
            yield before.start(), match.end(1)


def _is_number(text: str) -> bool:
    """A number needs a known sign (QĐ, VKS, TLST…) among its letters, or the shape number/year/letters."""
    letters = re.findall(r"[a-z]+", text)
    if re.match(r"\d{1,6}\s?/\s?\d{4}\s?[/-]\s?[a-z]{2,}", text):
        return True
    known = [any(word == sign or (word.startswith(sign) and len(sign) > 2) for sign in _SIGNS) for word in letters]
    return any(known) and (text[0].isdigit() or all(known))


_DIGITS: Final = re.compile(
    r"[+0-9](?<![\d/.,\-].)(?:(?<=\+)\d|(?<=\d))(?:[ .\-]?\d){8,13}(?![\d/]|[.,]\d)"
)


def _digits(flat: str) -> Iterator[LegalToken]:
    for match in _DIGITS.finditer(flat):
        digits = re.sub(r"\D", "", match.group())
        if match.group().startswith("+84") or (digits.startswith("84") and len(digits) == 11):
            digits = "0" + digits[2:]
        if re.fullmatch(r"0[35789]\d{8}|02\d{9}", digits):
            yield LegalToken("phone", digits, *match.span())
        elif len(digits) in {9, 12} and not match.group().startswith("+"):
            yield LegalToken("identity", digits, *match.span())
