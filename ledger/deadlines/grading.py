"""Grading one deadline of one entry. Five states, and nothing unsure is ever called late.

The law binds the sender on *sending*; an office usually knows only its arrival stamp. So ``late`` needs the date of the
act itself; when only the arrival is known and it is late, a person must check.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from config.deadline_rules import SURE, Rule


class State(StrEnum):
    """State of a deadline; Vietnamese names are those shown on screen."""

    ON_TIME = "on_time"
    LATE = "late"
    TO_VERIFY = "to_verify"
    MISSING_DATA = "missing_data"
    NOT_DUE = "not_due"


NAMES = {
    State.ON_TIME: "trong hạn",
    State.LATE: "quá hạn – đủ căn cứ",
    State.TO_VERIFY: "cần xác minh",
    State.MISSING_DATA: "chưa đủ dữ liệu",
    State.NOT_DUE: "chưa đến hạn",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What an entry says about one deadline. ``done`` is the act itself (sending); ``received`` its arrival here."""

    trigger: date | datetime | None
    done: date | datetime | None = None
    received: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """``due`` the ordinary last day, ``latest`` the most favourable, ``longest`` with every possible lengthening."""

    due: date | datetime
    latest: date | datetime
    longest: date | datetime


def grade(rule: Rule, facts: Facts, limits: Limits, today: date) -> tuple[State, str]:
    """State and the reason in Vietnamese (empty when the state says it all). ``facts.trigger`` must be known."""
    actual = facts.done or facts.received
    if actual is None:
        return _not_done(limits, today)
    if facts.trigger is not None and after(facts.trigger, actual) and not rule.before:
        return State.TO_VERIFY, "ngày thực hiện ghi trước ngày bắt đầu thời hạn; kiểm tra lại hai ngày này"
    if rule.not_before:
        return _too_early(actual, limits)
    if facts.done and facts.received and after(facts.done, facts.received) and after(facts.done, limits.due):
        return State.TO_VERIFY, "ngày gửi ghi sau ngày nhận; kiểm tra lại hai ngày này"
    if not after(actual, limits.due):
        return State.ON_TIME, ""
    return _past(rule, facts, limits, actual)


def _not_done(limits: Limits, today: date) -> tuple[State, str]:
    if after(today, limits.due):
        return State.MISSING_DATA, "đã qua ngày đến hạn mà sổ chưa ghi ngày thực hiện"
    return State.NOT_DUE, ""


def _too_early(actual: date | datetime, limits: Limits) -> tuple[State, str]:
    if not after(actual, limits.due):
        return State.TO_VERIFY, "ban hành trước khi hết thời hạn chờ"
    return State.ON_TIME, ""


def _past(rule: Rule, facts: Facts, limits: Limits, actual: date | datetime) -> tuple[State, str]:
    if not after(actual, limits.latest):
        return State.TO_VERIFY, "chỉ quá hạn theo một cách tính (ngày nghỉ chưa xác nhận hoặc quy định khác nhau)"
    if rule.confidence not in SURE:
        return State.TO_VERIFY, "điều luật chưa được đối chiếu lời văn"
    if rule.counting == "immediate":
        return State.TO_VERIFY, "luật ghi “ngay”, không có số ngày"
    if rule.kind == "info":
        return State.TO_VERIFY, "mốc theo dõi, tự nó không phải vi phạm"
    if facts.done is None:
        return State.TO_VERIFY, "chỉ biết ngày nhận; cần ngày gửi ghi trên văn bản hoặc dấu bưu điện"
    if not after(actual, limits.longest):
        return State.TO_VERIFY, "quá thời hạn chung nhưng còn trong mức gia hạn luật cho phép; kiểm tra đã gia hạn chưa"
    return State.LATE, ""


def after(one: date | datetime, other: date | datetime) -> bool:
    """Whether ``one`` is certainly after ``other``; a date without time may be any minute of its day."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one > other
    if isinstance(other, datetime):
        return datetime.combine(one, time()) > other
    return (one.date() if isinstance(one, datetime) else one) > other
