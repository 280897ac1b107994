"""A generated archive of case-file pages: the same for the same seed, on every machine.

Pages are about 370 syllables of legal Vietnamese put together from stock phrases by a Zipf law, names of the case's own
persons, numbers and dates; each has one sentence found nowhere else (a chance order of words), by which it is a known
item. 2 % of the syllables carry a reading error, 8 % the old tone style, 3 % of the pages are decomposed.
"""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

CASE_PAGES = 300
_PHRASES = """
viện kiểm sát nhân dân|tòa án nhân dân|cơ quan cảnh sát điều tra|bộ luật hình sự|bộ luật tố tụng hình sự
căn cứ điều|quyết định|khởi tố vụ án hình sự|khởi tố bị can|biên bản hỏi cung bị can|biên bản ghi lời khai
người làm chứng|người bị hại|bị can khai nhận|hành vi phạm tội|lừa đảo chiếm đoạt tài sản|cố ý gây thương tích
trộm cắp tài sản|tàng trữ trái phép chất ma túy|thu giữ tang vật|vật chứng vụ án|biên bản khám nghiệm hiện trường
kết luận giám định|bản kết luận điều tra|cáo trạng truy tố|đề nghị truy tố|kiểm sát viên|điều tra viên
thẩm phán chủ tọa phiên tòa|hội thẩm nhân dân|thư ký phiên tòa|luật sư bào chữa|đơn khởi kiện|nguyên đơn|bị đơn
người có quyền lợi nghĩa vụ liên quan|hợp đồng vay tiền|hợp đồng mua bán nhà|giấy chứng nhận quyền sử dụng đất
tranh chấp quyền sử dụng đất|chia tài sản chung|thỏa thuận của đương sự|hòa giải không thành
tạm đình chỉ giải quyết|án phí sơ thẩm|thi hành án dân sự|chấp hành viên|cưỡng chế thi hành án|kê biên tài sản
xác minh điều kiện thi hành|tự nguyện thi hành|thời gian và địa điểm|vào khoảng|giờ|phút|ngày|tháng|năm
tại nhà riêng|trên đường|phường|quận|huyện|xã|thành phố|tỉnh|có mặt|vắng mặt|ký tên|đóng dấu|nơi nhận|lưu hồ sơ
độc lập tự do hạnh phúc|cộng hòa xã hội chủ nghĩa việt nam|số tiền|đồng|bị cáo|lời khai|trình bày|xét thấy
nhận thấy|theo quy định|của pháp luật|và|của|là|có|không|được|cho|với|từ|đến|tại|trong|người|ông|bà|anh|chị|đã|đang
sẽ|này|đó|các|những|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|về việc|do đó|tuy nhiên|ngoài ra|như sau|chuyển khoản
ngân hàng|tài khoản|số điện thoại|căn cước công dân|hộ khẩu thường trú|chỗ ở hiện nay|nghề nghiệp|trình độ học vấn
""".replace("\n", "|")
PHRASES = [p for p in _PHRASES.split("|") if p]
_COMMON = sorted({word for phrase in PHRASES for word in phrase.split()})
_ONSETS_LIST = (
    "b c ch d đ g gi h k kh l m n ng nh ph qu r s t th tr v x"
)
_ONSETS = _ONSETS_LIST.split()
_RHYMES_LIST = (
    "a ai am an ang anh ao at ay âm ân âu e em en eo ê ên êu i im in inh o oi on ong ô ôi ôn ông ơ ơi ơn u ua "
    "un ung ư ưa ưng"
)
_RHYMES = _RHYMES_LIST.split()
_TONES = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]
_SURNAMES_LIST = (
    "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý"
)
_SURNAMES = _SURNAMES_LIST.split()
_MIDDLES_LIST = (
    "Văn Thị Hữu Đức Minh Thanh Quốc Ngọc Xuân Hồng"
)
_MIDDLES = _MIDDLES_LIST.split()
_GIVEN_LIST = (
    "An Bình Chi Dũng Đạt Giang Hà Hải Hạnh Hiền Hòa Hùng Khánh Lan Linh Long Mai Mẫn Mận Nam Nga Oanh Phúc "
    "Quân Sơn Tám Thủy Tuấn Vân Yến"
)
_GIVEN = _GIVEN_LIST.split()
_KINDS = ("hs.cao_trang", "hs.kl_dieu_tra", "hs.bb_hoi_cung", "hs.bb_loi_khai", "ds.don_khoi_kien", "chung.cong_van")
_TITLES = (
    "Cáo trạng", "Bản kết luận điều tra", "Biên bản hỏi cung bị can", "Biên bản ghi lời khai", "Đơn khởi kiện",
    "Công văn về việc cung cấp tài liệu",
)
_CONFUSED = str.maketrans("lioceanhutmgv", "1l0eocmhnlnqy")
_OLD_STYLE = {"òa": "oà", "óa": "oá", "ỏa": "oả", "úy": "uý", "ủy": "uỷ", "ùy": "uỳ"}


