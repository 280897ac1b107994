"""What the value of a filter names, and the tree node that asks for it. Only what the person may see is ever named."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config import document_types, folders
from search import schema, tree
from search.pages import but_luc_order
from search.query import FilterName, but_luc_bounds, date_bounds
from search.tokens import tokens
from search.tree import Node
from storage.access import CaseScope, visible_cases
from storage.models.cases import Case, CaseNumber, EvidenceFolder
from storage.vietnamese import fold, normal, number_key

_MOST_CASES: Final = 200
_ONE_NUMBER: Final = re.compile(r"\S+(?:\s*[/\-–—]\s*\S+)*")
_LAST_DAY: Final = 99_991_231


def _plain(text: str) -> str:
    return " ".join(t.folded for t in tokens(normal(text)))


@dataclass(slots=True)
class Names:
    """Looks values up, once each per query."""

    session: Session
    scope: CaseScope
    _known: dict[tuple[FilterName, str], Node | None] = field(default_factory=dict)

    def resolves(self, name: FilterName, text: str) -> bool:
        """Whether the value names something."""
        return self.node(name, text) is not None

    def node(self, name: FilterName, text: str) -> Node | None:
        """The condition a filter means, or None when its value names nothing."""
        key = (name, text)
        if key not in self._known:
            self._known[key] = getattr(self, f"_{name}")(text)
        return self._known[key]

    def _case(self, text: str) -> Node | None:
        ids = self.cases(text)
        return cases_node(ids) if ids else None

    def cases(self, text: str) -> list[int]:
        """Visible cases with this number (or one that begins so), else with these words in their name."""
        key = number_key(text)
        if key and any(c.isdigit() for c in key):
            wanted = or_(CaseNumber.key == key, CaseNumber.key.startswith(f"{key}/", autoescape=True))
            query = select(CaseNumber.case_id).join(Case).where(wanted, visible_cases(self.scope)).limit(_MOST_CASES)
            found = list(self.session.scalars(query.distinct()))
            if found:
                return found
        plain = f" {_plain(text)} "
        if not plain.strip():
            return []
        rows = self.session.execute(select(Case.id, Case.name).where(visible_cases(self.scope)))
        return [row.id for row in rows if plain in f" {_plain(row.name)} "][:_MOST_CASES]

    def _folder(self, text: str) -> Node | None:
        plain = _plain(text)
        codes = {code for code, one in folders.folders().items() if _matches(plain, code, one.name)}
        own = select(EvidenceFolder.code, EvidenceFolder.name).join(Case).where(visible_cases(self.scope)).distinct()
        codes |= {row.code for row in self.session.execute(own) if _matches(plain, row.code, row.name)}
        return tree.OneOf(schema.FOLDER, frozenset(codes)) if codes else None

    def _type(self, text: str) -> Node | None:
        plain = _plain(text)
        types = document_types.document_types()
        exact = {code for code, one in types.items() if plain in {_plain(n) for n in (code, one.name, *one.titles)}}
        codes = exact or {code for code, one in types.items() if _matches(plain, code, one.name, *one.titles)}
        return tree.OneOf(schema.KIND, frozenset(codes)) if codes else None

    def _person(self, text: str) -> Node | None:
        """A name of two words or more, or one word with a capital: "người: ai" is text."""
        found = tokens(text)
        if not found or len(found) > 6 or (len(found) == 1 and not text[:1].isupper()):
            return None
        return person_node(text)

    def _number(self, text: str) -> Node | None:
        key = number_key(text) if _ONE_NUMBER.fullmatch(text.strip()) else ""
        if not any(c.isdigit() for c in key) or not any(c.isalpha() for c in key):
            return None
        return tree.Any((tree.Term(schema.HEAD, f"n:{key}"), tree.Term(schema.LEGAL, f"n:{key}")))

    def _from(self, text: str) -> Node | None:
        bounds = date_bounds(text)
        return tree.Number("date", bounds[0], _LAST_DAY) if bounds else None

    def _to(self, text: str) -> Node | None:
        bounds = date_bounds(text)
        return tree.Number("date", 1, bounds[1]) if bounds else None

    def _but_luc(self, text: str) -> Node | None:
        bounds = but_luc_bounds(text)
        if bounds is None:
            return None
        last = but_luc_order(bounds[1])
        # "120" also means 120a, 120b…: a letter only narrows when it is typed.
        return tree.Number("but_luc", but_luc_order(bounds[0]), last if last % 100 else last + 99)

    def _scan(self, text: str) -> Node | None:
        return tree.NumberIn("scan", frozenset({int(text)})) if text.isdecimal() and len(text) < 16 else None

    def _document(self, text: str) -> Node | None:
        return tree.NumberIn("document", frozenset({int(text)})) if text.isdecimal() and len(text) < 16 else None


def cases_node(ids: Iterable[int]) -> Node:
    """Pages that lie in one of these cases."""
    return tree.OneOf(schema.ACCESS, frozenset(schema.case_access(case_id) for case_id in ids))


def person_node(name: str) -> Node:
    """Pages that name a person: recognised there, or at least with the name in the text. Marks typed bind."""
    found = tokens(name)
    bind = any(t.has_marks for t in found)
    words = tuple(t.marked if bind else t.folded for t in found)
    return tree.Any(
        (tree.Term(schema.PERSON, "_".join(words)), tree.Phrase(schema.MARKED if bind else schema.BODY, words))
    )


def _matches(plain: str, code: str, *names: str) -> bool:
    return bool(plain) and (plain == fold(code) or any(f" {plain} " in f" {_plain(name)} " for name in names))


