"""Searching as people do: spellings, rights, second chances, and what is shown of a page."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from config.settings import Settings
from search.case_persons import case_persons
from search.library import library
from search.service import SearchAnswer, SearchRequest, search
from search.suggest import suggest
from search.writer import drain
from storage import batches, cases, corrections
from storage.access import SERVICE, Actor, case_scope
from storage.database import Database
from storage.models.cases import Case, Right
from storage.models.people import Role, User
from storage.models.scans import Batch, Page
from storage.vietnamese import fold
from tests.search_archive import add_batch, add_document, add_pages

CAO_TRANG = """VIỆN KIỂM SÁT NHÂN DÂN
CÁO TRẠNG
Bị can Nguyễn Văn Mẫn đã lừa đảo chiếm đoạt tài sản trị giá 165.500.000 đồng
của bà Trần Thị Mận vào ngày 12 tháng 3 năm 2024 tại phường Hoà Bình"""
CAN_CU = """Căn cứ khoản 2 Điều 174 Bộ luật hình sự; Quyết định số 12/QĐ-VKS-P1
các bên hoà giải, thuý kiều, lý do, quý khách; xe 29A-123.45; điện thoại 0912.345.678"""
KHAI = """Người làm chứng: Lê Văn Tám khai báo về việc vay tiền
thoả thuận trả lãi hằng tháng, không ép buộc"""
PHRASES = [
    "viện kiểm sát", "cáo trạng", "bị can", "lừa đảo chiếm đoạt", "tài sản", "trị giá", "nhân dân", "kiểm sát nhân dân",
    "đã lừa đảo", "chiếm đoạt tài sản", "tại phường", "vào ngày", "căn cứ", "bộ luật hình sự", "hình sự", "quyết định",
    "các bên", "hòa giải", "thúy kiều", "lí do", "quí khách", "điện thoại", "người làm chứng", "khai báo", "về việc",
    "vay tiền", "thỏa thuận", "trả lãi", "hằng tháng", "không ép buộc",
]  # fmt: skip


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    return replace(settings, search_engine=getattr(request, "param", "auto"))


@pytest.fixture
def archive(
    settings: Settings, database: Database, make_case: Callable[..., Case], make_user: Callable[..., User]
) -> Database:
    """Case 1 with a document of three pages; case 2 with one page that says the same as the last."""
    with database.write() as session:
        hoa, binh = make_user(session, "hoa"), make_user(session, "binh")
        first = make_case(session, "45/2024/TLST-HS", name="Vụ Nguyễn Văn Mẫn", members={hoa: Right.READ})
        second = make_case(session, "46/2024/TLST-HS", members={binh: Right.READ})
        batch = add_batch(session, first)
        pages = add_pages(session, batch, [CAO_TRANG, CAN_CU, KHAI], first_but_luc=10)
        add_document(
            session,
            batch,
            pages,
            title="Cáo trạng",
            type_code="hs.cao_trang",
            number="45/CT-VKS",
            day=date(2024, 3, 20),
        )
        other = add_batch(session, second)
        add_document(session, other, add_pages(session, other, [KHAI]), title="Lời khai")
    drain(database, settings)
    return database


def ask(session: Session, settings: Settings, query: str, login: str | None = None, **more: object) -> SearchAnswer:
    actor = SERVICE if login is None else Actor.of(session.query(User).filter_by(login=login).one())
    return search(session, settings, case_scope(session, actor), SearchRequest(query, **more))  # type: ignore[arg-type]


TELEX = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
SHAPES = {"ă": "aw", "â": "aa", "đ": "dd", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw"}
OLD_TONES = {"òa": "oà", "óa": "oá", "ỏa": "oả", "ọa": "oạ", "úy": "uý", "ủy": "uỷ", "ùy": "uỳ"}


def telex(phrase: str) -> str:
    """The keys pressed for it, with the input method off."""
    words = []
    for word in phrase.split():
        parts = unicodedata.normalize("NFD", word)
        tone = "".join(TELEX[char] for char in parts if char in TELEX)
        plain = unicodedata.normalize("NFC", "".join(char for char in parts if char not in TELEX))
        words.append("".join(SHAPES.get(char, char) for char in plain) + tone)
    return " ".join(words)


def old_tones(phrase: str) -> str:
    """The mark where it used to be put."""
    for new, old in OLD_TONES.items():
        phrase = re.sub(new + r"\b", old, phrase)
    return phrase


@pytest.mark.parametrize("settings", ["whoosh", "tantivy"], indirect=True)
def test_thirty_phrases_in_five_spellings_find_the_same_pages(settings: Settings, archive: Database) -> None:
    assert len(PHRASES) == 30
    assert (telex("hòa giải được"), old_tones("hòa thúy")) == ("hoaf giair dduwowcj", "hoà thuý")
    with archive.read() as session:
        for phrase in PHRASES:
            nfd = unicodedata.normalize("NFD", f"  {phrase.title()} ")
            spellings = [phrase, fold(phrase).upper(), nfd, telex(phrase), old_tones(phrase)]
            answers = [ask(session, settings, s, facets=False, snippets=False) for s in spellings]
            found = [sorted(hit.page_id for hit in answer.hits) for answer in answers]
            assert found[0], phrase
            assert all(one == found[0] for one in found), (phrase, found)
            assert not any(answer.tolerant for answer in answers)


MEANT = {
    "hoà giải": 2, "hòa giải": 2, "thúy": 2, "lý do": 2, "lí do": 2, "quý khách": 2, "12/03/2024": 1, "12-3-2024": 1,
    "ngày 12 tháng 3 năm 2024": 1, "165,5 triệu đồng": 1, "165.500.000 đồng": 1, "điều 174 khoản 2": 2, "Dieu 174": 2,
    "12/QĐ-VKS-P1": 2, "12 / QD - VKS - P1": 2, "29A 12345": 2, "+84 912 345 678": 2, "45/CT-VKS": 1,
    "nguyeenx vawn maanx": 1, "cao1 tra5ng": 1, 'người:"Nguyễn Văn Mẫn"': 1, "nguoi:Lê Văn Tám": 3, "bl:11": 2,
    "thij": 1, "hoaf giair": 2, "quyeets ddinhj": 2, "cáo trạng tiền": 3,
    "vụ:45/2024 loại:cáo trạng tiền": 3, "từ:01/2024 đến:06/2024 tiền": 3, "số:45/CT-VKS mẫn": 1,
}  # fmt: skip


@pytest.mark.parametrize("settings", ["whoosh", "tantivy"], indirect=True)
def test_a_title_holds_some_of_the_words_never_all(settings: Settings, archive: Database) -> None:
    with archive.read() as session:
        assert [hit.page_id for hit in ask(session, settings, "cáo trạng").hits] == [1]
        assert [hit.page_id for hit in ask(session, settings, "cáo trạng tiền").hits] == [3]
        assert [hit.page_id for hit in ask(session, settings, "45/CT-VKS cáo trạng").hits] == [1]
        assert [hit.page_id for hit in ask(session, settings, "trạng").hits] == [1]


@pytest.mark.parametrize("settings", ["whoosh", "tantivy"], indirect=True)
def test_the_page_meant_comes_first(settings: Settings, archive: Database) -> None:
    with archive.read() as session:
        for query, first in MEANT.items():
            answer = ask(session, settings, query)
            assert answer.hits, query
            assert (answer.hits[0].page_id, answer.tolerant) == (first, False), query


def test_marks_typed_come_first_and_bind_in_quotes(settings: Settings, archive: Database) -> None:
    with archive.write() as session:
        batch = session.get(Batch, 1)
        add_pages(session, batch, ["anh Mẫn", "chị Mận", "nợ man mác"])
    drain(archive, settings)
    with archive.read() as session:
        last = {h.page_id: h.snippet for h in ask(session, settings, "Mận").hits}
        assert len(last) == 4  # page 1 names both
        assert "Mận" in next(iter(last.values()))
        quoted = ask(session, settings, '"Mận"').hits
        assert [h.snippet for h in quoted] == [h.snippet for h in ask(session, settings, "mận", exact=True).hits]
        assert [h.snippet[a:b] for h in quoted for a, b in h.marks] == ["Mận", "Mận"]
        assert not any("anh Mẫn" in h.snippet for h in quoted)


def test_a_second_chance_forgives_slips_and_offers_the_right_spelling(settings: Settings, archive: Database) -> None:
    with archive.read() as session:
        answer = ask(session, settings, "chiêm đoatt tàl sản")
        assert answer.tolerant
        assert answer.hits[0].page_id == 1
        assert any(fold(text) == "chiem doat tai san" for text in answer.suggestions)
        assert not ask(session, settings, '"can bị"').hits
        assert not ask(session, settings, "zzzzqqqq").hits


def test_boxes_lie_on_the_words_found(settings: Settings, archive: Database) -> None:
    with archive.read() as session:
        hit = ask(session, settings, "chiếm đoạt tài sản").hits[0]
        assert len(hit.boxes) == 1
        x, y, w, h = hit.boxes[0]
        assert x >= 0 and x + w <= 1 and y >= 0 and y + h <= 1
        assert [hit.snippet[a:b] for a, b in hit.marks] == ["chiếm đoạt tài sản"]
        assert hit.but_luc == "10" and hit.page_number == 1 and hit.case_number == "45/2024/TLST-HS"
        assert dict(hit.why) == dict.fromkeys(("chiếm", "đoạt", "tài", "sản"), "marks")


def test_a_person_without_rights_learns_nothing(settings: Settings, archive: Database) -> None:
    with archive.read() as session:
        for query in (
            "cáo trạng",
            "mẫn",
            "tiền",
            'người:"Nguyễn Văn Mẫn"',
            "vụ:45/2024 tiền",
            "bl:10",
            "45/CT-VKS",
            "lưa đảoo",
        ):
            answer = ask(session, settings, query, "binh")
            assert all(hit.case_number == "46/2024/TLST-HS" for hit in answer.hits), query
            assert all(v.value == "2" for v in answer.facets.get("case", ())), query
            shown = " ".join(answer.suggestions) + "".join(v.label for f in answer.facets.values() for v in f)
            assert "Cáo trạng" not in shown and "45/2024" not in shown and "lừa" not in shown
        scope = case_scope(session, Actor.of(session.query(User).filter_by(login="binh").one()))
        assert suggest(session, settings, scope, "nguyễn v") == []
        assert suggest(session, settings, scope, "lừ") == []
        assert case_persons(session, scope, 1) == []
        assert ask(session, settings, "tiền", "binh").total == 1
        assert ask(session, settings, "tiền", "binh", case=1).total == 0


def learned(session: Session, settings: Settings, query: str, login: str) -> tuple[object, ...]:
    """Everything a search and its suggestions tell a person, but the order."""
    answer = ask(session, settings, query, login)
    scope = case_scope(session, Actor.of(session.query(User).filter_by(login=login).one()))
    return (
        answer.total, sorted((h.page_id, h.snippet, h.why) for h in answer.hits), answer.facets, answer.tolerant,
        sorted(answer.suggestions), suggest(session, settings, scope, query),
    )  # fmt: skip


@pytest.mark.parametrize("settings", ["whoosh", "tantivy"], indirect=True)
def test_a_case_one_may_not_see_changes_nothing_one_learns(
    settings: Settings, database: Database, make_case: Callable[..., Case], make_user: Callable[..., User]
) -> None:
    """The same questions before and after another's case comes in: words, slips of its words, beginnings, numbers."""
    with database.write() as session:
        binh = make_user(session, "binh")
        add_pages(session, add_batch(session, make_case(session, "46/2024", members={binh: Right.READ})), [KHAI])
    drain(database, settings)
    asked = ["lừa đảo", "mẫn", "ngưyễn", "~man", "tr*", "ch", "lê văn t", "điện thoại", "khai báoo", "tra lai man",
             "vay", "chiếm đoạtt tiền", '"tài sản"', "-tiền mẫn", "12/QĐ-VKS-P1", "vụ:45/2024 vay", "người:Mẫn",
             "thỏa thuận"]
    with database.read() as session:
        before = {query: learned(session, settings, query, "binh") for query in asked}
    with database.write() as session:
        hidden = add_batch(session, make_case(session, "45/2024", name="Vụ Nguyễn Văn Mẫn"))
        add_document(session, hidden, add_pages(session, hidden, [CAO_TRANG, CAN_CU]), title="Cáo trạng")
    drain(database, settings)
    library(settings.index_folder).close()  # its vocabulary would be half a minute old
    with database.read() as session:
        assert ask(session, settings, "lừa đảo").total
        for query in asked:
            assert learned(session, settings, query, "binh") == before[query], query


