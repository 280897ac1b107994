"""Values as people type them, and grading of deadlines."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.deadline_rules import load_deadline_rules
from config.holidays import load_calendar
from config.ledger_books import Column, Field, load_books
from ledger import assess
from ledger.dates import parse_date, parse_moment
from ledger.deadlines.engine import Engine
from ledger.values import BadValue, clean, show

#: a busy machine is no fault of the code under test
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TODAY = date(2026, 11, 22)
RULES = load_deadline_rules()
BOOKS = load_books(RULES)
ENGINE = Engine(RULES, load_calendar())


def field(kind: str, **more: object) -> Field:
    return Field(id="x", name="X", group="g", type=kind, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["31/02/2026", "00/01/2026", "2026", "5/3", "29/02/2025", "", "ngày 3 tháng", "12/2026", "05/03/2026 - 06/03/2026"],
)
def test_what_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text",
    ["10:30 05/03/2026", "05/03/2026 10h30", "ngày 05/3/2026 lúc 10 giờ 30",
     "10 giờ 30, ngày 05 tháng 3 năm 2026", "2026-03-05T10:30"],
)  # fmt: skip
def test_minutes(text: str) -> None:
    moment = parse_moment(text)
    assert moment is not None
    assert moment.isoformat() == "2026-03-05T10:30:00"


@pytest.mark.parametrize(
    "text",
    ["Ngày 5/3/2026", "thứ Năm, 05/03/2026", "05/03/2026 (thứ 5)", "05/03/2026.", "05,03,2026", "05\\03\\2026",
     "5 tháng 3/2026", "05/03/2026 00:00:00"],
)  # fmt: skip
def test_what_stands_around_a_date(text: str) -> None:
    assert clean(field("moment"), text, TODAY) == "2026-03-05"


@UNHURRIED
@given(st.dates(date(1900, 1, 1), TODAY))
def test_every_spelling_of_a_date_reads_back(day: date) -> None:
    for text in (
        f"{day:%d/%m/%Y}",
        f"{day.day}.{day.month}.{day.year:04}",
        day.isoformat(),
        f"ngày {day.day} tháng {day.month} năm {day.year}",
    ):
        assert clean(field("date"), text, TODAY) == day.isoformat()


@UNHURRIED
@given(st.text(max_size=60))
def test_text_of_any_kind_is_kept_or_refused_but_never_lost(text: str) -> None:
    stored = clean(field("text"), text, TODAY)
    assert stored is None or clean(field("text"), show(field("text"), stored), TODAY) == stored


@pytest.mark.parametrize(
    ("text", "value"), [("1.250.000", 1_250_000), ("1,250,000 đ", 1_250_000), ("-5", -5), ("12,0", 12), (3.0, 3)]
)
def test_amounts(text: object, value: int) -> None:
    assert clean(field("money"), text, TODAY) == value


@pytest.mark.parametrize("text", ["1.25", "abc", "1e9", "9" * 20, True, 1.5])
def test_what_is_no_amount(text: object) -> None:
    with pytest.raises(BadValue):
        clean(field("money"), text, TODAY)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("HNGĐ", "hôn nhân gia đình"),
        ("KDTM", "kinh doanh thương mại"),
        ("Hành chính", "hành chính"),
        ("lao dong", "lao động"),
        ("Hôn nhân", "hôn nhân gia đình"),
    ],
)
def test_choices_by_initials_marks_and_parts(text: str, choice: str) -> None:
    assert clean(BOOKS["dan_su"].by_id["loai"], text, TODAY) == choice


def test_a_negated_choice_is_not_the_choice_inside_it() -> None:
    result = BOOKS["nguon_tin"].by_id["ket_qua"]
    assert clean(result, "Không khởi tố vụ án hình sự", TODAY) == "không khởi tố"
    with pytest.raises(BadValue):
        clean(result, "khởi tố hoặc tạm đình chỉ", TODAY)


def test_repeatable_rows_are_written_and_read() -> None:
    kind = field("repeat", columns=(Column(id="tu_cach", name="Tư cách"), Column(id="ho_ten", name="Họ tên")))
    rows = [{"tu_cach": "bị đơn", "ho_ten": "Lê A"}, {"ho_ten": "Lê B"}]
    assert clean(kind, show(kind, rows), TODAY) == rows
    assert clean(kind, "Lê C", TODAY) == [{"ho_ten": "Lê C"}]


def states(book: str, **data: str) -> dict[str, str]:
    return {f.check: str(f.state) for f in assess.assess(BOOKS[book], ENGINE, data, TODAY)}


def test_the_five_states_of_a_notice() -> None:
    base = {"ngay_thu_ly": "2026-07-23", "so_thu_ly": "1", "loai": "dân sự"}
    assert states("dan_su", **base, ngay_gui_tb="2026-07-28")["tb_thu_ly"] == "on_time"
    assert states("dan_su", **base, ngay_gui_tb="2026-07-29")["tb_thu_ly"] == "late"
    assert states("dan_su", **base, ngay_nhan_tb="2026-07-29")["tb_thu_ly"] == "to_verify"
    assert states("dan_su", **base, ngay_nhan_tb="2026-07-28")["tb_thu_ly"] == "on_time"
    assert states("dan_su", **base)["tb_thu_ly"] == "missing_data"
    assert states("dan_su", **{**base, "ngay_thu_ly": "2026-11-20"})["tb_thu_ly"] == "not_due"
    assert states("dan_su", so_thu_ly="1", loai="dân sự", ngay_nhan_tb="2026-07-28")["tb_thu_ly"] == "missing_data"


def test_contradicting_dates_accuse_nobody() -> None:
    base = {"ngay_thu_ly": "2026-07-23", "so_thu_ly": "1", "loai": "dân sự"}
    assert states("dan_su", **base, ngay_gui_tb="2026-08-05", ngay_nhan_tb="2026-07-27")["tb_thu_ly"] == "to_verify"
    assert states("dan_su", **base, ngay_gui_tb="2026-07-20")["tb_thu_ly"] == "to_verify"


def test_a_possible_lengthening_is_verified_and_a_recorded_one_counts() -> None:
    base = {"ngay_thu_ly": "2026-01-05", "so_thu_ly": "1", "loai": "dân sự", "ngay_dua_ra_xx": "2026-06-20"}
    assert states("dan_su", **base)["cbxx_4"] == "to_verify"
    assert states("dan_su", **base, gia_han_den="2026-07-05")["cbxx_4"] == "on_time"
    assert states("dan_su", **base, gia_han_den="2026-06-01")["cbxx_4"] == "late"
    assert states("dan_su", **{**base, "ngay_dua_ra_xx": "2026-07-20"})["cbxx_4"] == "late"


def test_a_restart_counts_from_the_decision_to_continue() -> None:
    data = {
        "ngay_thu_ly": "2025-12-05",
        "so_thu_ly": "1",
        "loai": "dân sự",
        "ngay_tdc": "2026-01-10",
        "ngay_tiep_tuc": "2026-05-04",
        "ngay_dua_ra_xx": "2026-08-20",
    }
    found = {f.check: f for f in assess.assess(BOOKS["dan_su"], ENGINE, data, TODAY)}
    assert (found["cbxx_4"].trigger_date, found["cbxx_4"].actual, str(found["cbxx_4"].state)) == (
        "2026-05-04",
        "2026-08-20",
        "on_time",
    )


def test_unsure_rules_and_soft_limits_never_accuse() -> None:
    late = {"ngay_thu_ly": "2026-03-02", "ho_ten": "A", "ngay_qd_mo_ph": "2026-05-20", "ngay_phien_hop": "2026-05-25"}
    found = {f.check: f for f in assess.assess(BOOKS["bpxlhc"], ENGINE, late, TODAY)}
    assert (str(found["xem_xet"].state), found["xem_xet"].confidence) == ("to_verify", "M")
    returned = {
        "so_thu_ly": "1",
        "ngay_thu_ly": "2026-03-02",
        "ngay_tra_don": "2026-03-02",
        "ngay_gui_tra_don": "2026-04-20",
    }
    assert states("dan_su", **returned)["gui_tra_don"] == "to_verify"


def test_too_early_is_seen_in_the_other_direction() -> None:
    base = {"so_thu_ly": "1", "ngay_thu_ly": "2026-03-02", "loai": "dân sự", "ngay_hoa_giai": "2026-04-01"}
    assert states("dan_su", **base, ngay_cnstt="2026-04-05")["qd_cnstt"] == "to_verify"
    assert states("dan_su", **base, ngay_cnstt="2026-04-09")["qd_cnstt"] == "on_time"


def test_a_right_not_used_is_no_finding_but_is_warned_of_in_time() -> None:
    data = {"ho_ten": "A", "ngay_thu_ly": "2026-03-02", "ngay_qd": "2026-11-19", "ngay_nhan_qd": "2026-11-20"}
    assert states("bpxlhc", **data)["kn_vks"] == "not_due"
    assert "kn_vks" not in states("bpxlhc", **{**data, "ngay_qd": "2026-05-19", "ngay_nhan_qd": "2026-05-20"})


def test_law_of_the_step_is_taken_from_the_trigger_date() -> None:
    base = {"so_qd_tha": "1", "nguoi_phai_tha": "A"}
    old = assess.assess(
        BOOKS["thads"], ENGINE, {**base, "het_tu_nguyen": "2026-06-29", "ngay_xac_minh": "2026-07-09"}, TODAY
    )
    new = assess.assess(
        BOOKS["thads"], ENGINE, {**base, "het_tu_nguyen": "2026-07-01", "ngay_xac_minh": "2026-07-13"}, TODAY
    )
    assert [(f.deadline, str(f.state)) for f in old if f.check == "xac_minh"] == [("tha08.xac_minh", "on_time")]
    assert [(f.deadline, str(f.state)) for f in new if f.check == "xac_minh"] == [("tha25.xac_minh", "late")]


def test_hours_without_a_minute_count_from_the_end_of_the_day() -> None:
    base = {"tom_tat": "A", "ngay_tiep_nhan": "2026-03-02", "ket_qua": "khởi tố"}
    assert states("nguon_tin", **base, ngay_ket_thuc="2026-03-10", ngay_gui_qd="2026-03-11")["gui_khoi_to"] == "on_time"
    assert states("nguon_tin", **base, ngay_ket_thuc="2026-03-10", ngay_gui_qd="2026-03-12")["gui_khoi_to"] == "late"
    exact = {**base, "ngay_ket_thuc": "2026-03-10T10:00", "ngay_gui_qd": "2026-03-11T10:30"}
    assert states("nguon_tin", **exact)["gui_khoi_to"] == "late"
