"""From a query taken apart to the tree the engines run, and to what must be looked for on a page found."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from search import schema, tree
from search.query import Filter, Parsed, Quoted, Word, Words
from search.tokens import Token, legal_term, tokens
from search.tree import Node
from storage.access import CaseScope
from storage.vietnamese import fold
from storage.vietnamese_keys import composed
from storage.vietnamese_tokens import legal_tokens

#: Weights, measured on known items: a pair of neighbouring words counts like a word; marks as typed lift a page.
_PAIR: Final = 1.0
_MARKED: Final = 0.7
_VARIANT: Final = 0.1
_HEAD: Final = 1.2
_LEGAL: Final = 3.0
_CHECKED: Final = 0.1
ANY: Final = ""

#: Gives the words of the index close to one, each with how sure it is (1 = the word itself).
Expander = Callable[[str], Sequence[tuple[str, float]]]


@dataclass(slots=True)
class Wanted:
    """What to look for on the text of a page found. Words are folded; ``marked`` ones must have these marks.

    A run is words typed one after the other, each with the forms it may have, likeliest first; ``ANY`` as the last
    form says that all of them are equally meant (a beginning).
    """

    runs: list[list[tuple[str, ...]]] = field(default_factory=list)
    phrases: list[tuple[str, ...]] = field(default_factory=list)
    marked_phrases: list[tuple[str, ...]] = field(default_factory=list)
    legal: set[str] = field(default_factory=set)
    typed: list[Token] = field(default_factory=list)


@dataclass(slots=True)
class Compiled:
    """The words of a query as a tree without any filter (None without words), and what they are on a page.

    ``first`` finds those of the node's pages that come before all others: where words typed one after the other stand
    so. ``nearly``, of three or more words and asked only when there is no such page, finds pages where most of them do
    though one was misread.
    """

    node: Node | None
    wanted: Wanted
    first: tree.Bool | None = None
    nearly: Callable[[], Node] | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How words are taken: ``tolerant`` opens every word to errors, ``exact`` binds marks of every word."""

    tolerant: bool = False
    exact: bool = False


