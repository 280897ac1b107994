"""Checking an entry's deadlines: from the fields of a row to graded findings. Pure: no database, no clock of its own.

A finding is kept with the entry in a small form without its arithmetic; ``explain`` counts again, step by step, for the
person who asks. Whether an act not yet recorded is "not due" or "overdue" depends on the day one looks, so that part is
decided at reading (``state_on``).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from config.deadline_rules import Length, Rule
from config.ledger_books import Book, Check, DateRule
from ledger.deadlines import counting, grading
from ledger.deadlines.engine import Due, Engine, NoRule
from ledger.deadlines.grading import Facts, Limits, State
from ledger.values import as_moment

OWN_RULE = "own_rule"
NOT_RECORDED = "đã qua ngày đến hạn mà sổ chưa ghi ngày thực hiện"
#: grades remembered at most; a book of 50,000 rows needs a few tens of thousands
MOST_REMEMBERED = 400_000


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
            "check": self.check,
            "deadline": self.deadline,
            "about": self.about,
            "article": self.article,
            "trigger_date": self.trigger_date,
            "due": self.due,
            "latest": self.latest,
            "actual": self.actual,
            "received": self.received,
            "state": str(self.state),
            "reason": self.reason,
            "kind": self.kind,
            "bound": self.bound,
            "confidence": self.confidence,
            "agency": self.agency,
        }


def assess(book: Book, engine: Engine, data: dict[str, Any], today: date) -> list[Finding]:
    """All findings of one entry, statutory checks first."""
    return unpack(book, engine, assess_kept(book, engine, data, today), today)


def assess_kept(book: Book, engine: Engine, data: dict[str, Any], today: date) -> list[list[Any]]:
    """The same in the small form kept with an entry: what a whole book is computed with."""
    kept = []
    for check in book.checks:
        row = _check(book, check, engine, data, today)
        if row is not None:
            kept.append(row)
    for rule in book.date_rules:
        row = _date_rule(rule, engine, data, today)
        if row is not None:
            kept.append(row)
    return kept


def _first(data: dict[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = data.get(name)
        if value:
            return str(value)
    return None


def _earliest(data: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return min((str(data[n]) for n in names if data.get(n)), default=None)


def applies(check: Check, data: dict[str, Any]) -> bool:
    """Whether the check is meant for this entry (its ``when``)."""
    return all((data.get(name) or "") in allowed for name, allowed in check.when.items())


def _check(book: Book, check: Check, engine: Engine, data: dict[str, Any], today: date) -> list[Any] | None:
    if check.when and not applies(check, data):
        return None
    trigger, received = _first(data, check.trigger), _first(data, check.received)
    done = _done(data, check, trigger)
    if trigger is None and not (done or received):
        return None
    extended = str(data.get(check.extended_to) or "") if check.extended_to else ""
    key = (book.id, book.version, check.id, trigger, done, received, extended, today)
    if key in engine.grades:
        graded = engine.grades[key]
    else:
        if len(engine.grades) > MOST_REMEMBERED:
            engine.grades.clear()
        graded = engine.grades[key] = _grade(check, engine, trigger, done, received, extended, today)
    if graded is None:
        return None
    deadline, due, latest, state, reason = graded
    agency = str(data.get(check.agency or book.agency) or "")
    return [check.id, deadline, trigger, due, latest, done or received, received, state, reason, agency]


def _done(data: dict[str, Any], check: Check, trigger: str | None) -> str | None:
    """The act: the earliest of several that may end the period, but after a restart only a later one."""
    if trigger and len(check.trigger) > 1 and data.get(check.trigger[0]):
        return min((str(data[n]) for n in check.done if data.get(n) and str(data[n]) >= trigger), default=None)
    return _earliest(data, check.done) if len(check.done) > 1 else _first(data, check.done)


def _grade(
    check: Check,
    engine: Engine,
    trigger_text: str | None,
    done: str | None,
    received: str | None,
    extended: str,
    today: date,
) -> tuple[object, ...] | None:
    if trigger_text is None:
        return check.deadline, None, None, str(State.MISSING_DATA), "chưa ghi ngày bắt đầu thời hạn"
    trigger = as_moment(trigger_text)
    try:
        rule = engine.version(check.deadline, trigger)
    except NoRule:
        return None
    limits = _limits(engine, rule, extended, trigger)
    facts = Facts(trigger, as_moment(done) if done else None, as_moment(received) if received else None)
    state, reason = grading.grade(rule, facts, limits, today)
    if done is None and received is None and state is State.MISSING_DATA and (check.optional or rule.kind == "right"):
        # a right that was not used, or an act the office does not record, says nothing
        return None
    return rule.id, _iso(limits.due), _iso(limits.latest), str(state), reason


def _limits(engine: Engine, rule: Rule, extended: str, trigger: date | datetime) -> Limits:
    if isinstance(trigger, datetime):
        computed = engine.compute(rule.id, trigger)
        due, latest = computed.due, computed.latest
    else:
        due, latest = engine.quick(rule, trigger)
    longest = engine.longest(rule, trigger) if rule.at_most else latest
    if extended:
        # what was granted counts, but no more than the law allows
        granted = as_moment(extended)
        granted = min(granted, longest, key=_moment) if rule.at_most else granted
        if grading.after(granted, due):
            return Limits(granted, max(granted, latest, key=_moment), granted)
    return Limits(due, latest, longest)


def _moment(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time.max)


def _iso(value: date | datetime) -> str:
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def _date_rule(rule: DateRule, engine: Engine, data: dict[str, Any], today: date) -> list[Any] | None:
    start = data.get(rule.from_field)
    if not start:
        return None
    due = own_due(rule.add, date.fromisoformat(str(start)[:10]), engine)
    red_from = due + timedelta(days=rule.red_after)
    actual = str(data[rule.done]) if rule.done and data.get(rule.done) else None
    if actual is None:
        past = today > red_from
        if past and not rule.done:
            return None
        state, reason = (State.MISSING_DATA, NOT_RECORDED) if past else (State.NOT_DUE, "")
    elif actual[:10] <= red_from.isoformat():
        state, reason = State.ON_TIME, ""
    else:
        state, reason = State.TO_VERIFY, "quá ngày đơn vị tự đặt; không phải vi phạm do luật định"
    return [rule.id, OWN_RULE, str(start), due.isoformat(), red_from.isoformat(), actual, None, str(state), reason, ""]


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


#: what each place of the small form is
_KEPT = ("check", "deadline", "trigger_date", "due", "latest", "actual", "received", "state", "reason", "agency")
_DUE, _ACTUAL, _STATE = _KEPT.index("due"), _KEPT.index("actual"), _KEPT.index("state")


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
            more: dict[str, Any] = {
                "about": check.about or rule.action,
                "article": rule.basis,
                "kind": rule.kind,
                "bound": rule.bound,
                "confidence": rule.confidence,
            }
        elif values["check"] in own:
            more = {
                "about": own[values["check"]].name,
                "article": "Đơn vị tự đặt",
                "kind": "own",
                "bound": "",
                "confidence": "P",
            }
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
    reason = NOT_RECORDED if past else ""
    return replace(finding, state=state, reason=reason)


def next_due(kept: list[list[Any]]) -> date | None:
    """The earliest day of what is not recorded as done."""
    open_days = [row[_DUE][:10] for row in kept if row[_DUE] and not row[_ACTUAL]]
    return date.fromisoformat(min(open_days)) if open_days else None


def count_state(kept: list[list[Any]], state: State) -> int:
    """How many findings of an entry have a state."""
    return sum(row[_STATE] == state for row in kept)
