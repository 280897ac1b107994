"""Cutting a batch: what starts a document, what does not, and what unread, blank, doubled and turned pages do."""

import random
from dataclasses import replace

import pytest

from bench.made_bundles import MadeBundle, Maker
from ingest.describe.features import find_features
from ingest.describe.numbers import find_number
from ingest.filing.plan import plan_batch
from ingest.split import catalogue, marks
from ingest.split.document_list import read_list
from ingest.split.page import PageView
from ingest.split.propose import propose
from storage.reading import Block, PageReading, Word


def page(*lines: tuple[str, float, float], corner: str | None = None, ink: float = 0.04) -> PageReading:
    """A page with lines (text, left, top); letters are as wide as on a typed page."""
    words = []
    for row, (text, left, top) in enumerate(lines):
        x = left
        for token in text.split():
            width = 0.0085 * len(token) + 0.003 * sum(c.isupper() for c in token)
            words.append(Word(token, (x, top, width, 0.0105), 0.93, row, 0))
            x += width + 0.006
    blocks = (Block(9, "corner", (0.85, 0.03, 0.06, 0.02), text=corner, confidence=0.9),) if corner else ()
    return PageReading("test", 1654, 2339, 0, 0.9, tuple(words), blocks, (), ink)


MOTTO = (("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0.52, 0.06), ("Độc lập - Tự do - Hạnh phúc", 0.58, 0.08))
BODY = tuple(
    (f"Người làm chứng trình bày đã nhìn thấy sự việc lần thứ {n} tại hiện trường.", 0.14, 0.3 + n * 0.021)
    for n in range(12)
)
CLOSING = (("Nơi nhận:", 0.14, 0.7), ("VIỆN TRƯỞNG", 0.65, 0.7), ("- Lưu: HS.", 0.14, 0.72))


def decision(number: str = "12/QĐ-VKS", *extra: tuple[str, float, float], closed: bool = True) -> PageReading:
    return page(
        ("VIỆN KIỂM SÁT NHÂN DÂN", 0.14, 0.06),
        *MOTTO,
        (f"Số: {number}", 0.2, 0.1),
        ("Tây Sơn, ngày 05 tháng 03 năm 2024", 0.55, 0.1),
        ("QUYẾT ĐỊNH", 0.47, 0.15),
        ("PHÊ CHUẨN LỆNH TẠM GIAM", 0.4, 0.171),
        *BODY,
        *extra,
        *(CLOSING if closed else ()),
    )


def going_on(number: int, *, closed: bool = False) -> PageReading:
    return page((str(number), 0.53, 0.045), *[(t, x, y - 0.2) for t, x, y in BODY], *(CLOSING if closed else ()))


def blank() -> PageReading:
    return PageReading("test", 1654, 2339, 0, 0.0, (), (), (), 0.0, is_blank=True)


def cut(*readings: PageReading | None) -> list[tuple[int, ...]]:
    return [d.pages for d in propose([PageView(i, r) for i, r in enumerate(readings)]).documents]


def test_pages_of_a_decision_stay_together_and_the_next_one_begins_anew() -> None:
    assert cut(decision(closed=False), going_on(2, closed=True), decision("13/QĐ-VKS")) == [(0, 1), (2,)]


def test_the_word_decision_inside_a_decision_starts_nothing() -> None:
    inside = page(
        ("2", 0.53, 0.045),
        ("QUYẾT ĐỊNH:", 0.47, 0.08),
        ("Điều 1. Phê chuẩn lệnh tạm giam nêu trên.", 0.2, 0.1),
        *BODY,
        *CLOSING,
    )
    assert cut(decision(closed=False), inside) == [(0, 1)]


def test_a_blank_back_belongs_to_no_document() -> None:
    proposal = propose([PageView(i, r) for i, r in enumerate((decision(), blank(), decision("13/QĐ-VKS"), blank()))])
    assert [d.pages for d in proposal.documents] == [(0,), (2,)]
    assert [k.kind for k in proposal.kinds] == ["document", "blank", "document", "blank"]


def test_a_page_that_could_not_be_read_swallows_no_neighbour() -> None:
    assert cut(decision(), None, decision("13/QĐ-VKS")) == [(0,), (1,), (2,)]
    plan = plan_batch([PageView(i, r) for i, r in enumerate((decision(), None, decision("13/QĐ-VKS")))])
    assert plan.documents[1].needs_review


def test_an_unread_second_page_is_held_by_the_printed_numbers_around_it() -> None:
    assert cut(decision(closed=False), None, going_on(3, closed=True)) in ([(0, 1, 2)], [(0,), (1, 2)])


def test_every_way_of_nothing_gives_a_proposal() -> None:
    assert cut() == []
    assert cut(blank(), blank()) == []
    assert cut(None) == [(0,)]
    assert cut(decision()) == [(0,)]
    foreign = page(
        *[("The quick brown fox jumps over the lazy dog again and again", 0.14, 0.1 + n * 0.02) for n in range(30)]
    )
    plan = plan_batch([PageView(0, foreign)])
    assert len(plan.documents) == 1
    assert plan.documents[0].needs_review


def test_two_cases_in_one_scan_keep_their_own_numbers() -> None:
    def cover(number: str) -> PageReading:
        return page(
            ("HỒ SƠ VỤ ÁN HÌNH SỰ", 0.38, 0.3),
            (f"Số: {number}", 0.42, 0.36),
            ("Ngày thụ lý: 04/03/2023", 0.2, 0.5),
            ("Thời hạn bảo quản: 20 năm", 0.2, 0.55),
        )

    readings = (cover("44/2023/HSST"), decision(), cover("51/2023/HSST"), decision("13/QĐ-VKS"))
    plan = plan_batch([PageView(i, r) for i, r in enumerate(readings)])
    assert [d.proposed.pages for d in plan.documents] == [(1,), (3,)]
    assert plan.numbers_of(1)[0][0] == "44/2023/HSST"
    assert plan.numbers_of(3)[0][0] == "51/2023/HSST"


def test_a_missing_and_a_doubled_number_are_seen_in_the_row() -> None:
    numbers = [1, 2, 3, 5, 6, 7, 7, 8]
    proposal = propose(
        [
            PageView(i, replace(decision(f"{i}/QĐ-VKS"), blocks=page(corner=str(n)).blocks))
            for i, n in enumerate(numbers)
        ]
    )
    assert [proposal.numbers[i].value for i in range(len(numbers))] == numbers


def test_a_pile_scanned_from_its_end_is_offered_to_be_turned() -> None:
    bundle = _numbered_bundle()
    views = [PageView(i, r) for i, r in enumerate(reversed(bundle.readings))]
    assert propose(views).order == "pages_reversed"
    assert propose([PageView(i, r) for i, r in enumerate(bundle.readings)]).order == "as_scanned"


def _numbered_bundle() -> MadeBundle:
    return next(b for seed in range(50) if (b := Maker(seed, 0.1).bundle("hinh_su", 10)).but_luc)


@pytest.mark.parametrize("seed", range(3))
def test_invented_bundles_of_any_kind_are_cut_and_what_is_sure_is_right(seed: int) -> None:
    bundle = Maker(400 + seed, 0.4).bundle(documents=12)
    plan = plan_batch([PageView(i, r) for i, r in enumerate(bundle.readings)])
    truth = {(d.pages[0], d.pages[-1]): d for d in bundle.documents}
    right = [p for p in plan.documents if (p.proposed.pages[0], p.proposed.pages[-1]) in truth]
    assert len(right) >= 0.9 * len(truth)
    for planned in right:
        if not planned.needs_review:
            assert (
                planned.description.kind.code
                == truth[planned.proposed.pages[0], planned.proposed.pages[-1]].type_code
            )


def test_cuts_partition_the_pages_whatever_they_are() -> None:
    rng = random.Random(7)
    for _ in range(10):
        bundle = Maker(rng.randint(0, 10_000), rng.random()).bundle(documents=5)
        readings = [None if rng.random() < 0.1 else r for r in bundle.readings]
        rng.shuffle(readings)
        proposal = propose([PageView(i, r) for i, r in enumerate(readings)])
        held = sorted(index for document in proposal.documents for index in document.pages)
        loose = [
            i
            for i, kind in enumerate(proposal.kinds)
            if kind.kind in {"blank", "cover", "document_list", "separator"}
        ]
        assert sorted([*held, *loose]) == list(range(len(readings)))


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("QUYÉT ĐỊNH KHOI TO BỊ CAN", "hs.qd_khoi_to_bi_can"),
        ("L Ệ N H T Ạ M G I A M", "hs.lenh_tam_giam"),
        ("BIÊN BẢN HỎI CUNG BỊ CAM", "hs.bb_hoi_cung"),
        ("QUYẾT ÐỊNH THI HÀNH ÁN CHỦ ĐỘNG", "tha.qd_tha"),
    ],
)
def test_badly_read_titles_name_their_type(printed: str, code: str) -> None:
    assert catalogue.matches(printed)[0].type_code == code


