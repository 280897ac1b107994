"""From the engine's words to the archive's: order, scribbles, repairs, confidence, stamps, corner digits."""

from dataclasses import replace

import numpy as np
import pytest

from ingest.recognise.born_digital import lies
from ingest.recognise.confidence import TABLE, chance, page_chance, page_confidence
from ingest.recognise.digits import read_digit
from ingest.recognise.engine import Found
from ingest.recognise.layout import arranged
from ingest.recognise.options import ReadOptions
from ingest.recognise.pieces import hidden_share
from ingest.recognise.repair import repaired
from ingest.recognise.rules import Grid, without_streaks
from ingest.recognise.stamps import classify, stamped_date
from ingest.recognise.tidy import tidied
from storage.reading import Word


def line(text: str, left: int, top: int, number: int, block: int = 0, confidence: float = 96.0) -> list[Found]:
    """Words of 12 pixels a letter, 30 high."""
    words = []
    for word in text.split():
        words.append(Found(word, left, top, left + 12 * len(word), top + 30, confidence, number, block))
        left += 12 * len(word) + 10
    return words


def text_of(words: list[Found] | tuple[Found, ...]) -> str:
    return " ".join(w.text for w in words)


def test_a_header_read_line_by_line_becomes_two_columns() -> None:
    found = [
        *line("CÔNG AN TỈNH LÀO CAI", 100, 100, 0), *line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 700, 100, 0),
        *line("CƠ QUAN ĐIỀU TRA", 120, 140, 1), *line("Độc lập - Tự do - Hạnh phúc", 760, 140, 1),
        *line("Số: 12/QĐ", 150, 190, 2), *line("Lào Cai, ngày 05 tháng 03", 740, 190, 2),
        *line("QUYẾT ĐỊNH KHỞI TỐ VỤ ÁN HÌNH SỰ", 480, 330, 3, 1),
        *line("Căn cứ Điều 41", 200, 400, 4, 1),
    ]  # fmt: skip
    parts = arranged(found, 1400, 2000)
    assert [p.kind for p in parts] == ["header_left", "header_right", "text"]
    assert text_of(parts[0].words) == "CÔNG AN TỈNH LÀO CAI CƠ QUAN ĐIỀU TRA Số: 12/QĐ"
    assert text_of(parts[1].words).startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập")
    assert text_of(parts[2].words) == "QUYẾT ĐỊNH KHỞI TỐ VỤ ÁN HÌNH SỰ Căn cứ Điều 41"
    assert sum(len(p.words) for p in parts) == len(found)


def test_the_subject_of_a_letter_is_a_block_of_its_own() -> None:
    found = [
        *line("TÒA ÁN NHÂN DÂN", 100, 100, 0), *line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 700, 100, 0),
        *line("Số: 163/TA", 100, 140, 1), *line("V/v cung cấp hồ sơ", 100, 180, 2),
    ]  # fmt: skip
    parts = arranged(found, 1400, 2000)
    assert [text_of(p.words) for p in parts if p.kind != "header_right"] == [
        "TÒA ÁN NHÂN DÂN Số: 163/TA", "V/v cung cấp hồ sơ",
    ]  # fmt: skip


def test_a_motto_alone_is_no_two_column_header() -> None:
    found = [*line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 400, 100, 0), *line("ĐƠN KHÁNG CÁO", 500, 250, 1)]
    assert [p.kind for p in arranged(found, 1400, 2000)] == ["text"]


def test_a_foot_read_line_by_line_becomes_two_columns() -> None:
    found = [
        *line("Rất mong nhận được sự phối hợp.", 100, 1300, 0),
        *line("Nơi nhận: CHI CỤC TRƯỞNG", 100, 1400, 1), *line("- Bị can;", 100, 1440, 2),
        *line("Hoàng Vượng", 900, 1600, 3), *line("- Lưu: VT.", 100, 1480, 4),
    ]  # fmt: skip
    moved = [w if w.text not in {"CHI", "CỤC", "TRƯỞNG"} else replace(w, left=w.left + 600, right=w.right + 600)
             for w in found]  # fmt: skip
    assert [text_of(p.words) for p in arranged(moved, 1400, 2000)] == [
        "Rất mong nhận được sự phối hợp.", "Nơi nhận: - Bị can; - Lưu: VT.", "CHI CỤC TRƯỞNG Hoàng Vượng",
    ]  # fmt: skip


