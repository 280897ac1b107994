"""The counting rules against the regulation's printed examples and against a slow, obvious reference."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.deadline_rules import DeadlineRules, Length, load_deadline_rules
from config.errors import DataFileError
from config.holidays import Calendar, load_calendar
from config.lunar import solar_date
from ledger.deadlines import counting
from ledger.deadlines.engine import Engine, NoRule, Options

#: a busy machine is no fault of the code under test
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(load_deadline_rules(), load_calendar())


CALENDAR = load_calendar()


def slow_is_off(day: date) -> bool:
    return CALENDAR.day(day).off


def slow_working_days(start: date, amount: int) -> date:
    left, day = amount, start
    while left:
        day += timedelta(days=1)
        if not slow_is_off(day):
            left -= 1
    return day


def slow_month_later(start: date) -> date:
    """One month on by walking: the same number in the next month, or that month's last day."""
    day = start.replace(day=1)
    while day.month == start.month:
        day += timedelta(days=1)
    last = day
    while last.month == day.month:
        if last.day == start.day:
            return last
        last += timedelta(days=1)
    return last - timedelta(days=1)


def test_printed_example_custody_of_three_days_is_deducted(engine: Engine) -> None:
    due = engine.compute("hs.tam_giam_dt_it", date(2018, 3, 4), Options(deducted_days=3))
    assert due.due == date(2018, 4, 29)
    assert [s.count for s in due.steps[1:]] == list(range(1, 58))


def test_printed_example_custody_of_six_days_is_deducted(engine: Engine) -> None:
    assert engine.compute("hs.tam_giam_dt_it", date(2018, 4, 11), Options(deducted_days=6)).due == date(2018, 6, 3)


def test_printed_example_custody_runs_to_the_same_minute(engine: Engine) -> None:
    due = engine.compute("hs.tam_giu", datetime.fromisoformat("2018-03-01T10:00")).due
    assert due.isoformat() == "2018-03-04T10:00:00"


@pytest.mark.parametrize(
    ("rule", "trigger", "due"),
    [
        ("ds.mo_phien_toa", date(2026, 8, 31), date(2026, 9, 30)),
        ("ds.kn_ba_cc", date(2026, 7, 17), date(2026, 8, 3)),
        ("ds.tb_thu_ly", date(2026, 7, 23), date(2026, 7, 28)),
        ("tha08.xac_minh", date(2026, 6, 30), date(2026, 7, 10)),
        ("tha25.xac_minh", date(2026, 7, 1), date(2026, 7, 10)),
        ("nt.dn_gia_han_truoc5", date(2026, 3, 20), date(2026, 3, 15)),
        ("tha08.tb_ke_bien", date(2026, 3, 16), date(2026, 3, 11)),
        ("nt.gui_qd_khoi_to", date(2026, 7, 4), date(2026, 7, 5)),
        ("xl.thoi_hieu_gdbb_cn", date(2024, 2, 29), date(2025, 2, 28)),
    ],
)
def test_due_dates(engine: Engine, rule: str, trigger: date, due: date) -> None:
    assert engine.compute(rule, trigger).due == due


def test_tet_is_skipped_day_by_day(engine: Engine) -> None:
    due = engine.compute("xl.tb_thu_ly", date(2026, 2, 13))
    assert due.due == date(2026, 2, 24)
    assert [s.count for s in due.steps if s.count] == [1, 2]
    assert sum("nghỉ lễ" in s.why for s in due.steps) == 5


def test_law_in_force_on_the_trigger_date_wins(engine: Engine) -> None:
    assert engine.compute("tha08.xac_minh", date(2026, 7, 5)).rule.id == "tha25.xac_minh"
    assert engine.compute("tha25.xac_minh", date(2026, 6, 5)).rule.id == "tha08.xac_minh"
    with pytest.raises(NoRule):
        engine.compute("xl.tb_thu_ly", date(2022, 12, 1))
    with pytest.raises(NoRule):
        engine.compute("xl.khong_co", date(2026, 1, 5))


def test_unconfirmed_day_off_moves_only_the_favourable_date(engine: Engine) -> None:
    due = engine.compute("xl.tb_thu_ly", date(2025, 12, 31))
    assert (due.due, due.latest) == (date(2026, 1, 5), date(2026, 1, 6))


def test_notice_with_two_clocks_is_late_only_after_both(engine: Engine) -> None:
    due = engine.compute("nt.tb_tiep_nhan_vks", date(2026, 3, 6))
    assert due.due == date(2026, 3, 9)
    assert due.latest == date(2026, 3, 11)


def test_roll_over_of_days_in_criminal_procedure_is_a_setting() -> None:
    rules, calendar = load_deadline_rules(), load_calendar()
    assert Engine(rules, calendar).compute("nt.giai_quyet_20", date(2026, 3, 1)).due == date(2026, 3, 23)
    assert Engine(rules, calendar, roll_days=False).compute("nt.giai_quyet_20", date(2026, 3, 1)).due == date(
        2026, 3, 21
    )


def test_extension_in_the_same_unit_is_added_before_clamping(engine: Engine) -> None:
    due = engine.compute("ds.cbxx_26_28", date(2025, 10, 31), Options(extended_by=(Length(2, "month"),)))
    assert due.due == date(2026, 5, 4)  # 30/04 and 01/05 are holidays, 02–03/05 a weekend


