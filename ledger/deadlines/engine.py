"""From a rule and a trigger to a due date, with its arithmetic, its article and how sure all of it is.

Where the law, the calendar or the data leave room, two dates are computed: ``due``, the ordinary reading, and
``latest``, the reading most favourable to whoever is bound. Only what is late under ``latest`` may be called late.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any

from config.deadline_rules import SURE, DeadlineRules, Length, Rule
from config.errors import ArchiveError
from config.holidays import Calendar
from ledger.deadlines import counting
from ledger.deadlines.counting import IsOff, Step

#: "ngay" has no number in the law; an office examines what took longer than this (a proposal, never a violation). The
#: ``period`` of an office's own row of such a rule wins.
SOFT_LIMIT = Length(1, "working_day")


class NoRule(ArchiveError):
    """No such deadline, no version of it known for that date, or none with a length of its own."""

    code = "LEDGER-NO-RULE"
    vi = "Không tính được thời hạn {id} cho ngày {day}: {why}. Chưa tính gì cả."
    en = "Deadline {id} cannot be computed for {day}: {why}. Nothing was computed."
    exit_code = 1
    status = 404


@dataclass(frozen=True, slots=True)
class Options:
    """What may change a computation besides rule and trigger.

    ``roll_days``: whether a period in days under BLTTHS Đ.134 moves off a day off (practice differs; default yes).
    ``deducted_days``: custody already served, deducted from a detention order. ``extended_by``: lengthening granted.
    """

    roll_days: bool = True
    deducted_days: int = 0
    extended_by: tuple[Length, ...] = ()


DEFAULT = Options()


@dataclass(frozen=True, slots=True)
class Due:
    """Result: the last day (or minute) in time, the most favourable one, the arithmetic and remarks in Vietnamese."""

    rule: Rule
    trigger: date | datetime
    due: date | datetime
    latest: date | datetime
    steps: tuple[Step, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether rule and date may be put forward as law."""
        return self.rule.confidence in SURE and self.rule.counting != "immediate"

    def as_json(self) -> dict[str, Any]:
        """The form of ``archive ledger deadline --json``."""
        return {
            "id": self.rule.id,
            "trigger": self.trigger.isoformat(),
            "due": self.due.isoformat(),
            "latest": self.latest.isoformat(),
            "steps": [{"date": s.date.isoformat(), "count": s.count, "text": s.in_words()} for s in self.steps],
            "article": self.rule.basis,
            "confidence": self.rule.confidence,
            "source": self.rule.source,
            "sure": self.sure,
            "bound": self.rule.bound,
            "kind": self.rule.kind,
            "action": self.rule.action,
            "remarks": list(self.remarks),
        }