def test_lines_across_the_page_are_no_foot() -> None:
    found = [*line("Nơi nhận kiểm sát và các cơ quan được giao nhiệm vụ điều tra phối hợp thi hành", 100, 1400, 0),
             *line("Hoàng Vượng", 900, 1600, 1)]  # fmt: skip
    assert len(arranged(found, 1400, 2000)) == 1


def test_a_table_is_read_row_by_row_and_cell_by_cell() -> None:
    grid = Grid(0, 0, 900, 400, rows=(0, 200, 400), columns=(0, 400, 900))
    found = [
        *line("Tên tài", 20, 20, 0), *line("Số BL", 420, 20, 0), *line("liệu", 20, 60, 1),
        *line("Cáo trạng", 20, 220, 2), *line("29", 420, 220, 2),
    ]  # fmt: skip
    (part,) = arranged(found, 1000, 1400, [grid])
    assert part.kind == "table"
    assert text_of(part.words) == "Tên tài liệu Số BL Cáo trạng 29"


def test_scribbles_are_left_out_and_words_stay() -> None:
    found = [
        *line("Nguyễn Văn An", 0, 0, 0), *line("⁄ ~", 0, 50, 1, confidence=30),
        *line("- Như trên", 0, 100, 2, confidence=60),
    ]  # fmt: skip
    kept, dropped = tidied(found)
    assert text_of(kept) == "Nguyễn Văn An - Như trên"
    assert len(dropped) == 2


def test_letters_vietnamese_does_not_have_are_replaced_and_the_raw_reading_kept() -> None:
    (word,), _ = tidied([Found("145/QÐ-CSÐT", 0, 0, 100, 30, 90.0, 0, 0)])
    assert (word.text, word.raw) == ("145/QĐ-CSĐT", "145/QÐ-CSÐT")


def as_words(text: str, confidence: float = 0.8) -> list[Word]:
    return [Word(t, (0.1 * i, 0.1, 0.05, 0.02), confidence, 0, 0) for i, t in enumerate(text.split())]


def test_fixed_wording_with_wrong_marks_is_put_right_and_marked() -> None:
    words = repaired(as_words("VIÊN KIẾM SÁT NHÂN DẪN TỈNH"))
    assert " ".join(w.text for w in words) == "VIỆN KIỂM SÁT NHÂN DÂN TỈNH"
    assert [w.raw for w in words] == ["VIÊN", "KIẾM", None, None, "DẪN", None]


def test_names_known_in_the_case_are_put_right_only_with_the_same_letters() -> None:
    words = repaired(as_words("bị can Nguyên Vân Ân khai"), ("Nguyễn Văn An",))
    assert " ".join(w.text for w in words) == "bị can Nguyễn Văn An khai"
    other = repaired(as_words("bị can Nguyên Vân Am khai"), ("Nguyễn Văn An",))
    assert " ".join(w.text for w in other) == "bị can Nguyên Vân Am khai"


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("CHỊ CỤC THỊ HÀÃNH ẤN DẪN SỰ", "CHI CỤC THI HÀNH ÁN DÂN SỰ"),
        ("CỘNG HOÀ XÃ HỘI CHỦ NGHĨÃA VIỆT NAM", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Nơi nhậmn:", "Nơi nhận:"),
    ],
)
def test_a_whole_line_of_fixed_wording_is_put_right_and_marked(read: str, meant: str) -> None:
    words = repaired(as_words(read))
    assert " ".join(w.text for w in words) == meant
    assert [w.raw or w.text for w in words] == read.split()


@pytest.mark.parametrize(
    "text",
    [
        "CHI CỤC THI HÀNH ÁN DÂN SỰ QUẬN 5", "Số: 12/QĐ-VKS", "Trần Thị Hàãnh", "Nguyễn Văn Kiễm", "Phan Thị Hành Ân",
        "QUYẾT ĐỊNH ĐÌNH CHÍNH", "Nơi nhốn:", "12 HÀÃNH ẤN DẪN SỰ",
    ],
)  # fmt: skip
def test_names_numbers_and_other_lines_stay_as_read(text: str) -> None:
    assert " ".join(w.text for w in repaired(as_words(text))) == text


def test_sure_words_are_never_repaired() -> None:
    words = repaired(as_words("VIÊN KIẾM SÁT NHÂN DẪN", confidence=0.99))
    assert " ".join(w.text for w in words) == "VIÊN KIẾM SÁT NHÂN DẪN"