def test_a_sheet_mark_survives_and_a_wrong_letter_does_not() -> None:
    mark = marks.SheetMark("cover", 7, "44/2023/HSST", "HS02", "46a")
    assert marks.read(marks.write(mark)) == mark
    assert marks.read(marks.write(mark).replace("i=7", "i=8")) is None
    assert marks.read("https://example.org") is None


def the_list(*rows: tuple[str, str, str, str], start: float = 0.15, head: bool = True) -> PageReading:
    """A page of a list of documents; ``rows`` are running number (as read), name, number and date, bút lục."""
    lines = [("MỤC LỤC TÀI LIỆU", 0.4, 0.08), ("STT", 0.147, 0.12), ("Tên tài liệu", 0.31, 0.118),
             ("Số, ngày", 0.56, 0.117), ("Bút lục", 0.75, 0.116)] if head else []  # fmt: skip
    for place, cells in enumerate(rows):
        for x, cell in zip((0.16, 0.2, 0.54, 0.77), cells, strict=True):
            parts = [part for part in cell.split("\n") if part]
            lines.extend((part, x, start + 0.04 * place + 0.017 * n) for n, part in enumerate(parts))
    return page(*lines)


def test_rows_of_a_list_whose_running_numbers_were_lost_are_counted() -> None:
    first = the_list(("", "Đơn khởi kiện", "15/03/2025", "01-02"),
                     ("", "Thông báo thụ lý vụ án\nsơ thẩm", "201/TB-TLVA,\n19/03/2025", "03"),
                     ("3", "Biên bản hòa giải", "", ""))  # fmt: skip
    second = the_list(("", "Cáo trạng", "142/CT-VKS,\n07/05/2025", "29-30"), ("", "Bản án", "", "31"),
                      ("26", "Đơn kháng cáo", "09/06/2025", "32"), head=False)  # fmt: skip
    pages = [PageView(i, reading) for i, reading in enumerate([first, second])]
    proposal = propose(pages)
    assert [kind.kind for kind in proposal.kinds] == ["document_list", "document_list"]
    rows = read_list(pages)
    assert [(r.order, r.name, r.number, r.date, r.first, r.last) for r in rows] == [
        (1, "Đơn khởi kiện", None, (2025, 3, 15), 1, 2),
        (2, "Thông báo thụ lý vụ án sơ thẩm", "201/TB-TLVA", (2025, 3, 19), 3, 3),
        (3, "Biên bản hòa giải", None, None, 4, 28),
        (4, "Cáo trạng", "142/CT-VKS", (2025, 5, 7), 29, 30),
        (5, "Bản án", None, None, 31, 31),
        (6, "Đơn kháng cáo", None, (2025, 6, 9), 32, 32),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [("BẢN SAO", "bản sao"), ("SAO Y BẢN CHÍNH", "bản sao"), ("TRÍCH SAO", "trích sao"), ("BẢN PHÔ TÔ", "bản phô tô"),
     ("Bản sao căn cước công dân của ông Tùng", None)],
)  # fmt: skip
def test_a_paper_that_says_it_is_a_copy_is_one(line: str, said: str | None) -> None:
    found = find_features([PageView(0, page((line, 0.7, 0.03), *MOTTO, *BODY))])
    assert (found.value if found else None) == said