@pytest.mark.parametrize("settings", ["whoosh", "tantivy"], indirect=True)
def test_anything_typed_is_answered(settings: Settings, archive: Database) -> None:
    signs = st.text(alphabet='bịcanDĐ12/-"“:~*()[]{}\\^.,; +\u0301\u200bvụngườibltừ', max_size=40)
    with archive.read() as session:

        @given(signs | st.text(max_size=30))
        @hypothesis_settings(max_examples=40, deadline=None)
        def answered(query: str) -> None:
            answer = ask(session, settings, query)
            assert answer.total >= len(answer.hits)
            suggest(session, settings, case_scope(session, SERVICE), query)

        answered()
        assert ask(session, settings, "bị can " * 70).total == ask(session, settings, "bị can").total == 1


def test_a_revoked_right_ends_at_the_next_query(settings: Settings, archive: Database) -> None:
    with archive.read() as session:
        assert ask(session, settings, "cáo trạng", "hoa").total
    with archive.write() as session:
        cases.unassign(session, SERVICE, session.get(Case, 1), session.query(User).filter_by(login="hoa").one())
    with archive.read() as session:
        answer = ask(session, settings, "cáo trạng", "hoa")
        assert (answer.total, list(answer.hits), answer.suggestions) == (0, [], [])
        assert not any(answer.facets.values())