@dataclass(slots=True)
class Engine:
    """Computes deadlines with one set of rules and one calendar; remembers what it has computed."""

    rules: DeadlineRules
    calendar: Calendar
    roll_days: bool = True
    _memory: dict[tuple[str, date], tuple[date, date]] = field(default_factory=dict)
    #: grades by the dates they follow from, for whole books; kept by ``ledger.assess``
    grades: dict[tuple[object, ...], tuple[object, ...] | None] = field(default_factory=dict)

    def compute(self, rule_id: str, trigger: date | datetime, options: Options | None = None) -> Due:
        """Due date with its arithmetic.

        :raises NoRule: as ``version``.
        """
        options = options or Options(roll_days=self.roll_days)
        rule = self.version(rule_id, trigger)
        remarks = self._remarks(rule, rule_id, trigger)
        steps: list[Step] = []
        due = _count(rule, trigger, self.calendar, counting.known_off, options, steps)
        latest = self._latest(rule, trigger, options, due)
        for year in sorted({trigger.year, due.year}):
            if not self.calendar.confirmed(year):
                remarks.append(f"Danh sách ngày nghỉ năm {year} chưa đối chiếu với thông báo chính thức.")
        other = _count(rule, trigger, self.calendar, counting.known_off, _other_way(options), None)
        if other != due:
            remarks.append(
                "Đ.134 BLTTHS không nói rõ thời hạn tính bằng ngày có dời khi ngày cuối là ngày nghỉ hay không; "
                f"theo cách tính kia, hạn là {_show(other)}."
            )
        if latest != due:
            remarks.append(
                f"Chỉ coi là quá hạn khi sau {_show(latest)} (cách tính có lợi nhất cho người phải thực hiện)."
            )
        return Due(rule, trigger, due, latest, tuple(steps), tuple(remarks))

    def quick(self, rule: Rule, trigger: date) -> tuple[date, date]:
        """``(due, latest)`` of a whole-day trigger without steps or options, remembered: for whole books."""
        key = (rule.id, trigger)
        known = self._memory.get(key)
        if known is None:
            options = Options(roll_days=self.roll_days)
            due = _count(rule, trigger, self.calendar, counting.known_off, options, None)
            latest = self._latest(rule, trigger, options, due)
            known = self._memory[key] = (_day(due), _day(latest))
        return known

    def version(self, rule_id: str, trigger: date) -> Rule:
        """The version of a rule in force on the trigger date.

        :raises NoRule: when the id is unknown, no version holds, or the rule has no length of its own.
        """
        if rule_id not in self.rules.by_id:
            near = ", ".join(get_close_matches(rule_id, self.rules.by_id, 3))
            why = "không có mã này / no such id" + (f"; gần giống / similar: {near}" if near else "")
            raise NoRule(id=rule_id, day=_show(trigger), why=why)
        rule = self.rules.version_for(rule_id, trigger)
        if rule is None:
            known = self.rules.by_id[rule_id]
            since, until = (f"{d:%d/%m/%Y}" if d else "…" for d in (known.valid_from, known.valid_to))
            raise NoRule(
                id=rule_id,
                day=_show(trigger),
                why=f"{known.law} áp dụng từ / holds from {since} đến / to {until}",
            )
        if not rule.period and rule.counting != "immediate":
            note = rule.note.rstrip(".")
            raise NoRule(id=rule.id, day=_show(trigger), why=f"không có độ dài riêng / no length of its own. {note}")
        return rule

    def longest(self, rule: Rule, trigger: date | datetime) -> date | datetime:
        """Last day if every lengthening the law allows was granted; equals ``latest`` where there is none."""
        options = Options(roll_days=True)
        latest = self._latest(
            rule, trigger, options, _count(rule, trigger, self.calendar, counting.known_off, options, None)
        )
        if not rule.at_most:
            return latest
        whole = _count_lengths(rule, rule.at_most, trigger, self.calendar, counting.possibly_off, options, None)
        return max(latest, whole, key=_moment)

    def _latest(self, rule: Rule, trigger: date | datetime, options: Options, due: date | datetime) -> date | datetime:
        options = replace(options, roll_days=True)
        candidates = [due, _count(rule, trigger, self.calendar, counting.possibly_off, options, None)]
        if rule.counting == "detention" and rule.period[0].unit == "day" and not isinstance(trigger, datetime):
            # a custody of 3 days from an unknown minute of the first day may end on the fourth day of the calendar
            candidates.append(_day(due) + counting.ONE_DAY)
        if rule.before and not isinstance(due, datetime):
            candidates.append(counting.roll_over(_day(due), self.calendar, counting.possibly_off, None))
        if rule.late_only_after:
            other = self.rules.version_for(rule.late_only_after, trigger)
            if other is not None:
                candidates.append(_count(other, trigger, self.calendar, counting.possibly_off, options, None))
        return max(candidates, key=_moment)

    def _remarks(self, rule: Rule, asked: str, trigger: date | datetime) -> list[str]:
        remarks = []
        if rule.id != asked:
            remarks.append(f"Ngày {trigger:%d/%m/%Y} áp dụng {rule.law} ({rule.id}), không phải {asked}.")
        if rule.confidence not in SURE:
            remarks.append(f"Chưa đối chiếu được lời văn điều luật ({rule.source}); chỉ để nhắc kiểm tra.")
        if rule.counting == "immediate":
            remarks.append("Luật ghi “ngay”, không có số ngày; mốc này chỉ để xem xét, không phải vi phạm.")
        if rule.counting == "hours" and not isinstance(trigger, datetime):
            remarks.append("Chỉ có ngày, không có giờ phút: tính từ 24 giờ của ngày bắt đầu.")
        if rule.extension:
            remarks.append(f"Có thể gia hạn: {rule.extension}.")
        if rule.note:
            remarks.append(rule.note)
        return remarks