def _syllables() -> list[str]:
    made = []
    for onset in _ONSETS:
        for rhyme in _RHYMES:
            for tone in _TONES:
                at = next(i for i, c in enumerate(rhyme) if c in "aâeêioôơuư")
                made.append(unicodedata.normalize("NFC", onset + rhyme[: at + 1] + tone + rhyme[at + 1 :]))
    random.Random(7).shuffle(made)
    return made


SYLLABLES = _syllables()


@dataclass(frozen=True, slots=True)
class MadePage:
    """A page: its text, the sentence only it has, and what its document is (``head``: title, number, issuer)."""

    page_id: int
    case_id: int
    document_id: int
    position: int
    text: str
    own: str
    kind: str
    date: tuple[int, int, int]
    persons: tuple[str, ...]
    head: str = ""


def pages(count: int, seed: int = 1, errors: float = 0.0) -> Iterator[MadePage]:
    """``count`` pages. ``errors`` is a further share of characters misread (0.05 = 5 %)."""
    for page_id in range(1, count + 1):
        yield make(page_id, seed, errors)


def make(page_id: int, seed: int = 1, errors: float = 0.0) -> MadePage:
    """One page, by its number alone."""
    case_id = (page_id - 1) // CASE_PAGES + 1
    of_case = random.Random(f"{seed}-case-{case_id}")
    persons = tuple(
        f"{of_case.choice(_SURNAMES)} {of_case.choice(_MIDDLES)} {of_case.choice(_GIVEN)}" for _ in range(6)
    )
    document_id = (page_id - 1) // 4 + 1
    kind, day = document(document_id, seed)
    dice = random.Random(f"{seed}-page-{page_id}")
    own = " ".join(dice.choice(_COMMON if dice.random() < 0.6 else SYLLABLES[:600]) for _ in range(10))
    parts: list[str] = [f"Số: {page_id % 900 + 1}/{day[0]}/QĐ-VKS ngày {day[2]} tháng {day[1]} năm {day[0]}"]
    length = 20
    while length < 340:
        part = _part(dice, persons)
        parts.append(part)
        length += part.count(" ") + 1
    parts.insert(dice.randint(1, len(parts)), own)
    text = " ".join(_misread(dice, word, errors) for word in "\n".join(_lines(parts)).split(" "))
    if dice.random() < 0.03:
        text = unicodedata.normalize("NFD", text)
    head = heading(document_id, kind)
    return MadePage(page_id, case_id, document_id, (page_id - 1) % 4, text, own, kind, day, persons, head)


def heading(document_id: int, kind: str) -> str:
    """What the archive knows a document by."""
    return f"{_TITLES[_KINDS.index(kind)]} ¶ {document_id % 900 + 1}/QĐ-VKS ¶ Viện kiểm sát nhân dân huyện Quỳnh Lưu"


def document(document_id: int, seed: int = 1) -> tuple[str, tuple[int, int, int]]:
    """Kind and date of a document."""
    dice = random.Random(f"{seed}-document-{document_id}")
    return dice.choice(_KINDS), (dice.randint(2015, 2025), dice.randint(1, 12), dice.randint(1, 28))


def _part(dice: random.Random, persons: tuple[str, ...]) -> str:
    chance = dice.random()
    if chance < 0.05:
        return dice.choice(persons)
    if chance < 0.07:
        return f"{dice.randint(1, 900)}.{dice.randint(0, 999):03}.000 đồng"
    if chance < 0.09:
        return f"khoản {dice.randint(1, 4)} Điều {dice.randint(1, 400)}"
    if chance < 0.30:
        return SYLLABLES[min(int(dice.paretovariate(0.6)), len(SYLLABLES) - 1)]
    return PHRASES[
        min(int(dice.paretovariate(0.45)) - 1, len(PHRASES) - 1)
        if dice.random() < 0.5
        else dice.randrange(len(PHRASES))
    ]


def _lines(parts: list[str]) -> list[str]:
    return [" ".join(parts[at : at + 4]) for at in range(0, len(parts), 4)]


def _misread(dice: random.Random, word: str, errors: float) -> str:
    if dice.random() < 0.08:
        for new, old in _OLD_STYLE.items():
            word = word.replace(new, old)
    if dice.random() < 0.02 and len(word) > 1:
        word = _spoil(dice, word, dice.randrange(len(word)))
    if errors:
        for at in range(len(word)):
            if dice.random() < errors:
                word = _spoil(dice, word, min(at, len(word) - 1))
    return word


def _spoil(dice: random.Random, word: str, at: int) -> str:
    """One character misread: another mark, a letter like it, or lost; a line break is kept."""
    char = word[at]
    if char == "\n":
        return word
    chance = dice.random()
    if chance < 0.5:
        base = unicodedata.normalize("NFD", char)[0]
        other = base + dice.choice(_TONES) if base in "aeiouy" else char
        return unicodedata.normalize("NFC", word[:at] + other + word[at + 1 :])
    if chance < 0.9:
        return word[:at] + char.lower().translate(_CONFUSED) + word[at + 1 :]
    return word[:at] + word[at + 1 :] if len(word) > 1 else word