def test_a_halted_batch_is_gone_before_the_writer_gets_to_it(settings: Settings, archive: Database) -> None:
    with archive.write() as session:
        batches.halt_for_secrecy(session, SERVICE, session.get(Batch, 1), "MẬT", 1)
    with archive.read() as session:
        answer = ask(session, settings, "tiền")
        assert [hit.case_number for hit in answer.hits] == ["46/2024/TLST-HS"]
        assert answer.total == 1
        assert [v.value for v in answer.facets["case"]] == ["2"]
    drain(archive, settings)
    with archive.read() as session:
        assert ask(session, settings, "tiền").total == 1


def test_a_page_whose_header_was_not_read_is_found_by_nobody(settings: Settings, archive: Database) -> None:
    with archive.write() as session:
        pages = add_pages(session, add_batch(session, session.get(Case, 1)), ["độc nhất vô nhị"], checked=False)
        page_id = pages[0].id
    drain(archive, settings)
    with archive.read() as session:
        assert not ask(session, settings, "độc nhất vô nhị").hits
    with archive.write() as session:
        session.get(Page, page_id).header_checked = True
        from storage import outbox

        outbox.pages_changed(session, [page_id])
    drain(archive, settings)
    with archive.read() as session:
        assert ask(session, settings, "độc nhất vô nhị").total == 1


