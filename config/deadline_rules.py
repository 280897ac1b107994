"""The statutory deadlines as data: what starts a period, how long it is, how it is counted, who is bound, by which law.

Rows come from ``data/deadlines_*.toml``; an office may put files of the same form into ``DATA/config``, where a row
with
the same id replaces the shipped one. A mistake is refused with file, line and reason, and the running rules stay.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from config.data_file import DataFile, check_keys, data_files, read_data_file

UNITS = ("hour", "day", "working_day", "month", "year", "immediate")
COUNTINGS = ("blds", "working_day", "bltths", "hours", "detention", "thads", "immediate")
KINDS = ("violation", "own", "right", "info")
CONFIDENCES = ("V1", "V2", "M", "P")
#: Marks with which a rule may be put forward as law; the others only ever ask a person to check.
SURE = frozenset({"V1", "V2"})
_PART = re.compile(r"(\d+)\s+([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time as the law writes it, for example 3 working days."""

    amount: int
    unit: str

    def in_words(self) -> str:
        """Vietnamese: ``3 ngày làm việc``."""
        names = {"hour": "giờ", "day": "ngày", "working_day": "ngày làm việc", "month": "tháng", "year": "năm"}
        return f"{self.amount} {names[self.unit]}"


def parse_period(text: str) -> tuple[Length, ...]:
    """Read ``"2 month + 30 day"``; an empty text is no length.

    :raises ValueError: when it is not of that form.
    """
    lengths = []
    for part in text.split("+") if text.strip() else []:
        found = _PART.fullmatch(part.strip())
        if not found or found.group(2) not in UNITS[:-1]:
            raise ValueError(f"{text!r} không đọc được, mẫu: '3 working_day' hoặc '2 month + 30 day'")
        lengths.append(Length(int(found.group(1)), found.group(2)))
    return tuple(lengths)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One deadline. ``kind``: violation (another's duty), own (ours), right (a right that lapses), info."""

    id: str
    field: str
    trigger: str
    action: str
    period: tuple[Length, ...]
    counting: str
    bound: str
    kind: str
    law: str
    article: str
    confidence: str
    source: str
    before: bool = False
    not_before: bool = False
    #: longest total length when every lengthening the law allows was granted; empty = none
    at_most: tuple[Length, ...] = ()
    extension: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str = ""
    #: id of a rule for the same act that ends later: nothing is called late before that one is over too
    late_only_after: str = ""
    core: bool = False
    note: str = ""

    @property
    def basis(self) -> str:
        """Article and law as they are cited."""
        return f"{self.article} {self.law}"

    def in_force(self, day: date) -> bool:
        """Whether this version of the law holds for an event of that day."""
        return (self.valid_from is None or day >= self.valid_from) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class DeadlineRules:
    """All rules by id, and which version of a rule held when."""

    by_id: Mapping[str, Rule]
    _earlier: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for rule in self.by_id.values():
            if rule.replaced_by:
                self._earlier.setdefault(rule.replaced_by, []).append(rule.id)

    def version_for(self, rule_id: str, trigger: date) -> Rule | None:
        """The rule of the same act in force on the trigger date; None when no known version holds.

        :raises KeyError: for an unknown id.
        """
        rule: Rule | None = self.by_id[rule_id]
        trigger = trigger.date() if isinstance(trigger, datetime) else trigger
        while rule is not None and rule.valid_to is not None and trigger > rule.valid_to:
            rule = self.by_id.get(rule.replaced_by)
        while rule is not None and rule.valid_from is not None and trigger < rule.valid_from:
            earlier = self._earlier.get(rule.id, [])
            rule = self.by_id[earlier[0]] if len(earlier) == 1 else None
        return rule if rule is not None and rule.in_force(trigger) else None


_TEXTS = ("id", "field", "trigger", "action", "counting", "bound", "kind", "law", "article", "confidence")
_OPTIONAL = ("source", "extension", "replaced_by", "late_only_after", "note")
_FLAGS = ("before", "not_before", "core")
_DATES = ("valid_from", "valid_to")
_KNOWN = {*_TEXTS, *_OPTIONAL, *_FLAGS, *_DATES, "period", "at_most"}


def load_deadline_rules(office_folder: Path | None = None) -> DeadlineRules:
    """Read every deadlines file.

    :raises DataFileError: when a file has a mistake; names file, line and reason.
    """
    rules: dict[str, Rule] = {}
    where: dict[str, tuple[DataFile, int]] = {}
    for path in data_files("deadlines*.toml", office_folder):
        file = read_data_file(path)
        seen: set[str] = set()
        for position, row in enumerate(file.content.get("rule", [])):
            rule = _read_rule(file, row, position)
            if rule.id in seen:
                file.fail(f"{rule.id} có hai lần / twice", "rule", position, "id")
            seen.add(rule.id)
            rules[rule.id] = rule
            where[rule.id] = (file, position)
    for rule in rules.values():
        for key, other in (("replaced_by", rule.replaced_by), ("late_only_after", rule.late_only_after)):
            if other and other not in rules:
                file, position = where[rule.id]
                file.fail(f"không có thời hạn {other!r} / no such rule", "rule", position, key)
    return DeadlineRules(rules)


def _read_rule(file: DataFile, row: dict[str, Any], position: int) -> Rule:
    check_keys(file, row, _KNOWN, "rule", position)
    values: dict[str, Any] = {}
    for key in (*_TEXTS, *_OPTIONAL):
        value = row.get(key, "")
        if not isinstance(value, str) or (key in _TEXTS and not value):
            file.fail(f"{key} phải là chữ / must be text", "rule", position, key)
        values[key] = value
    for key in _FLAGS:
        if not isinstance(row.get(key, False), bool):
            file.fail(f"{key} phải là true hoặc false", "rule", position, key)
        values[key] = row.get(key, False)
    for key in _DATES:
        if key in row and type(row[key]) is not date:
            file.fail(f"{key} phải là ngày dạng 2026-07-01", "rule", position, key)
        values[key] = row.get(key)
    for key in ("period", "at_most"):
        try:
            values[key] = parse_period(str(row.get(key, "")))
        except ValueError as error:
            file.fail(str(error), "rule", position, key)
    for key, allowed in (("counting", COUNTINGS), ("kind", KINDS), ("confidence", CONFIDENCES)):
        if values[key] not in allowed:
            file.fail(f"{key} = {values[key]!r}, phải là một trong {', '.join(allowed)}", "rule", position, key)
    return Rule(**values)