@UNHURRIED
@given(DAYS, st.integers(1, 40))
def test_working_days_equal_walking(start: date, amount: int) -> None:
    length = Length(amount, "working_day")
    assert counting.after(start, length, CALENDAR, counting.known_off, None) == slow_working_days(start, amount)


@UNHURRIED
@given(DAYS, st.integers(1, 40))
def test_working_days_back_and_forth(end: date, amount: int) -> None:
    start = counting.before(end, Length(amount, "working_day"), CALENDAR, counting.known_off, None)
    between = [start + timedelta(days=i) for i in range((end - start).days)]
    assert sum(not slow_is_off(d) for d in between) == amount
    assert not slow_is_off(start)


@UNHURRIED
@given(DAYS)
def test_one_month_equals_walking(start: date) -> None:
    assert counting.add_months(start, 1) == slow_month_later(start)


@UNHURRIED
@given(DAYS, st.integers(1, 60))
def test_days_roll_to_the_first_working_day(start: date, amount: int) -> None:
    end = counting.after(start, Length(amount, "day"), CALENDAR, counting.known_off, None)
    rolled = counting.roll_over(end, CALENDAR, counting.known_off, None)
    assert not slow_is_off(rolled)
    assert all(slow_is_off(end + timedelta(days=i)) for i in range((rolled - end).days))


@UNHURRIED
@given(DAYS, st.integers(1, 200), st.integers(0, 9))
def test_detention_counts_both_ends(start: date, days: int, deducted: int) -> None:
    if deducted >= days:
        with pytest.raises(ValueError, match="deducted"):
            counting.detention(start, days, deducted, None)
        return
    end = counting.detention(start, days, deducted, None)
    assert len([start + timedelta(days=i) for i in range((end - start).days + 1)]) == days - deducted


@UNHURRIED
@given(st.sampled_from(sorted(load_deadline_rules().by_id)), st.dates(date(2018, 1, 2), date(2028, 12, 31)))
def test_every_rule_is_monotonic_and_never_less_favourable(rule_id: str, trigger: date) -> None:
    engine = Engine(load_deadline_rules_once(), CALENDAR)
    rule = engine.rules.version_for(rule_id, trigger)
    if rule is None or (not rule.period and rule.counting != "immediate"):
        return
    due, latest = engine.quick(rule, trigger)
    assert latest >= due
    assert engine.compute(rule.id, trigger).due == due
    next_due, _ = engine.quick(rule, trigger + timedelta(days=1))
    assert next_due >= due
    if rule.before:
        assert due < trigger


RULES = load_deadline_rules()


def load_deadline_rules_once() -> DeadlineRules:
    return RULES


@pytest.mark.parametrize(
    ("year", "tet"),
    [
        (1985, (1, 21)),
        (2007, (2, 17)),
        (2020, (1, 25)),
        (2025, (1, 29)),
        (2026, (2, 17)),
        (2030, (2, 2)),
        (2033, (1, 31)),
    ],
)
def test_vietnamese_new_year(year: int, tet: tuple[int, int]) -> None:
    assert solar_date(year, 1, 1) == date(year, *tet)


def test_official_list_wins_over_computed_days(tmp_path: Path) -> None:
    computed = Calendar()
    assert computed.day(date(2031, 1, 23)).off  # mồng một Tết 2031
    file = tmp_path / "holidays.toml"
    file.write_text("[[holiday_year]]\nyear = 2031\nholidays = [2031-01-02]\n", "utf-8")
    official = load_calendar(file=file)
    assert official.day(date(2031, 1, 2)).off
    assert not official.day(date(2031, 1, 23)).off


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[[holiday_year]]\nyear = 2031\nholiday = [2031-01-02]\n", "dòng 3"),
        ("[[holiday_year]]\nyear = 2031\nholidays = ['31/2/2031']\n", "dòng 3"),
        ("[[holiday_year]]\nyear = 2031\nholidays = [2030-01-02]\n", "dòng 3"),
        ("[[holiday_year]]\nyear = = 2031\n", "dòng 2"),
    ],
)
def test_mistake_in_a_calendar_names_file_and_line(tmp_path: Path, text: str, line: str) -> None:
    file = tmp_path / "holidays.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(DataFileError) as caught:
        load_calendar(file=file)
    assert caught.value.detail["place"] == line
    assert caught.value.detail["file"] == str(file)


def test_office_row_replaces_the_shipped_one_and_a_mistake_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "deadlines_van_phong.toml"
    row = (
        '[[rule]]\nid = "xl.tb_thu_ly"\nfield = "bpxlhc"\ntrigger = "x"\naction = "y"\nperiod = "3 working_day"\n'
        'counting = "working_day"\nbound = "TA"\nkind = "violation"\nlaw = "PL mới"\narticle = "Đ.1"\n'
        'confidence = "V1"\n'
    )
    file.write_text(row, "utf-8")
    assert load_deadline_rules(tmp_path).by_id["xl.tb_thu_ly"].period == (Length(3, "working_day"),)
    file.write_text(row.replace("3 working_day", "ba ngày"), "utf-8")
    with pytest.raises(DataFileError) as caught:
        load_deadline_rules(tmp_path)
    assert caught.value.detail["place"] == "dòng 6"
