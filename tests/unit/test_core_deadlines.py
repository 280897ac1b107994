"""Every core deadline with a day worked out by hand's rules, and every rule against a slow, obvious way of counting.

The days chosen lie before Tết, before long holidays, at the end of a month and on the last day of January.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from archive_svc.commands.ledger import command
from config.deadline_rules import SURE, Length, Rule, load_deadline_rules
from config.holidays import Calendar, load_calendar
from ledger.deadlines.engine import Engine, NoRule
from tests.unit.test_deadline_counting import UNHURRIED

RULES = load_deadline_rules()
CALENDAR = load_calendar()
ENGINE = Engine(RULES, CALENDAR)
ONE = timedelta(days=1)

CORE = [
    ("nt.tb_tiep_nhan_vks", "2026-02-12", "2026-02-23"),
    ("nt.tb_tiep_nhan_wd", "2026-04-24", "2026-05-04"),
    ("nt.phan_cong_cqdt", "2026-08-28", "2026-08-31"),
    ("nt.vks_phan_cong", "2026-04-29", "2026-05-06"),
    ("nt.giai_quyet_20", "2026-02-13", "2026-03-05"),
    ("nt.giai_quyet_2thang", "2026-08-31", "2026-11-02"),
    ("nt.gia_han_vks_2thang", "2026-01-31", "2026-03-31"),
    ("nt.dn_gia_han_truoc5", "2026-05-29", "2026-05-24"),
    ("nt.gui_qd_tam_dinh_chi", "2026-02-12", "2026-02-13"),
    ("nt.gui_qd_phuc_hoi", "2026-04-24", "2026-04-28"),
    ("nt.gui_qd_khoi_to", "2026-08-28", "2026-08-29"),
    ("nt.gui_qd_khong_khoi_to", "2026-04-29", "2026-04-30"),
    ("ds.gui_tra_don", "2026-02-13", "2026-02-23"),
    ("ds.kn_tra_don", "2026-08-31", "2026-09-10"),
    ("ds.tb_thu_ly", "2026-01-31", "2026-02-04"),
    ("ds.cbxx_26_28", "2026-05-29", "2026-09-29"),
    ("ds.cbxx_30_32", "2026-02-12", "2026-04-13"),
    ("ds.mo_phien_toa", "2026-04-24", "2026-05-25"),
    ("ds.gui_cnstt", "2026-08-28", "2026-09-08"),
    ("ds.gui_tdc", "2026-04-29", "2026-05-06"),
    ("ds.gui_dc", "2026-02-13", "2026-02-25"),
    ("ds.gui_dua_ra_xx", "2026-08-31", "2026-09-07"),
    ("ds.gui_ban_an", "2026-01-31", "2026-02-10"),
    ("ds.kn_ba_cc", "2026-05-29", "2026-06-15"),
    ("ds.kn_qd_cc", "2026-02-12", "2026-02-23"),
    ("vds.tb_thu_ly", "2026-04-24", "2026-05-04"),
    ("vds.gui_qd", "2026-08-28", "2026-09-08"),
    ("hc.gui_tra_don", "2026-04-29", "2026-05-04"),
    ("hc.tb_thu_ly", "2026-02-13", "2026-02-25"),
    ("hc.cbxx_a", "2026-08-31", "2026-12-31"),
    ("hc.cbxx_b", "2026-01-31", "2026-03-31"),
    ("hc.gui_tdc_dc", "2026-05-29", "2026-06-03"),
    ("hc.gui_ban_an", "2026-02-12", "2026-02-23"),
    ("hc.kn_ba_cc", "2026-04-24", "2026-05-11"),
    ("xl.tb_thu_ly", "2026-08-28", "2026-09-03"),
    ("xl.mo_phien_hop", "2026-04-29", "2026-05-12"),
    ("xl.gui_qd", "2026-02-13", "2026-02-24"),
    ("xl.kn_vks", "2026-08-31", "2026-09-09"),
    ("xl.thi_hanh", "2026-01-31", "2026-02-05"),
    ("xl.thoi_hieu_tgd", "2026-05-29", "2026-11-30"),
    ("xl.thoi_hieu_gdbb_cn", "2026-02-12", "2027-02-12"),
    ("tha08.qd_yeu_cau", "2026-04-24", "2026-05-06"),
    ("tha08.qd_chu_dong", "2024-01-31", "2024-02-07"),
    ("tha08.gui_vks", "2026-04-29", "2026-05-06"),
    ("tha08.thong_bao", "2026-02-13", "2026-02-25"),
    ("tha08.xac_minh", "2026-04-21", "2026-05-04"),
    ("tha08.xac_minh_dinh_ky", "2026-01-31", "2026-07-31"),
    ("tha25.qd_chu_dong", "2026-07-31", "2026-08-07"),
    ("tha25.qd_yeu_cau", "2026-07-31", "2026-08-07"),
    ("tha25.gui_vks", "2026-07-31", "2026-08-05"),
    ("tha25.xac_minh", "2026-08-28", "2026-09-07"),
    ("tha25.xac_minh_dinh_ky", "2026-07-31", "2027-02-01"),
]

#: month ends, leap days, Tết, weekends, and the eve of a change of the law
TRIGGERS = [
    "2023-01-19", "2023-02-01", "2024-01-31", "2024-02-07", "2024-02-28", "2024-02-29", "2024-04-28", "2024-08-31",
    "2024-12-31", "2025-01-24", "2025-08-29", "2025-10-31", "2025-12-31", "2026-01-31", "2026-02-13", "2026-04-24",
    "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-01", "2026-08-30", "2026-08-31", "2026-11-23", "2027-02-05",
    "2027-12-31", "2028-02-29",
]  # fmt: skip


def is_off(calendar: Calendar, day: date) -> bool:
    return calendar.day(day).off


def corresponding_day(start: date, months: int) -> date:
    """The same day so many months on (or back), walking month by month; the last day where there is none."""
    year, month = start.year, start.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        year, month = (year + 1, 1) if month == 13 else (year - 1, 12) if month == 0 else (year, month)
    day = start.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def slow_due(rule: Rule, length: Length, start: date, calendar: Calendar) -> date:
    """Last day, one day after another; knows nothing of the engine."""
    stride = -ONE if rule.before else ONE
    if rule.counting == "hours":
        minute = datetime.combine(start, time())
        # the minute is not known: at the latest 24:00 of the day
        moment = minute - timedelta(hours=length.amount) if rule.before else minute + ONE
        return moment.date() if rule.before else (moment + timedelta(hours=length.amount, minutes=-1)).date()
    if rule.counting == "detention":
        days = length.amount * (30 if length.unit == "month" else 1)
        return [start + timedelta(days=i) for i in range(days)][-1]
    if length.unit == "working_day":
        day, left = start, length.amount
        while left:
            day += stride
            left -= not is_off(calendar, day)
        return day
    if length.unit == "day":
        end = start + stride * length.amount
    else:
        months = length.amount * (12 if length.unit == "year" else 1)
        end = corresponding_day(start, -months if rule.before else months)
    while not rule.before and is_off(calendar, end):
        end += ONE
    return end


def test_every_core_deadline_is_in_the_table() -> None:
    assert {rule_id for rule_id, _, _ in CORE} == {rule.id for rule in RULES.by_id.values() if rule.core}


@pytest.mark.parametrize(("rule_id", "trigger", "due"), CORE)
def test_core_deadline(rule_id: str, trigger: str, due: str) -> None:
    found = ENGINE.compute(rule_id, date.fromisoformat(trigger))
    assert (found.rule.id, found.due.isoformat()) == (rule_id, due)
    assert found.steps[-1].date == found.due
    assert found.sure == (found.rule.confidence in SURE and found.rule.counting != "immediate")


def test_every_rule_on_every_awkward_day_equals_walking() -> None:
    compared = 0
    for rule in RULES.by_id.values():
        length = rule.period[0] if rule.period else Length(1, "working_day")
        for text in TRIGGERS:
            start = date.fromisoformat(text)
            if rule.in_force(start) and (rule.period or rule.counting == "immediate"):
                assert ENGINE.quick(rule, start)[0] == slow_due(rule, length, start, CALENDAR), (rule.id, text)
                compared += 1
    assert compared > 5000


@UNHURRIED
@given(
    st.sampled_from([r for r in RULES.by_id.values() if r.period]),
    st.dates(date(2031, 1, 1), date(2031, 11, 30)),
    st.sets(st.dates(date(2031, 1, 1), date(2031, 12, 31)), max_size=40),
    st.sets(st.dates(date(2031, 1, 1), date(2031, 12, 31)), max_size=20),
)
def test_an_office_list_of_days_off_and_of_made_up_days_is_kept_to(
    rule: Rule, start: date, off: set[date], working: set[date]
) -> None:
    days = dict.fromkeys(off, ("off", "nghỉ")) | dict.fromkeys(working, ("working", "làm bù"))
    calendar = Calendar(special=days, listed_years={2031})
    engine = Engine(RULES, calendar)
    assert engine.quick(rule, start)[0] == slow_due(rule, rule.period[0], start, calendar)


def test_a_rule_that_cannot_be_computed_says_why() -> None:
    for rule_id, day, words in [
        ("hs.dieu_tra_lai", date(2026, 3, 5), "hs.dieu_tra_it"),
        ("xl.tb_thu_ly", date(2022, 3, 5), "01/02/2023"),
        ("ds.tb_thuly", date(2026, 3, 5), "ds.tb_thu_ly"),
    ]:
        with pytest.raises(NoRule) as caught:
            ENGINE.compute(rule_id, day)
        assert words in caught.value.message("vi")
        assert words in caught.value.message("en")


def test_the_other_way_of_counting_days_is_told_and_never_counts_against_anybody() -> None:
    rolled = ENGINE.compute("nt.giai_quyet_20", date(2026, 3, 1))
    assert "21/03/2026" in " ".join(rolled.remarks)
    strict = Engine(RULES, CALENDAR, roll_days=False).compute("nt.giai_quyet_20", date(2026, 3, 1))
    assert (strict.due, strict.latest) == (date(2026, 3, 21), date(2026, 3, 23))


def test_an_office_sets_its_own_limit_for_at_once(tmp_path: Path) -> None:
    row = (
        '[[rule]]\nid = "ds.gui_tra_don"\nfield = "dan_su"\ntrigger = "x"\naction = "y"\nperiod = "3 working_day"\n'
        'counting = "immediate"\nbound = "TA"\nkind = "violation"\nlaw = "BLTTDS 2015"\narticle = "Đ.192"\n'
        'confidence = "V1"\n'
    )
    (tmp_path / "deadlines_don_vi.toml").write_text(row, "utf-8")
    due = Engine(load_deadline_rules(tmp_path), CALENDAR).compute("ds.gui_tra_don", date(2026, 7, 23))
    assert (due.due, due.sure) == (date(2026, 7, 28), False)


def test_the_command_lists_every_deadline_and_computes_by_a_given_calendar(tmp_path: Path) -> None:
    listed = CliRunner().invoke(command, ["deadline", "--data", str(tmp_path)])
    assert len(listed.output.splitlines()) == len(RULES.by_id)
    file = tmp_path / "lich.toml"
    file.write_text(
        '[[holiday_year]]\nyear = 2026\nholidays = [2026-07-27]\nmakeup_working = [2026-07-25]\n', "utf-8"
    )
    arguments = ["deadline", "ds.tb_thu_ly", "--trigger", "23/07/2026", "--data", str(tmp_path)]
    given = CliRunner().invoke(command, [*arguments, "--calendar", str(file)])
    assert "Hạn: 2026-07-28" in given.output
    assert "thứ Bảy 25/07/2026: tính vào thời hạn (làm bù)" in given.output
