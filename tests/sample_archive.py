"""A small filled archive for tests of what people see: invented cases, documents with drawn pages and their words.

It is written straight into the records, as the pipeline would leave them, so that tests of the viewer need no OCR.
"""

import io
from dataclasses import dataclass
from datetime import date

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy.orm import Session

from config.settings import Settings
from storage import batches, cases, pages, users
from storage.access import SERVICE
from storage.models.cases import Case, Right
from storage.models.documents import Document, DocumentPage, DocumentPerson
from storage.models.people import Role, User
from storage.models.scans import Batch, OcrState, Page, PageKind, Scan, ScanState, SecretState
from storage.reading import PageReading, Word
from storage.vault import Vault
from storage.vietnamese import name_key, number_key
from tests.conftest import PASSWORD

WIDTH, HEIGHT = 1240, 1754
MARGIN, TOP, LEADING, SIZE = 120, 110, 46, 27
FONT = "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"


@dataclass(frozen=True, slots=True)
class Paper:
    """One document to draw: its fields, and the text of each page as lines."""

    type_code: str
    title: str
    folder: str
    pages: list[list[str]]
    number: str | None = None
    day: date | None = None
    persons: tuple[tuple[str, str], ...] = ()
    confirmed: bool = True


HEAD = ["CÔNG AN QUẬN AN BÌNH        CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "CƠ QUAN CẢNH SÁT ĐIỀU TRA        Độc lập – Tự do – Hạnh phúc", ""]

PAPERS = [
    Paper("hs.qd_khoi_to_vu_an", "QUYẾT ĐỊNH KHỞI TỐ VỤ ÁN HÌNH SỰ", "HS02", [[
        *HEAD, "Số: 12/QĐ-CSĐT", "", "QUYẾT ĐỊNH", "KHỞI TỐ VỤ ÁN HÌNH SỰ", "",
        "Căn cứ Điều 36, Điều 143 và Điều 153 Bộ luật Tố tụng hình sự;",
        "Xét thấy vụ cố ý gây thương tích xảy ra ngày 03 tháng 02 năm 2024", "tại chợ An Bình có dấu hiệu tội phạm.",
    ]], "12/QĐ-CSĐT", date(2024, 2, 5)),
    Paper("hs.bb_hoi_cung", "BIÊN BẢN HỎI CUNG BỊ CAN", "HS07", [
        [*HEAD, "BIÊN BẢN HỎI CUNG BỊ CAN", "", "Họ tên bị can: Nguyễn Văn Tĩnh, sinh năm 1988.",
         "Hỏi: Anh có mặt tại chợ An Bình lúc mấy giờ?",
         "Đáp: Khoảng 19 giờ ngày 03/02/2024, tôi có cầm theo con dao gọt hoa quả.",
         "Hỏi: Con dao đó hiện ở đâu?", "Đáp: Tôi đã vứt xuống kênh Bà Đỏ."],
        ["Hỏi: Ai là người chứng kiến sự việc?", "Đáp: Có bà Trần Thị Mận bán rau gần đó.",
         "Biên bản kết thúc vào hồi 11 giờ cùng ngày.", "", "ĐIỀU TRA VIÊN            BỊ CAN"],
    ], None, date(2024, 2, 12), (("Nguyễn Văn Tĩnh", "bị can"),)),
    Paper("hs.bb_ghi_loi_khai", "BIÊN BẢN GHI LỜI KHAI", "HS08", [[
        *HEAD, "BIÊN BẢN GHI LỜI KHAI", "", "Người khai: Trần Thị Mận, sinh năm 1970.",
        "Tôi thấy anh Tĩnh cầm con dao chạy về phía anh Lê Hữu Đức.", "Sau đó tôi nghe tiếng kêu cứu.",
    ]], None, date(2024, 2, 14), (("Trần Thị Mận", "người làm chứng"),)),
    Paper("hs.ket_luan_dieu_tra", "BẢN KẾT LUẬN ĐIỀU TRA", "HS13", [[
        *HEAD, "Số: 45/KLĐT-CSĐT", "", "BẢN KẾT LUẬN ĐIỀU TRA", "",
        "Bị can Nguyễn Văn Tĩnh khai nhận toàn bộ hành vi (BL 2–3).",
        "Lời khai phù hợp với người làm chứng Trần Thị Mận (BL 4).",
    ]], "45/KLĐT-CSĐT", date(2024, 5, 20), (("Nguyễn Văn Tĩnh", "bị can"), ("Trần Thị Mận", "người làm chứng")),
        confirmed=False),
]


@dataclass(slots=True)
class Sample:
    """Ids of what was made; people log in with ``PASSWORD``."""

    case_id: int
    other_case_id: int
    document_ids: list[int]
    page_ids: list[int]
    other_document_id: int
    other_page_id: int
    halted_batch_id: int
    halted_page_id: int
    unchecked_page_id: int
    unassigned_document_id: int
    scan_id: int
    quarantined_scan_id: int
    people: dict[str, int]


def build(session: Session, settings: Settings) -> Sample:
    """Fill an empty archive: two cases of two prosecutors, an unassigned batch, a halted one, a refused file."""
    people = {role.value: _person(session, role) for role in Role}
    people["other"] = users.create_user(
        session, SERVICE.name, login="other", name="Phạm Thị Lan", role=Role.PROSECUTOR, password=PASSWORD,
        must_change_password=False,
    )
    mine = _case(session, "45/2024/HSST", "Vụ Nguyễn Văn Tĩnh cố ý gây thương tích", people["prosecutor"])
    other = _case(session, "77/2024/HSST", "Vụ Đỗ Quang Huy trộm cắp tài sản", people["other"])
    cases.assign(session, SERVICE, mine, people["assistant"], Right.READ)
    cases.add_party(session, SERVICE, mine, "Nguyễn Văn Tĩnh", role="bị can", birth_year=1988)
    cases.add_party(session, SERVICE, mine, "Lê Hữu Đức", role="bị hại", birth_year=2009, is_minor=True)
    builder = _Builder(session, settings, people["clerk"])
    documents = builder.case(mine, PAPERS, first_but_luc=1)
    others = builder.case(other, PAPERS[1:2], first_but_luc=1)
    loose = builder.batch("Chưa xếp", None, SecretState.CLEAR)
    unassigned = builder.document(loose, builder.scan(loose, "quet-0007.pdf", [PAPERS[2]]), PAPERS[2], None, None)
    halted = builder.batch("Đợt bị dừng", mine, SecretState.HALTED)
    halted_scan = builder.scan(halted, "halted.pdf", [PAPERS[0]])
    fresh = builder.batch("Vừa quét", None, SecretState.UNKNOWN)
    fresh_scan = builder.scan(fresh, "vua-quet.pdf", [PAPERS[0]], checked=False)
    fresh_scan.state = ScanState.READING
    fresh_scan.pages[0].ocr_state = OcrState.PENDING
    refused = batches.add_scan(
        session, SERVICE, loose, name="don-khang-cao.pdf", sha256=None, size=20480, media_type="application/pdf"
    )
    refused.state, refused.error_code = ScanState.QUARANTINED, "INPUT-ENCRYPTED"
    refused.error_detail = {"name": refused.name}
    session.flush()
    return Sample(
        mine.id, other.id, [one.id for one in documents], [page.id for one in documents for page in one.pages],
        others[0].id, others[0].pages[0].id, halted.id, halted_scan.pages[0].id, fresh_scan.pages[0].id,
        unassigned.id, documents[0].pages[0].scan_id, refused.id, {key: user.id for key, user in people.items()},
    )


NAMES = {
    Role.ADMIN: "Quản trị viên", Role.LEADER: "Hoàng Văn Minh", Role.PROSECUTOR: "Ngô Thị Hòa",
    Role.ASSISTANT: "Bùi Đức Thắng", Role.CLERK: "Vũ Thị Thuý", Role.ENFORCER: "Đặng Quốc Khánh",
    Role.SECRETARY: "Lý Thu Hà", Role.ACCOUNTANT: "Mai Kim Yến",
}


def _person(session: Session, role: Role) -> User:
    return users.create_user(
        session, SERVICE.name, login=role.value, name=NAMES[role], role=role, password=PASSWORD,
        must_change_password=False, secrecy_officer=role == Role.LEADER,
    )


def _case(session: Session, number: str, name: str, lead: User) -> Case:
    case = cases.create_case(session, SERVICE, kind="hinh_su", name=name, numbers=[number])
    cases.assign(session, SERVICE, case, lead, Right.LEAD)
    return case


@dataclass(slots=True)
class _Builder:
    session: Session
    settings: Settings
    owner: User

    def batch(self, name: str, case: Case | None, secret: SecretState) -> Batch:
        batch = batches.open_batch(
            self.session, SERVICE, name=name, source=f"inbox:{name}", case=case, owner_id=self.owner.id
        )
        batch.secret_state = secret
        batches.close_batch(self.session, SERVICE, batch)
        return batch

    def case(self, case: Case, papers: list[Paper], first_but_luc: int) -> list[Document]:
        batch = self.batch(f"Tập 1 – {case.number}", case, SecretState.CLEAR)
        scan = self.scan(batch, "tap-1.pdf", papers, first_but_luc)
        documents, start = [], 0
        for paper in papers:
            mine = scan.pages[start:start + len(paper.pages)]
            documents.append(self.document(batch, scan, paper, case, mine))
            start += len(paper.pages)
        return documents

    def scan(
        self, batch: Batch, name: str, papers: list[Paper], first_but_luc: int | None = None, checked: bool = True
    ) -> Scan:
        drawn = [draw(lines) for paper in papers for lines in paper.pages]
        data = io.BytesIO()
        drawn[0][0].save(data, "PDF", save_all=True, append_images=[one[0] for one in drawn[1:]], resolution=150.0)
        # The bytes differ per batch, so that no file is a duplicate of another by accident.
        data.write(f"\n% {batch.name} {batch.id}\n".encode())
        stored = Vault(self.settings.vault_folder).put(io.BytesIO(data.getvalue()), name=name)
        scan = batches.add_scan(
            self.session, SERVICE, batch, name=name, sha256=stored.sha256, size=stored.size,
            media_type="application/pdf", kind="pdf", owner_id=self.owner.id,
        )
        scan.state, scan.page_count = ScanState.DONE, len(drawn)
        for number, (_image, words) in enumerate(drawn, start=1):
            page = Page(scan_id=scan.id, number=number, width=WIDTH, height=HEIGHT, dpi=150.0, kind=PageKind.DOCUMENT,
                        header_checked=checked)
            if first_but_luc is not None:
                page.but_luc, page.but_luc_state = str(first_but_luc + number - 1), "confirmed"
            self.session.add(page)
            self.session.flush()
            reading = PageReading(tool="sample", width=WIDTH, height=HEIGHT, rotation=0, confidence=0.94, words=words)
            pages.store_reading(self.session, page, reading)
        self.session.expire(scan, ["pages"])
        return scan

    def document(
        self, batch: Batch, scan: Scan, paper: Paper, case: Case | None, mine: list[Page] | None
    ) -> Document:
        mine = scan.pages if mine is None else mine
        folder = cases.folder_of(self.session, case, paper.folder) if case else None
        document = Document(
            case_id=case.id if case else None, case_state="confirmed" if case else "unassigned", batch_id=batch.id,
            folder_id=folder.id if folder else None, folder_code=paper.folder, type_code=paper.type_code,
            title=paper.title, number=paper.number, number_key=number_key(paper.number) if paper.number else None,
            date=paper.day, issuer="Cơ quan Cảnh sát điều tra Công an quận An Bình", position=mine[0].number,
            but_luc_first=mine[0].but_luc, but_luc_last=mine[-1].but_luc, needs_review=not paper.confirmed,
            state="confirmed" if paper.confirmed else "proposed", confidence=0.97 if paper.confirmed else 0.61,
            reasons=["quốc hiệu và tên cơ quan ở đầu trang", f"dòng tên: {paper.title}"],
        )
        self.session.add(document)
        self.session.flush()
        for position, page in enumerate(mine):
            self.session.add(DocumentPage(page_id=page.id, document_id=document.id, position=position))
        for name, role in paper.persons:
            self.session.add(DocumentPerson(document_id=document.id, name=name, key=name_key(name), role=role,
                                            page_id=mine[0].id, confidence=0.9))
        self.session.flush()
        self.session.expire(document)
        return document


def draw(lines: list[str]) -> tuple[Image.Image, tuple[Word, ...]]:
    """A page and its words with their boxes; every ninth word is a weak one."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(FONT, SIZE)
    words: list[Word] = []
    for row, line in enumerate(lines):
        x, y = float(MARGIN), TOP + row * LEADING
        for text in line.split():
            width = pen.textlength(text, font=font)
            pen.text((x, y), text, font=font, fill="black")
            box = (x / WIDTH, y / HEIGHT, width / WIDTH, SIZE * 1.2 / HEIGHT)
            words.append(Word(text, box, 0.52 if len(words) % 9 == 8 else 0.95, line=row, block=row // 4))
            x += width + 9
    return image, tuple(words)