def test_what_lies_in_no_case_is_found_by_its_owner_and_the_clerk(
    settings: Settings, archive: Database, make_user: Callable[..., User]
) -> None:
    with archive.write() as session:
        hoa = session.query(User).filter_by(login="hoa").one()
        make_user(session, "vanthu", Role.CLERK)
        add_pages(session, add_batch(session, None, hoa.id), ["giấy tờ chưa xếp"])
        add_pages(session, add_batch(session, cases.law_collection(session, SERVICE)), ["Nghị quyết hướng dẫn áp dụng"])
    drain(archive, settings)
    with archive.read() as session:
        assert ask(session, settings, "chưa xếp", "hoa").total == 1
        assert ask(session, settings, "chưa xếp", "vanthu").total == 1
        assert ask(session, settings, "chưa xếp", "binh").total == 0
        for login in ("hoa", "vanthu", "binh"):  # everybody may read the collection of laws
            assert ask(session, settings, "nghị quyết", login).total == 1


def test_a_correction_is_found_and_the_misreading_no_longer(settings: Settings, archive: Database) -> None:
    with archive.write() as session:
        hit = ask(session, settings, "vay").hits[0]
        corrections.correct(session, SERVICE, hit.page_id, hit.boxes[0], "mượn")
    drain(archive, settings)
    with archive.read() as session:
        assert hit.page_id in {h.page_id for h in ask(session, settings, "mượn tiền").hits}
        assert hit.page_id not in {h.page_id for h in ask(session, settings, "vay").hits}