def _count(
    rule: Rule, trigger: date | datetime, calendar: Calendar, is_off: IsOff, options: Options, steps: list[Step] | None
) -> date | datetime:
    return _count_lengths(rule, (*rule.period, *options.extended_by), trigger, calendar, is_off, options, steps)


def _count_lengths(
    rule: Rule,
    lengths: Sequence[Length],
    trigger: date | datetime,
    calendar: Calendar,
    is_off: IsOff,
    options: Options,
    steps: list[Step] | None,
) -> date | datetime:
    start = trigger.date() if isinstance(trigger, datetime) else trigger
    if rule.counting == "hours":
        return _hours(rule, lengths, trigger, steps)
    if rule.counting == "detention":
        return _detention(lengths, trigger, options, steps)
    if rule.counting == "immediate":
        lengths = lengths or (SOFT_LIMIT,)
    merged = counting.merge(lengths)
    if rule.before:
        for length in merged:
            start = counting.before(start, length, calendar, is_off, steps)
        return start
    if steps is not None:
        steps.append(Step(start, None, "ngày xảy ra sự kiện, không tính"))
    for length in merged:
        start = counting.after(start, length, calendar, is_off, steps)
    last = merged[-1].unit
    if last == "working_day" or (rule.counting == "bltths" and last == "day" and not options.roll_days):
        return start
    return counting.roll_over(start, calendar, is_off, steps)


def _hours(
    rule: Rule, lengths: Sequence[Length], trigger: date | datetime, steps: list[Step] | None
) -> date | datetime:
    hours = sum(x.amount for x in lengths)
    end: date | datetime
    if isinstance(trigger, datetime):
        end = trigger - timedelta(hours=hours) if rule.before else counting.hours_after(trigger, hours)
        why = f"{'lùi' if rule.before else 'cộng'} {hours} giờ từ {trigger:%H:%M %d/%m/%Y}: {end:%H:%M %d/%m/%Y}"
    elif rule.before:
        end = trigger - timedelta(days=hours // 24)
        why = f"lùi {hours} giờ"
    else:
        # the minute is unknown, so the period runs at the latest from 24:00 of that day
        end = (datetime.combine(trigger + counting.ONE_DAY, time()) + timedelta(hours=hours - 1)).date()
        why = f"cộng {hours} giờ từ 24:00 ngày {trigger:%d/%m/%Y}"
    if steps is not None:
        steps.append(Step(_day(end), hours, why))
    return end


def _detention(
    lengths: Sequence[Length], trigger: date | datetime, options: Options, steps: list[Step] | None
) -> date | datetime:
    days = counting.detention_days(lengths)
    if isinstance(trigger, datetime) and lengths[0].unit == "day" and not options.deducted_days:
        # custody runs to the same minute, as in the worked example of TTLT 04/2018 Đ.17 (10:00 01/3 to 10:00 04/3)
        end = trigger + timedelta(days=days)
        if steps is not None:
            steps.append(Step(end.date(), days, f"{days} ngày, đến {end:%H:%M %d/%m/%Y}"))
        return end
    start = trigger.date() if isinstance(trigger, datetime) else trigger
    return counting.detention(start, days, options.deducted_days, steps)


def _other_way(options: Options) -> Options:
    return replace(options, roll_days=not options.roll_days)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _moment(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time.max)


def _show(value: date | datetime) -> str:
    return f"{value:%H:%M %d/%m/%Y}" if isinstance(value, datetime) else f"{value:%d/%m/%Y}"
