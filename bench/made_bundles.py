"""Invented case files as readings, with their truth: other kinds of case, papers, wordings and noise than any sample.

Draws documents of all types of ``document_types.toml`` in the four header models, with wrong letters, lost words, seals
over titles, joined columns and unread corners, as a recogniser would give them. No images: what is judged is cutting
and describing, not reading. Used by ``bench/split.py --made`` and by tests.
"""

import random
import re
from dataclasses import dataclass, field

from config import document_types, folders
from config.document_types import DocumentType
from storage.reading import Block, PageReading, Word

MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
SMALL_MOTTO = "Độc lập - Tự do - Hạnh phúc"
SURNAMES = [
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Hồ", "Ngô", "Dương", "Lý", "Vi", "Y",
    "Thạch", "Siu", "Rơ",
]
GIVEN = [
    "Văn An", "Thị Bình", "Quốc Cường", "Minh Đức", "Thu Hà", "Đình Khôi",
    "Ngọc Lan", "Hữu Phước", "Thanh Sơn", "Kim Tuyến", "Xuân Yên", "Bá Thịnh",
]
PLACES = [
    ("Bình Định", "Tây Sơn"),
    ("Quảng Ninh", "Hạ Long"),
    ("Cà Mau", "Năm Căn"),
    ("Sơn La", "Mộc Châu"),
    ("Huế", "A Lưới"),
    ("Đắk Lắk", "Krông Pắc"),
    ("Hà Tĩnh", "Kỳ Anh"),
    ("Đồng Nai", "Long Khánh"),
]
SENTENCES = [
    "Căn cứ kết quả kiểm tra, xác minh ban đầu và các tài liệu do các bên cung cấp",
    "Người làm chứng trình bày đã nhìn thấy sự việc từ khoảng cách mười mét",
    "Trong quá trình làm việc các bên giữ nguyên ý kiến",
    "Số tiền nêu trên được giao nhận đủ trước sự chứng kiến của đại diện chính quyền địa phương",
    "Tài sản gồm một xe mô tô và một điện thoại di động đã qua sử dụng",
    "Việc kê khai, kiểm đếm được thực hiện công khai",
    "Gia đình đã nhận lại giấy tờ tùy thân và không có yêu cầu gì thêm",
    "Diện tích đất theo bản đồ địa chính là hai trăm mười mét vuông",
    "Bên vay cam kết trả đủ cả gốc và lãi trong thời hạn mười hai tháng",
    "Đề nghị các đơn vị phối hợp thực hiện và báo cáo kết quả bằng văn bản",
]
SIGNS = {
    "cqdt": ("QĐ-CSĐT", "TB-CQĐT", "LTG-CSĐT", "ĐN-CSĐT", "KLĐT-CSĐT"),
    "vks": ("QĐ-VKS", "QĐ-VKSKV3", "CT-VKS", "YC-VKS-P1", "KN-VKS"),
    "ta_qd": ("QĐST-DS", "QĐ-TA", "QĐST-HNGĐ"),
    "ta_tb": ("TB-TLVA", "TB-TA"),
    "ta_thahs": ("QĐ-CA",),
    "ta_banan_hs": ("HS-ST", "HSST"),
    "ta_banan_ds": ("DS-ST", "HNGĐ-ST", "KDTM-PT"),
    "ta_banan_hc": ("HC-ST",),
    "thads": ("QĐ-CCTHADS", "QĐ-THADS", "TB-CTHADS"),
    "ubnd": ("QĐ-UBND",),
    "so_generic": ("CV-NH", "KL-KTHS", "TB-TTPY", "QĐ-UBND", "BC-CAH"),
}
WITH_YEAR = {"ta_qd", "ta_banan_hs", "ta_banan_ds", "ta_banan_hc", "ta_thahs"}
CASE_SIGN = {
    "hinh_su": "HSST",
    "nguon_tin": "HSĐT",
    "dan_su": "TLST-DS",
    "hanh_chinh": "TLST-HC",
    "thads": "DS",
    "bpxlhc": "HC",
}
PARTIES = {
    "hinh_su": ("Bị can", "Bị cáo", "Bị hại"),
    "nguon_tin": ("Người tố giác", "Người bị tố giác"),
    "dan_su": ("Nguyên đơn", "Bị đơn"),
    "hanh_chinh": ("Người khởi kiện", "Người bị kiện"),
    "thads": ("Người phải thi hành án", "Chấp hành viên"),
    "bpxlhc": ("Người bị đề nghị",),
}
JUNK = ["'", "ˆ", "_", "—", "»", "¬", "|", "SN", "nà.", "ế", "Ð:", "..."]
CONFUSED = str.maketrans(
    {
        "ị": "i",
        "ẩ": "ấ",
        "ể": "ế",
        "ổ": "ố",
        "ữ": "ư",
        "ạ": "a",
        "Ẩ": "Ấ",
        "Ế": "É",
        "Đ": "Ð",
        "ỏ": "ó",
        "ò": "o",
        "0": "O",
        "1": "l",
        "ụ": "u",
        "c": "e",
        "n": "h",
        "5": "S",
    }
)