def test_persons_of_a_case(settings: Settings, archive: Database) -> None:
    with archive.read() as session:
        found = {
            p.name: [m.but_luc for m in p.mentions] for p in case_persons(session, case_scope(session, SERVICE), 1)
        }
    assert found == {"Nguyễn Văn Mẫn": ["10"], "Trần Thị Mận": ["10"], "Lê Văn Tám": ["12"]}


def test_suggestions_complete_words_and_names(settings: Settings, archive: Database) -> None:
    with archive.read() as session:
        scope = case_scope(session, SERVICE)
        assert "Nguyễn Văn Mẫn" in [s.text for s in suggest(session, settings, scope, "nguyen v")]
        assert "chiếm đoạt" in [s.text for s in suggest(session, settings, scope, "chiếm đo")]


def test_names_of_other_cases_do_not_crowd_out_ones_own(
    settings: Settings, archive: Database, make_case: Callable[..., Case]
) -> None:
    with archive.write() as session:
        hidden = add_batch(session, make_case(session, "47/2024"))
        given = "An Bình Chi Dũng Giang Hải Khánh Lan Minh Nam Oanh Phúc Quân Sơn Tuấn Vân Yến Hạnh Hiền Hùng Linh Long"
        names = [f"ông Lê Văn {name} và ông Lê Văn {name}" for name in [*given.split(), "Mai", "Nga", "Thủy", "Dung"]]
        add_pages(session, hidden, names)
    drain(archive, settings)
    with archive.read() as session:
        scope = case_scope(session, Actor.of(session.query(User).filter_by(login="binh").one()))
        assert [s.text for s in suggest(session, settings, scope, "lê v") if s.source == "name"] == ["Lê Văn Tám"]


def test_the_spelling_offered_keeps_marks_that_were_typed(settings: Settings, archive: Database) -> None:
    with archive.write() as session:
        add_pages(session, add_batch(session, session.get(Case, 1)), ["lại lại nợ", "lại nợ", "lại có", "lãi suất nợ"])
    drain(archive, settings)
    with archive.read() as session:
        assert ask(session, settings, "lãii nợ").suggestions[0] == "lãi nợ"


def test_an_empty_query_finds_nothing_and_a_filter_alone_lists_in_order(settings: Settings, archive: Database) -> None:
    with archive.read() as session:
        assert ask(session, settings, "").total == 0
        assert ask(session, settings, ' :("~* ').total == 0
        assert [h.but_luc for h in ask(session, settings, "", case="45/2024/TLST-HS").hits] == ["10", "11", "12"]


def test_no_index_yet_is_no_error(settings: Settings, database: Database) -> None:
    with database.read() as session:
        assert ask(session, settings, "cáo trạng").total == 0
