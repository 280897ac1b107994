"""Checking an entry's deadlines: from the fields of a row to graded findings. Pure: no database, no clock of its own.

A finding is kept with the entry in a small form without its arithmetic; ``explain`` counts again, step by step, for the
person who asks. Whether an act not yet recorded is "not due" or "overdue" depends on the day one looks, so that part is
decided at reading (``state_on``).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from config.deadline_rules import Length, Rule
from config.ledger_books import Book, Check, DateRule
from ledger.deadlines import counting, grading
from ledger.deadlines.engine import Due, Engine, NoRule
from ledger.deadlines.grading import Facts, Limits, State
from ledger.values import as_moment

OWN_RULE = "own_rule"


@dataclass(frozen=True, slots=True)
class Finding:
    """The grade of one check. Dates are ISO texts; ``actual`` is the act, or its arrival when only that is known."""

    check: str
    deadline: str
    about: str
    article: str
    kind: str
    bound: str
    confidence: str
    trigger_date: str | None
    due: str | None
    latest: str | None
    actual: str | None
    received: str | None
    state: State
    reason: str
    agency: str

    @property
    def is_overdue(self) -> bool:
        """Past its day with nothing recorded."""
        return self.state is State.MISSING_DATA and self.due is not None and self.actual is None

    @property
    def days_late(self) -> int | None:
        """Calendar days between due and act, for the text of a paper; None when not late."""
        if not self.due or not self.actual or self.actual[:10] <= self.due[:10]:
            return None
        return (date.fromisoformat(self.actual[:10]) - date.fromisoformat(self.due[:10])).days

    def as_json(self) -> dict[str, Any]:
        """The form of ``archive ledger check --json`` and of the API."""
        return {
            "check": self.check, "deadline": self.deadline, "about": self.about, "article": self.article,
            "trigger_date": self.trigger_date, "due": self.due, "latest": self.latest, "actual": self.actual,
            "received": self.received, "state": str(self.state), "reason": self.reason, "kind": self.kind,
            "bound": self.bound, "confidence": self.confidence, "agency": self.agency,
        }  # fmt: skip


def assess(book: Book, engine: Engine, data: dict[str, Any], today: date) -> list[Finding]:
    """All findings of one entry, statutory checks first."""
    found = [_check(book, check, engine, data, today) for check in book.checks]
    own = [_date_rule(rule, engine, data, today) for rule in book.date_rules]
    return [f for f in (*found, *own) if f is not None]


def _first(data: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((str(data[n]) for n in names if data.get(n)), None)


def _earliest(data: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return min((str(data[n]) for n in names if data.get(n)), default=None)


def applies(check: Check, data: dict[str, Any]) -> bool:
    """Whether the check is meant for this entry (its ``when``)."""
    return all((data.get(name) or "") in allowed for name, allowed in check.when.items())


def _check(book: Book, check: Check, engine: Engine, data: dict[str, Any], today: date) -> Finding | None:
    if not applies(check, data):
        return None
    trigger_text, done, received = _first(data, check.trigger), _after_trigger(data, check), _first(data, check.received)
    agency = str(data.get(check.agency or book.agency) or "")
    if trigger_text is None:
        if not (done or received):
            return None
        rule = engine.rules.by_id[check.deadline]
        return _finding(check, rule, agency, None, None, done or received, received, State.MISSING_DATA,
                        "chưa ghi ngày bắt đầu thời hạn")  # fmt: skip
    trigger = as_moment(trigger_text)
    try:
        rule = engine.version(check.deadline, trigger)
    except NoRule:
        return None
    limits = _limits(engine, rule, check, data, trigger)
    facts = Facts(trigger, as_moment(done) if done else None, as_moment(received) if received else None)
    state, reason = grading.grade(rule, facts, limits, today)
    if facts.done is None and facts.received is None and state is State.MISSING_DATA and (check.optional or rule.kind == "right"):
        # a right that was not used, or an act the office does not record, says nothing
        return None
    return _finding(check, rule, agency, trigger_text, limits, done or received, received, state, reason)


def _after_trigger(data: dict[str, Any], check: Check) -> str | None:
    """The act: the earliest of several that may end the period, but after a restart only a later one."""
    trigger = _first(data, check.trigger)
    if trigger and len(check.trigger) > 1 and data.get(check.trigger[0]):
        later = [str(data[n]) for n in check.done if data.get(n) and str(data[n]) >= trigger]
        return min(later, default=None)
    return _earliest(data, check.done)


def _limits(engine: Engine, rule: Rule, check: Check, data: dict[str, Any], trigger: date | datetime) -> Limits:
    if isinstance(trigger, datetime):
        computed = engine.compute(rule.id, trigger)
        due, latest = computed.due, computed.latest
    else:
        due, latest = engine.quick(rule, trigger)
    longest = engine.longest(rule, trigger) if rule.at_most else latest
    extended = data.get(check.extended_to) if check.extended_to else None
    if extended:
        # what was granted counts, but no more than the law allows
        granted = as_moment(str(extended))
        granted = min(granted, longest, key=_moment) if rule.at_most else granted
        if grading.after(granted, due):
            return Limits(granted, max(granted, latest, key=_moment), granted)
    return Limits(due, latest, longest)


def _moment(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day, 23, 59)


def _finding(
    check: Check, rule: Rule, agency: str, trigger: str | None, limits: Limits | None, actual: str | None,
    received: str | None, state: State, reason: str,
) -> Finding:  # fmt: skip
    return Finding(
        check=check.id, deadline=rule.id, about=check.about or rule.action, article=rule.basis, kind=rule.kind,
        bound=rule.bound, confidence=rule.confidence, trigger_date=trigger,
        due=_iso(limits.due) if limits else None, latest=_iso(limits.latest) if limits else None,
        actual=actual, received=received, state=state, reason=reason, agency=agency,
    )  # fmt: skip


def _iso(value: date | datetime) -> str:
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def _date_rule(rule: DateRule, engine: Engine, data: dict[str, Any], today: date) -> Finding | None:
    start = data.get(rule.from_field)
    if not start:
        return None
    day = date.fromisoformat(str(start)[:10])
    due = own_due(rule.add, day, engine)
    red_from = due if not rule.red_after else counting.after(
        due, Length(rule.red_after, "day"), engine.calendar, counting.known_off, None
    )
    actual = str(data[rule.done]) if rule.done and data.get(rule.done) else None
    state = State.ON_TIME if actual and actual[:10] <= red_from.isoformat() else State.TO_VERIFY
    reason = "" if state is State.ON_TIME else "quá ngày đơn vị tự đặt; không phải vi phạm do luật định"
    if actual is None:
        past = today > red_from
        state = State.MISSING_DATA if past else State.NOT_DUE
        reason = "đã qua ngày đơn vị tự đặt mà sổ chưa ghi ngày thực hiện" if past else ""
        if past and not rule.done:
            return None
    return Finding(
        check=rule.id, deadline=OWN_RULE, about=rule.name, article="Đơn vị tự đặt", kind="own", bound="",
        confidence="P", trigger_date=str(start), due=due.isoformat(), latest=red_from.isoformat(), actual=actual,
        received=None, state=state, reason=reason, agency="",
    )  # fmt: skip


def own_due(add: Length | None, start: date, engine: Engine) -> date:
    """Day of a keeper's own rule: the date itself, or so many days or working days on."""
    if add is None:
        return start
    return counting.after(start, add, engine.calendar, counting.known_off, None)