@dataclass
class MadeDocument:
    """What is true of one document: places of its pages, type, number, date."""

    pages: list[int]
    type_code: str
    number: str | None
    date: str | None
    but_luc: tuple[int, int] | None = None


@dataclass
class MadeBundle:
    """Readings of a bundle in scan order with the truth."""

    case_kind: str
    case_number: str
    readings: list[PageReading | None] = field(default_factory=list)
    documents: list[MadeDocument] = field(default_factory=list)
    but_luc: dict[int, int] = field(default_factory=dict)


@dataclass
class _Line:
    text: str
    x: float
    y: float
    height: float = 0.0105
    row: int | None = None


class _Sheet:
    """A page being written, in fractions of an A4 page."""

    def __init__(self, rng: random.Random, size: float) -> None:
        self.rng, self.size, self.lines, self.y = rng, size, [], 0.06
        self.left, self.right = 0.14, 0.93

    def width(self, text: str, bold: bool = False) -> float:
        upper = sum(c.isupper() for c in text)
        return (len(text) * 0.0082 + upper * 0.0035) * self.size / 14 * (1.05 if bold else 1)

    def put(self, text: str, x: float, y: float | None = None, row: int | None = None) -> None:
        self.lines.append(_Line(text, x, self.y if y is None else y, 0.0105 * self.size / 14, row))

    def centred(self, text: str, middle: float = 0.535) -> None:
        self.put(text, middle - self.width(text) / 2)
        self.y += 0.021

    def wrapped(self, text: str, bottom: float, indent: bool = True) -> str:
        """Write a paragraph; gives back what did not fit."""
        words, x = text.split(), self.left + (0.06 if indent else 0)
        while words:
            if self.y > bottom:
                return " ".join(words)
            line: list[str] = []
            while words and x + self.width(" ".join([*line, words[0]])) < self.right:
                line.append(words.pop(0))
            if not line:
                line.append(words.pop(0))
            self.put(" ".join(line), x)
            self.y += 0.0205
            x = self.left
        return ""


