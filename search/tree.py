"""The query as both engines understand it: a small tree, already normalised, with nothing left to interpret."""

from dataclasses import dataclass

from search.schema import NumberField


@dataclass(frozen=True, slots=True)
class Term:
    """Pages holding the term in the field."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Pages holding the words in this order, each at most ``slop`` other words after the one before (two words only
    when slop is above 0, so that every engine means the same by it)."""

    field: str
    words: tuple[str, ...]
    slop: int = 0


@dataclass(frozen=True, slots=True)
class OneOf:
    """Pages whose field holds any of the terms; scores nothing."""

    field: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Number:
    """Pages whose number lies within the bounds, both included; scores nothing."""

    field: NumberField
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class NumberIn:
    """Pages whose number is one of these; scores nothing."""

    field: NumberField
    values: frozenset[int]


@dataclass(frozen=True, slots=True)
class Boost:
    """The node with its score multiplied."""

    node: "Node"
    factor: float


@dataclass(frozen=True, slots=True)
class Flat:
    """The node with one fixed score for every page it finds."""

    node: "Node"
    score: float


@dataclass(frozen=True, slots=True)
class Any:
    """Pages found by at least one node; scores add up."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Bool:
    """Pages found by every ``must`` and no ``without``; ``should`` only adds to the score. No must means all pages."""

    must: tuple["Node", ...] = ()
    should: tuple["Node", ...] = ()
    without: tuple["Node", ...] = ()


Node = Term | Phrase | OneOf | Number | NumberIn | Boost | Flat | Any | Bool