class Compiler:
    """Compiles one query. ``near`` expands a word to words like it, ``beginning`` to words that begin so."""

    def __init__(self, near: Expander, beginning: Expander, options: Options) -> None:
        self._near = near
        self._beginning = beginning
        self._options = options
        self._must: list[Node] = []
        self._should: list[Node] = []
        self._without: list[Node] = []
        self._wanted = Wanted()
        #: of each free word or legal token: what finds it in the text, and what finds it in the head
        self._places: list[tuple[Node, Node]] = []
        #: of every two words typed one after the other: what finds them side by side in the text, and the words alone
        self._pairs: list[Node] = []
        self._paired: list[tuple[Node, Node]] = []

    def compile(self, parsed: Parsed) -> Compiled:
        """The tree of the free words, phrases and operators; filters are the caller's."""
        for part in parsed.parts:
            if isinstance(part, Words):
                self._words(part.text)
            elif isinstance(part, Word):
                self._word(part)
            elif isinstance(part, Quoted):
                self._quoted(part)
        if not self._must and not self._without:
            return Compiled(None, self._wanted)
        self._should.append(tree.Boost(tree.Term(schema.FLAGS, "checked"), _CHECKED))
        first = self._beside() if self._pairs and not self._options.tolerant else None
        self._require_text()
        should = (*self._should, *(tree.Boost(pair, _PAIR) for pair in self._pairs))
        compiled = Compiled(tree.Bool(tuple(self._must), should, tuple(self._without)), self._wanted, first)
        found = tokens(parsed.text)
        if len(found) > 2 and not self._options.exact and all(isinstance(p, Words | Filter) for p in parsed.parts):
            compiled.nearly = partial(self._nearly, found, should)
        return compiled

    def _beside(self) -> tree.Bool:
        """Words side by side stand in the text; how often each stands there alone is left to add to the score."""
        alone = {in_either for in_either, _ in self._paired}
        must = (*(node for node in self._must if node not in alone), *self._pairs)
        return tree.Bool(must, (*(in_text for _, in_text in self._paired), *self._should), tuple(self._without))

    def _require_text(self) -> None:
        """A title may hold some of the words, but never all: a page found has something to show."""
        if len(self._must) > len(self._places):
            return  # something quoted or exact stands in the text anyway
        if len(self._places) == 1:
            self._must = [self._places[0][0]]
        elif self._places:
            in_text, in_head = zip(*self._places, strict=True)
            self._without.append(tree.Bool(in_head, (), in_text))

    def _nearly(self, found: Sequence[Token], should: tuple[Node, ...]) -> Node:
        """Every two neighbours side by side, each as typed or as a word like it."""
        spellings = []
        for token in found:
            options = dict.fromkeys(_forms(token), 1.0)
            for word, sure in self._near(token.folded):
                options.setdefault(word, sure)
            spellings.append(options)
        side_by_side = [
            tree.OneOf(schema.PAIRS, frozenset(f"{a}_{b}" for a in one for b in other))
            for one, other in itertools.pairwise(spellings)
        ]
        words = (_any_term(schema.BODY, options) for options in spellings)
        return tree.Bool(tuple(side_by_side), (*words, *should))

    # -- free words

    def _words(self, text: str) -> None:
        found = tokens(text)
        groups = [(t, [w for w in found if t.start <= w.start < t.end]) for t in legal_tokens(text)]
        grouped = {word.start for _, group in groups for word in group if len(group) > 1 or _is_number(group)}
        for token, group in groups:
            if group and group[0].start in grouped:
                term = legal_term(token)
                phrase = tree.Phrase(schema.BODY, tuple(w.folded for w in group))
                node = tree.Any((tree.Boost(tree.Term(schema.LEGAL, term), _LEGAL), phrase))
                head = tree.Term(schema.HEAD, term)
                self._must.append(tree.Any((node, tree.Flat(head, 0.0))))
                self._should.append(tree.Boost(head, _HEAD))
                self._places.append((node, head))
                self._wanted.legal.add(term)
                self._wanted.phrases.append(tuple(w.folded for w in group))
        run: list[tuple[str, ...]] = []
        required, placed = len(self._must), len(self._places)
        for token_ in found:
            if token_.start not in grouped:
                run.append(tuple(self._free_word(token_)))
        if run and not self._options.exact:
            self._wanted.runs.append(run)
        if len(found) > 1:
            self._add_pairs(found)
            if not self._options.exact:  # where marks bind, side by side is not enough
                alone = zip(self._must[required:], self._places[placed:], strict=True)
                self._paired += [(in_either, in_text) for in_either, (in_text, _) in alone]

    def _free_word(self, token: Token) -> dict[str, float]:
        """Require a word in the text or the head, whichever way it may be spelt; gives its folded forms."""
        self._wanted.typed.append(token)
        if self._options.exact:
            self._must.append(tree.Term(schema.MARKED, token.marked))
            self._wanted.marked_phrases.append((token.marked,))
            return {token.folded: 1.0}
        options = {token.folded: 1.0}
        meant = composed(token.marked)
        if meant is not None:
            options.setdefault(fold(meant), 0.9)
            self._should.append(tree.Boost(tree.Term(schema.MARKED, meant), _MARKED))
        if self._options.tolerant:
            for word, sure in self._near(token.folded):
                options.setdefault(word, sure)
        self._anywhere(options)
        if token.has_marks:
            self._should.append(tree.Boost(tree.Term(schema.MARKED, token.marked), _MARKED))
        if token.variant:
            self._should.append(tree.Boost(tree.Term(schema.MARKED, token.variant), _VARIANT))
        return options

    def _anywhere(self, options: dict[str, float]) -> None:
        """Require one of these spellings in the text or the head; in the head the likeliest adds to the score."""
        self._must.append(_any_term(schema.ANYWHERE, options))
        self._places.append((_any_term(schema.BODY, options), _any_term(schema.HEAD, options)))
        self._should.append(tree.Boost(tree.Term(schema.HEAD, next(iter(options))), _HEAD))

    def _add_pairs(self, found: Sequence[Token]) -> None:
        for one, other in itertools.pairwise(found):
            pairs = [f"{first}_{second}" for first in _forms(one) for second in _forms(other)]
            self._pairs.append(_any_term(schema.PAIRS, dict.fromkeys(pairs, 1.0)))
            self._should += [tree.Boost(tree.Term(schema.HEAD, pair), _PAIR) for pair in pairs]

    # -- operators

    def _word(self, part: Word) -> None:
        found = tokens(part.text)
        if not found:
            return
        if part.negative:
            self._without.append(self._phrase_node([found], bind=_has_marks(found)))
            return
        last = found[-1]
        options = {last.folded: 1.0}
        expander = self._beginning if part.prefix else self._near
        for word, sure in expander(last.folded):
            options.setdefault(word, sure)
        run = [tuple(self._free_word(token)) for token in found[:-1]]
        self._anywhere(options)
        self._wanted.runs.append([*run, (*options, ANY) if part.prefix else tuple(options)])
        self._wanted.typed.append(last)

    def _quoted(self, part: Quoted) -> None:
        found = tokens(part.text)
        if not found:
            return
        bind = _has_marks(found)
        if part.slop is not None and len(found) > 1:
            node: Node = tree.Bool(tuple(self._near_each_other(a, b, part.slop, bind=bind)
                                         for a, b in itertools.pairwise(found)))
            self._want_words(found)
        else:
            node = self._phrase_node([found], bind=bind)
            if not part.negative:
                self._want_phrase(found, bind=bind)
        (self._without if part.negative else self._must).append(node)
        if not part.negative:
            self._wanted.typed.extend(found)

    def _phrase_node(self, ways: Iterable[Sequence[Token]], *, bind: bool) -> Node:
        nodes: list[Node] = []
        for found in ways:
            if bind:
                nodes.append(tree.Phrase(schema.MARKED, tuple(t.marked for t in found)))
            else:
                nodes.append(tree.Phrase(schema.BODY, tuple(t.folded for t in found)))
        return nodes[0] if len(nodes) == 1 else tree.Any(tuple(nodes))

    def _near_each_other(self, one: Token, other: Token, slop: int, *, bind: bool) -> Node:
        name = schema.MARKED if bind else schema.BODY
        first, second = (one.marked, other.marked) if bind else (one.folded, other.folded)
        near = min(slop, 50)
        either = (tree.Phrase(name, (first, second), near), tree.Phrase(name, (second, first), near))
        return tree.Flat(tree.Any(either), 2.0)

    def _want_words(self, found: Sequence[Token]) -> None:
        self._wanted.runs.append([(t.folded,) for t in found])

    def _want_phrase(self, found: Sequence[Token], *, bind: bool) -> None:
        if bind:
            self._wanted.marked_phrases.append(tuple(t.marked for t in found))
        else:
            self._wanted.phrases.append(tuple(t.folded for t in found))


def scope_node(scope: CaseScope) -> Node | None:
    """The rights of a person as part of the query; None when he may see everything."""
    if scope.everything:
        return None
    values = {schema.case_access(case_id) for case_id in scope.case_ids}
    if scope.unassigned:
        values.add(schema.UNASSIGNED)
    elif scope.owner_id is not None:
        values.add(schema.owner_access(scope.owner_id))
    return tree.OneOf(schema.ACCESS, frozenset(values))


def _any_term(name: str, options: dict[str, float]) -> Node:
    nodes: list[Node] = [
        tree.Term(name, word) if sure == 1.0 else tree.Boost(tree.Term(name, word), sure)
        for word, sure in options.items()
    ]
    return nodes[0] if len(nodes) == 1 else tree.Any(tuple(nodes))


def _forms(token: Token) -> list[str]:
    meant = composed(token.marked)
    return [token.folded, fold(meant)] if meant is not None and fold(meant) != token.folded else [token.folded]


def _has_marks(found: Sequence[Token]) -> bool:
    return any(t.has_marks for t in found)


def _is_number(group: Sequence[Token]) -> bool:
    return len(group) == 1 and any(c.isdigit() for c in group[0].folded)