class Maker:
    """Makes bundles; everything is drawn from one seed. ``noise`` 0 (clean) to 1 (very bad)."""

    def __init__(self, seed: int, noise: float = 0.3) -> None:
        self.rng, self.noise = random.Random(seed), noise

    def bundle(self, case_kind: str | None = None, documents: int = 18) -> MadeBundle:
        rng = self.rng
        kind = case_kind or rng.choice(list(folders.case_kinds()))
        self.kind = kind
        self.year = rng.randint(2016, 2026 if rng.random() < 0.3 else 2025)
        self.place = rng.choice(PLACES)
        number = f"{rng.randint(1, 400)}/{self.year}/{CASE_SIGN[kind]}"
        bundle = MadeBundle(kind, number)
        types = [
            t
            for t in document_types.document_types().values()
            if kind in t.case_kinds
            and t.code not in {document_types.COVER, *document_types.DOCUMENT_LISTS}
            and t.code not in {"chung.bien_ban_khac", "chung.quyet_dinh_khac", "hc.qd_hanh_chinh"}
        ]
        duplex, numbered = rng.random() < 0.5, rng.random() < 0.8
        if rng.random() < 0.5:
            bundle.readings.append(self._cover(kind, number))
        at = 1
        for _ in range(documents):
            chosen = rng.choice(types) if rng.random() < 0.9 else document_types.by_code("chung.cong_van")
            sheets, made = self._document(chosen)
            first = at
            for place, sheet in enumerate(sheets):
                index = len(bundle.readings)
                made.pages.append(index)
                corner = at if numbered else None
                bundle.readings.append(self._read(sheet, corner))
                if numbered:
                    bundle.but_luc[index] = at
                at += 1
                if duplex and place == len(sheets) - 1 and rng.random() < 0.6:
                    bundle.readings.append(self._blank())
            made.but_luc = (first, at - 1) if numbered else None
            bundle.documents.append(made)
        return bundle

    def _date(self) -> tuple[int, int, int]:
        return self.rng.randint(1, 28), self.rng.randint(1, 12), min(self.year, 2025)

    def _name(self) -> str:
        return f"{self.rng.choice(SURNAMES)} {self.rng.choice(GIVEN)}"

    def _agency(self, issuers: tuple[str, ...]) -> list[str]:
        province, district = (part.upper() for part in self.place)
        region = self.rng.randint(1, 12)
        new = self.year >= 2025
        return {
            "VKS": [
                f"VIỆN KIỂM SÁT NHÂN DÂN TỈNH {province}",
                f"VIỆN KIỂM SÁT NHÂN DÂN KHU VỰC {region}" if new else f"VIỆN KIỂM SÁT NHÂN DÂN HUYỆN {district}",
            ],
            "TA": [f"TÒA ÁN NHÂN DÂN TỈNH {province}", f"TÒA ÁN NHÂN DÂN KHU VỰC {region}"]
            if new
            else [f"TÒA ÁN NHÂN DÂN HUYỆN {district}"],
            "THADS": [f"CỤC THI HÀNH ÁN DÂN SỰ TỈNH {province}", f"CHI CỤC THI HÀNH ÁN DÂN SỰ HUYỆN {district}"],
            "GD": [f"CÔNG AN TỈNH {province}", "PHÒNG KỸ THUẬT HÌNH SỰ"],
            "UBND": [f"ỦY BAN NHÂN DÂN HUYỆN {district}"],
            "CTC": ["NGÂN HÀNG NÔNG NGHIỆP", f"CHI NHÁNH HUYỆN {district}"],
        }.get(issuers[0], [f"CÔNG AN TỈNH {province}", "CƠ QUAN CẢNH SÁT ĐIỀU TRA"])

    def _number(self, kind: DocumentType) -> str | None:
        if kind.number == "none" or self.rng.random() < 0.04:
            return None
        running = self.rng.randint(1, 900)
        shown = f"{running:02d}" if self.rng.random() < 0.3 else str(running)
        year = f"{self.year}/" if kind.number in WITH_YEAR else ""
        return f"{shown}/{year}{self.rng.choice(SIGNS[kind.number])}"

    def _document(self, kind: DocumentType) -> tuple[list[_Sheet], MadeDocument]:
        rng = self.rng
        size = rng.choice([13, 13, 14, 14, 14.5, 12])
        sheet = _Sheet(rng, size)
        day, month, year = self._date()
        number = self._number(kind) if kind.header in {"agency", "court_ba"} else None
        if kind.header == "court_ba" and number is None:
            number = f"{rng.randint(1, 300)}/{self.year}/{SIGNS[kind.number][0]}"
        dated = {
            "agency": self._head_agency,
            "national": self._head_national,
            "court_ba": self._head_judgment,
            "none": self._head_none,
        }[kind.header](sheet, kind, number, (day, month, year))
        made = MadeDocument([], kind.code, number, f"{year:04d}-{month:02d}-{day:02d}" if dated else None)
        if kind.header == "none":
            return [sheet], made
        return self._body(sheet, kind, size), made

    def _motto(self, sheet: _Sheet, middle: float, row: int) -> None:
        sheet.put(MOTTO, middle - sheet.width(MOTTO) / 2 * 0.95, row=row)
        sheet.put(SMALL_MOTTO, middle - sheet.width(SMALL_MOTTO) / 2, sheet.y + 0.021, row=row + 1)

    def _head_agency(self, sheet: _Sheet, kind: DocumentType, number: str | None, date: tuple[int, int, int]) -> bool:
        self._motto(sheet, 0.7, 900)
        y = sheet.y
        for place, line in enumerate(self._agency(kind.issuers)):
            for nth, part in enumerate(broken_lines(line, 30)):
                sheet.put(part, 0.28 - sheet.width(part) * 0.42, y, row=900 + place if place == nth == 0 else None)
                y += 0.02
        y = max(y, sheet.y + 0.045)
        if number or kind.number != "none":
            sheet.put(f"Số: {number or '……/QĐ-…'}", 0.2, y, row=950)
        day, month, year = date
        sheet.put(
            f"{self.place[1]}, ngày {day:02d} tháng {month:02d} năm {year}",
            0.55,
            y + self.rng.choice([0, 0.002]),
            row=950,
        )
        sheet.y = y + 0.045
        if kind.code == "chung.cong_van":
            sheet.put("V/v " + self.rng.choice(SENTENCES)[:40].lower(), 0.16)
            sheet.y += 0.025
            sheet.centred("Kính gửi: " + self._agency(("VKS",))[-1].title())
        else:
            self._title(sheet, kind)
        return True

    def _title(self, sheet: _Sheet, kind: DocumentType) -> None:
        titles = [t for t in kind.titles if not t.lower().startswith(("v/v", "về việc", "công văn"))]
        text = self.rng.choice(titles)
        first, rest = _genre(text)
        if rest and self.rng.random() < 0.7:
            sheet.centred(first)
            text = rest.capitalize() if self.rng.random() < 0.35 else rest
        for line in broken_lines(text, 52):
            sheet.centred(line)
        if self.rng.random() < 0.15:
            sheet.centred("(Lần thứ nhất)")
        sheet.y += 0.012

    def _head_national(self, sheet: _Sheet, kind: DocumentType, number: str | None, date: tuple[int, int, int]) -> bool:
        day, month, year = date
        self._motto(sheet, 0.53, 900)
        sheet.y += 0.06
        title_first = kind.title.startswith(("BIÊN BẢN", "LÝ LỊCH", "GIẤY"))
        if not title_first:
            sheet.put(f"{self.place[1]}, ngày {day:02d} tháng {month:02d} năm {year}", 0.55)
            sheet.y += 0.03
        self._title(sheet, kind)
        if kind.title.startswith("BIÊN BẢN"):
            opening = self.rng.choice(
                [
                    f"Hồi {self.rng.randint(7, 17):02d} giờ 30 phút, "
                    f"ngày {day:02d} tháng {month:02d} năm {year} tại trụ sở",
                    f"Hôm nay, ngày {day:02d} tháng {month:02d} năm {year}, tại Công an xã",
                ]
            )
            sheet.wrapped(opening + f" huyện {self.place[1]}, chúng tôi gồm có:", 0.9)
            return True
        if not title_first:
            sheet.centred("Kính gửi: Cơ quan có thẩm quyền")
            return True
        return False

    def _head_judgment(self, sheet: _Sheet, kind: DocumentType, number: str | None, date: tuple[int, int, int]) -> bool:
        day, month, year = date
        self._motto(sheet, 0.7, 900)
        for place, line in enumerate(self._agency(("TA",))):
            sheet.put(line, 0.12, sheet.y + 0.02 * place, row=900 + place)
        sheet.y += 0.045
        sheet.put(f"{'Bản án' if kind.title.startswith('BẢN ÁN') else 'Quyết định'} số: {number}", 0.16)
        sheet.put(
            f"Ngày: {day:02d}/{month:02d}/{year}"
            if self.rng.random() < 0.5
            else f"Ngày {day} tháng {month} năm {year}",
            0.16,
            sheet.y + 0.02,
        )
        sheet.y += 0.06
        sheet.centred("NHÂN DANH")
        sheet.centred("NƯỚC CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        sheet.centred(self._agency(("TA",))[-1])
        if not kind.title.startswith("BẢN ÁN"):
            self._title(sheet, kind)
        return True

    def _head_none(self, sheet: _Sheet, kind: DocumentType, number: str | None, date: tuple[int, int, int]) -> bool:
        self._title(sheet, kind)
        for n in range(1, 3):
            sheet.y += 0.3
            sheet.centred(f"Ảnh số {n}: vị trí để xe")
        return False

    def _body(self, sheet: _Sheet, kind: DocumentType, size: float) -> list[_Sheet]:
        rng = self.rng
        sheets = [sheet]
        wanted = rng.choices([1, 2, 3, 5], [0.5, 0.3, 0.12, 0.08])[0]
        shown = rng.random() < 0.7
        decision = kind.title.startswith("QUYẾT ĐỊNH")
        paragraphs = rng.randint(4, 9) if wanted == 1 else wanted * 14
        for place in range(paragraphs):
            text = " ".join(rng.sample(SENTENCES, rng.randint(1, 3))) + "."
            if rng.random() < 0.25:
                text = f"{rng.choice(PARTIES[self.kind])} {self._name()} khai: {text}"
            if decision and place == paragraphs // 2:
                sheets[-1].centred("QUYẾT ĐỊNH:")
                text = "Điều 1. " + text
            left = sheets[-1].wrapped(text, 0.9)
            while left or sheets[-1].y > 0.9:
                sheets.append(_Sheet(rng, size))
                if shown:
                    sheets[-1].put(str(len(sheets)), 0.53, 0.045)
                sheets[-1].y = 0.08
                left = sheets[-1].wrapped(left, 0.9, indent=False)
        self._closing(sheets, kind, size, shown)
        return sheets

    def _closing(self, sheets: list[_Sheet], kind: DocumentType, size: float, shown: bool) -> None:
        last = sheets[-1]
        if last.y > 0.8:
            last = _Sheet(self.rng, size)
            if shown:
                last.put(str(len(sheets) + 1), 0.53, 0.045)
            last.y = 0.08
            sheets.append(last)
        last.y += 0.02
        if kind.header == "national":
            last.put("NGƯỜI LẬP BIÊN BẢN" if kind.title.startswith("BIÊN BẢN") else "NGƯỜI LÀM ĐƠN", 0.62)
            last.put("(Ký, ghi rõ họ tên)", 0.63, last.y + 0.02)
        else:
            last.put("Nơi nhận:", 0.14, row=800)
            last.put(
                self.rng.choice(
                    ["KT. VIỆN TRƯỞNG", "THẨM PHÁN", "THỦ TRƯỞNG", "CHI CỤC TRƯỞNG", "KIỂM SÁT VIÊN", "GIÁM ĐỐC"]
                ),
                0.62,
                row=800,
            )
            last.put("- Như trên;", 0.14, last.y + 0.02)
            last.put("- Lưu: VT, HS.", 0.14, last.y + 0.036)
        last.put(self._name(), 0.64, last.y + 0.12)

    def _cover(self, kind: str, number: str) -> PageReading:
        sheet = _Sheet(self.rng, 16)
        sheet.y = 0.28
        sheet.centred("HỒ SƠ")
        sheet.centred(
            {"thads": "THI HÀNH ÁN DÂN SỰ", "dan_su": "VỤ ÁN DÂN SỰ", "hanh_chinh": "VỤ ÁN HÀNH CHÍNH"}.get(
                kind, "VỤ ÁN HÌNH SỰ"
            )
        )
        sheet.centred(f"Số: {number}")
        for text in (f"Họ tên: {self._name()}", "Ngày thụ lý: 04/03/2020", "Thời hạn bảo quản: 20 năm", "Tập số: 01"):
            sheet.y += 0.04
            sheet.put(text, 0.2)
        return self._read(sheet, None)

    def _blank(self) -> PageReading:
        words = tuple(
            Word(self.rng.choice(JUNK), (self.rng.random() * 0.9, self.rng.random() * 0.9, 0.02, 0.01), 0.3, n, n)
            for n in range(self.rng.randint(0, 2))
        )
        return PageReading("made", 1654, 2339, 0, 0.3, words, (), (), 0.0005, not words)

    def _read(self, sheet: _Sheet, corner: int | None) -> PageReading | None:
        rng, noise = self.rng, self.noise * self.rng.uniform(0.2, 1.8)
        words: list[Word] = []
        seal = None
        if rng.random() < 0.25 * noise:
            x, y = rng.uniform(0.3, 0.6), rng.uniform(0.05, 0.7)
            seal = (x, y, x + 0.14, y + 0.08)
        for place, line in enumerate(sorted(sheet.lines, key=lambda entry: (entry.y, entry.x))):
            number = line.row if line.row is not None and rng.random() < 0.8 else place
            x = line.x
            for token in line.text.split():
                width = sheet.width(token)
                lost = seal and seal[0] < x < seal[2] and seal[1] < line.y < seal[3]
                if lost or rng.random() < 0.01 * noise:
                    if rng.random() < 0.6:
                        words.append(Word(rng.choice(JUNK), (x, line.y, width, line.height * 1.4), 0.3, number, 0))
                else:
                    text, sure = self._misread(token, noise)
                    words.append(Word(text, (x, line.y, width, line.height), sure, number, 0))
                x += width + 0.006
        blocks = self._corner(corner, noise)
        return PageReading("made", 1654, 2339, 0, 0.9 - 0.3 * noise, tuple(words), blocks, (), 0.04)

    def _misread(self, token: str, noise: float) -> tuple[str, float]:
        rng = self.rng
        out = []
        for letter in token:
            chance = rng.random()
            if chance < 0.035 * noise:
                out.append(letter.translate(CONFUSED))
            elif chance < 0.042 * noise:
                continue
            else:
                out.append(letter)
        text = "".join(out) or token
        return text, min(0.97, rng.uniform(0.86, 0.97) if text == token else rng.uniform(0.4, 0.9))

    def _corner(self, number: int | None, noise: float) -> tuple[Block, ...]:
        if number is None:
            return ()
        chance = self.rng.random()
        box = (0.85, 0.03, 0.06, 0.02)
        if chance < 0.25 * noise:
            return (Block(90, "corner", box, text="", confidence=0.0),)
        if chance < 0.35 * noise:
            wrong = str(number)[:-1] + str((number + self.rng.randint(1, 8)) % 10)
            return (Block(90, "corner", box, text=wrong, confidence=self.rng.uniform(0.3, 0.8)),)
        return (Block(90, "corner", box, text=str(number), confidence=self.rng.uniform(0.6, 0.97)),)


def broken_lines(text: str, limit: int) -> list[str]:
    """Break a long line into lines of at most ``limit`` letters."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) < limit:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


def _genre(title: str) -> tuple[str, str]:
    """The kind of paper, and what follows it."""
    found = re.match(
        r"(QUYẾT ĐỊNH|BIÊN BẢN|THÔNG BÁO|LỆNH|YÊU CẦU|ĐỀ NGHỊ|KIẾN NGHỊ|PHIẾU KIỂM SÁT|KẾ HOẠCH|GIẤY)\s+(.+)", title
    )
    return (found[1], found[2]) if found else (title, "")