def test_ink_left_unread_between_the_words_of_a_line_counts_as_hidden() -> None:
    grey = np.full((200, 1000), 255, np.uint8)
    words = [*line("Mẫu", 20, 20, 0), *line("của phải", 320, 20, 0)]
    assert hidden_share(grey, words) == 0.0  # white is white: a tab, a column
    grey[20:50, 120:280] = 60  # a seal over a word
    assert hidden_share(grey, words) > 0.5
    assert page_confidence([0.99], ["Mẫu"], 0.0, 0.02) < page_confidence([0.99], ["Mẫu"], 0.0, 0.0)


def test_a_streak_down_the_page_goes_and_letters_and_short_strokes_stay() -> None:
    page = np.full((1200, 800), 255, np.uint8)
    page[:, 400:406] = 0
    page[200:230, 100:104] = page[600:900, 600:604] = 0
    without, streaks = without_streaks(page, 150)
    assert streaks == 1
    assert without[:, 395:411].min() == 255
    assert np.array_equal(without[:, :390], page[:, :390]) and np.array_equal(without[:, 420:], page[:, 420:])


def test_confidence_rises_with_the_engines_and_impossible_syllables_lose() -> None:
    values = [chance(c, "án") for c in range(0, 101, 5)]
    assert values == sorted(values)
    assert TABLE[0][1] < values[10] < TABLE[-1][1] < 1
    assert chance(90, "xqzt") < chance(90, "án")
    assert page_chance([], []) == 0.0


@pytest.mark.parametrize(("text", "kind"), [
    ("ĐẾN\nSố: 12\nNgày: 05/03/2025", ("den", None)), ("SAO Y BẢN CHÍNH", ("sao_y", None)), ("MẬT", ("mat", "mat")),
    ("TỐI MẬT", ("mat", "toi_mat")), ("TUYỆT MẬT", ("mat", "tuyet_mat")), ("[TUYÊT MÂT]", ("mat", "tuyet_mat")),
    ("BẢN ÁN ĐÃ CÓ HIỆU LỰC PHÁP LUẬT", ("hieu_luc", None)), ("VIỆN KIỂM SÁT NHÂN DÂN", None), ("bí mật", None),
    ("giữ bí mật nhà nước", None), ("bảo mật thông tin", None), ("MẬT ĐỘ DÂN SỐ", None), ("MẶT TRẬN TỔ QUỐC", None),
])  # fmt: skip
def test_stamps_are_told_apart(text: str, kind: tuple[str, str | None] | None) -> None:
    assert classify(text, 0.8) == kind


@pytest.mark.parametrize(("text", "date"), [
    ("Ngày: 05/03/2025", "2025-03-05"), ("Ngày 5.3.25", "2025-03-05"), ("ngày 12 tháng 4 năm 2024", "2024-04-12"),
    ("Ngày 45/03/2025", None), ("", None),
])  # fmt: skip
def test_the_date_on_a_stamp(text: str, date: str | None) -> None:
    assert stamped_date(text) == date


@pytest.mark.parametrize(("text", "fonts", "image", "lie"), [
    ("", set(), 0.0, True), ("Viện kiểm sát nhân dân tỉnh Lào Cai", {"ABCDEF+TimesNewRoman"}, 0.0, False),
    ("ViÖn kiÓm s¸t nh©n d©n tØnh Lµo Cai", {"ABCDEF+.VnTime"}, 0.0, True),
    ("ViÖn kiÓm s¸t nh©n d©n tØnh Lµo Cai", {"Arial"}, 0.0, True),
    ("(cid:12)(cid:13)(cid:14) (cid:99)(cid:100) abcdefghijklmnop", {"Arial"}, 0.0, True),
    ("Viện kiểm sát nhân dân tỉnh Lào Cai", {"Arial"}, 0.95, True),
])  # fmt: skip
def test_a_text_layer_that_lies_is_found_out(text: str, fonts: set[str], image: float, lie: bool) -> None:
    assert (lies(text, fonts, image) is not None) == lie


def test_the_digit_reader_reads_plain_bars_and_rings() -> None:
    one = np.full((30, 5), 255, np.uint8)
    assert read_digit(one)[0] == "1"
    y, x = np.mgrid[0:40, 0:26]
    radius = np.hypot((y - 19.5) / 19, (x - 12.5) / 12)
    zero = ((radius < 1.02) & (radius > 0.72)).astype(np.uint8) * 255
    assert read_digit(zero)[0] == "0"


def test_options_survive_the_way_to_the_reader_process() -> None:
    options = ReadOptions(tessdata="/x", dpi=200, names=("Nguyễn Văn An",)).without("dedot", "stamps")
    assert ReadOptions.from_json(options.to_json()) == options
    assert not options.wants("dedot")