def explain(engine: Engine, finding: Finding) -> Due | None:
    """The arithmetic behind a finding, counted again; None for an own rule or when the trigger is not known."""
    if finding.trigger_date is None or finding.deadline == OWN_RULE:
        return None
    return engine.compute(finding.deadline, as_moment(finding.trigger_date))


_KEPT = ("check", "deadline", "trigger_date", "due", "latest", "actual", "received", "state", "reason", "agency")


def pack(findings: list[Finding]) -> list[list[Any]]:
    """The small form kept with an entry."""
    return [[str(getattr(f, name)) if name == "state" else getattr(f, name) for name in _KEPT] for f in findings]


def unpack(book: Book, engine: Engine, kept: list[list[Any]], today: date) -> list[Finding]:
    """Findings as they stand on ``today``."""
    checks = {c.id: c for c in book.checks}
    own = {r.id: r for r in book.date_rules}
    found = []
    for row in kept:
        values: dict[str, Any] = dict(zip(_KEPT, row, strict=True))
        values["state"] = State(values["state"])
        check, rule = checks.get(values["check"]), engine.rules.by_id.get(values["deadline"])
        if check and rule:
            more: dict[str, Any] = {"about": check.about or rule.action, "article": rule.basis, "kind": rule.kind,
                    "bound": rule.bound, "confidence": rule.confidence}  # fmt: skip
        elif values["check"] in own:
            more = {"about": own[values["check"]].name, "article": "Đơn vị tự đặt", "kind": "own", "bound": "",
                    "confidence": "P"}  # fmt: skip
        else:
            continue
        optional = (check is not None and check.optional) or more["kind"] == "right"
        if check is None:
            optional = not own[values["check"]].done
        finding = state_on(Finding(**values, **more), today)
        if not (optional and finding.is_overdue):
            found.append(finding)
    return found


def state_on(finding: Finding, today: date) -> Finding:
    """The finding as it stands on a day: what was not due when stored may be overdue now."""
    if finding.actual or finding.due is None:
        return finding
    limit = finding.latest if finding.deadline == OWN_RULE else finding.due
    past = today.isoformat() > str(limit)[:10]
    state = State.MISSING_DATA if past else State.NOT_DUE
    reason = "đã qua ngày đến hạn mà sổ chưa ghi ngày thực hiện" if past else ""
    return replace(finding, state=state, reason=reason)


def next_due(findings: list[Finding]) -> date | None:
    """The earliest day of what is not recorded as done."""
    open_days = [f.due[:10] for f in findings if f.due and not f.actual]
    return date.fromisoformat(min(open_days)) if open_days else None