def garbled() -> PageReading:
    """A page read upside down: crumbs without sense, read with little confidence."""
    crumbs = ["ɐ'uo", "8ıǝ", "—ʎ", "wN|", "ơ!u", "ïâ", "5p,", "JǝH"]
    words = tuple(Word(crumbs[n % 8], (0.14 + n % 9 * 0.08, 0.1 + n // 9 * 0.03, 0.05, 0.011), 0.25, n // 9, 0)
                  for n in range(150))  # fmt: skip
    return PageReading("test", 1654, 2339, 0, 0.2, words, (), (), 0.06)


def test_a_middle_page_doubled_or_missing_or_upside_down_stays_inside() -> None:
    doubled = (decision(closed=False), going_on(2), going_on(2), going_on(3, closed=True), decision("13/QĐ-VKS"))
    assert cut(*doubled) == [(0, 1, 2, 3), (4,)]
    assert cut(decision(closed=False), going_on(3, closed=True), decision("13/QĐ-VKS")) == [(0, 1), (2,)]
    turned = (decision(closed=False), garbled(), going_on(3, closed=True), decision("13/QĐ-VKS"))
    assert cut(*turned) == [(0, 1, 2), (3,)]


def test_a_large_photo_plate_between_papers_is_a_document_of_its_own_or_asked_about() -> None:
    plate = replace(page(("BẢN ẢNH HIỆN TRƯỜNG", 0.42, 0.06), ("Ảnh số 1: toàn cảnh", 0.42, 0.9), ink=0.4),
                    width=3308, height=2339)  # fmt: skip
    views = [PageView(n, r, 200) for n, r in enumerate([decision(), plate, decision("13/QĐ-VKS")])]
    plan = plan_batch(views)
    assert [d.proposed.pages for d in plan.documents] == [(0,), (1,), (2,)]
    assert plan.documents[1].description.kind.code == "hs.ban_anh"


def test_a_thousand_pages_are_cut_as_one_batch() -> None:
    first = page(*MOTTO, ("BIÊN BẢN HỎI CUNG BỊ CAN", 0.4, 0.15), BODY[0])
    kept = [first, *(page((str(n), 0.53, 0.045), BODY[n]) for n in range(2, 6))]
    assert cut(*(kept[n % 5] for n in range(1000))) == [tuple(range(n, n + 5)) for n in range(0, 1000, 5)]


def test_a_second_title_line_that_begins_like_an_hour_is_title() -> None:
    lines = (("BIÊN BẢN", 0.467, 0.127), ("Hỏi cung bị can", 0.451, 0.15), ("Hồi 14 giờ 00, tại trụ sở", 0.19, 0.18))
    plan = plan_batch([PageView(0, page(*MOTTO, *lines, *BODY))])
    told = plan.documents[0].description
    assert told.title is not None
    assert (told.title.value, told.kind.code) == ("BIÊN BẢN Hỏi cung bị can", "hs.bb_hoi_cung")


def numbered(text: str, confidence: float, date: str = "ngày 05 tháng 03 năm 2024") -> PageReading:
    """A decision whose number was read with so much confidence."""
    head = (("VIỆN KIỂM SÁT NHÂN DÂN", 0.14, 0.06), *MOTTO, (f"Số: {text}", 0.2, 0.1), (f"Tây Sơn, {date}", 0.55, 0.1))
    read = page(*head, ("QUYẾT ĐỊNH", 0.47, 0.15), ("PHÊ CHUẨN LỆNH TẠM GIAM", 0.4, 0.171), *BODY, *CLOSING)
    return read.with_words(tuple(replace(w, confidence=confidence) if "/" in w.text else w for w in read.words))


@pytest.mark.parametrize(
    ("numbers", "sure"),
    [
        (["12/QĐ-VKS"], True),  # a sign of known parts
        (["12/QĐ-VKSMC"], True),  # an office's own initials
        (["12/QĐXXST-HNGĐ"], True),  # abbreviations written together
        (["12/QĐ-XYZW"], False),  # a sign nobody knows
        (["12/QĐ-XYZW", "13/QĐ-XYZW"], True),  # but two papers of the batch carry it
        (["12/2023/QĐ-VKS"], False),  # of another year than the date
    ],
)
def test_a_number_read_with_doubt_is_stood_by_when_its_shape_is_right(numbers: list[str], sure: bool) -> None:
    plan = plan_batch([PageView(n, numbered(text, 0.5)) for n, text in enumerate(numbers)])
    assert [d.description.number.value.text for d in plan.documents if d.description.number] == numbers
    assert all(d.description.sure["number"] is sure for d in plan.documents)


def test_one_wrong_letter_of_a_sign_is_put_right_only_where_it_was_badly_read() -> None:
    badly, well = (find_number(PageView(0, numbered("61/TB-TIVA", sure))) for sure in (0.5, 0.95))
    assert badly is not None
    assert well is not None
    assert (badly.value.text, badly.repaired_from, well.value.text) == ("61/TB-TLVA", "61/TB-TIVA", "61/TB-TIVA")


def test_two_lines_of_a_tilted_page_read_as_one_are_parted() -> None:
    """The lines of a letterhead and the number below it, given word by word in turn."""
    tops = {"CÔNG": 0.08, "AN": 0.0805, "TỈNH": 0.081, "Số:": 0.104, "45/QĐ-ĐTTH": 0.105}
    places = {"CÔNG": 0.15, "Số:": 0.17, "AN": 0.21, "45/QĐ-ĐTTH": 0.22, "TỈNH": 0.25}
    words = tuple(Word(text, (x, tops[text], 0.04, 0.012), 0.9, 1, 0) for text, x in places.items())
    view = PageView(0, PageReading("test", 1654, 2339, 0, 0.9, words, (), (), 0.04))
    assert [piece.text for piece in view.pieces] == ["CÔNG AN TỈNH", "Số: 45/QĐ-ĐTTH"]
