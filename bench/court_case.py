"""An invented criminal case with as many pages as wanted, for measuring and testing court mode.

Pages look like office scans (200 dpi, justified text, a stamped bút lục); they come with the words and boxes a reading
would have given, so nothing needs to be recognised first.
"""

import io
import random
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive_svc.demo.drawing import HEIGHT, LEFT, RIGHT, WIDTH, Sheet, font
from config.settings import Settings
from storage import cases
from storage.access import SERVICE
from storage.models.cases import Case, CaseParty, Right
from storage.models.documents import Document, DocumentPage
from storage.models.people import User
from storage.models.scans import Batch, OcrState, Page, PageKind, Scan, ScanState, SecretState
from storage.pages import store_reading
from storage.reading import PageReading, Word
from storage.vault import Vault
from storage.vietnamese import name_key, number_key

NUMBER = "12/2026/HSST"
MINOR = "Lê Thị Ngọc Ánh"
SUBJECTS = (
    ("HS04", "Biên bản khám nghiệm hiện trường", None), ("HS05", "Biên bản thu giữ vật chứng", None),
    ("HS06", "Kết luận giám định", "12/KLGĐ-PC09"), ("HS07", "Biên bản hỏi cung bị can Nguyễn Văn Bảy", None),
    ("HS08", "Biên bản ghi lời khai Đặng Thị Mận", None), ("HS14", "Cáo trạng", "07/CT-VKS"),
    ("HS10", "Lý lịch bị can", None), ("HS20", "Báo cáo đề xuất", "03/BC-VKS"),
)
SENTENCES = (
    "Khoảng 21 giờ ngày 14 tháng 3, tôi đi từ nhà anh Sáu về đến ngã ba thì nghe tiếng kêu ở phía bờ kênh.",
    "Bảy cầm con dao dài khoảng 30 cm, cán gỗ, đứng cách chỗ tôi chừng năm bước chân.",
    "Tôi không nhìn thấy ai khác ở đó; đèn đường lúc ấy vẫn sáng nên tôi nhận ra áo sơ mi màu xanh.",
    "Chiếc xe máy biển số 66P1-045.21 dựng sát hàng rào, chìa khóa còn cắm ở ổ.",
    "Sau khi nghe đọc lại biên bản, tôi xác nhận những lời khai trên là đúng sự thật và ký tên.",
    "Người bị hại được đưa đi cấp cứu tại bệnh viện huyện lúc 21 giờ 40 phút cùng ngày.",
)


@dataclass(frozen=True, slots=True)
class MadeCase:
    """What was made: the case and its pages in order of bút lục."""

    case_id: int
    page_ids: list[int]


class _Words:
    """Collects the words drawn, as a reading would."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.line = 0

    def take(self, x: float, y: float, text: str, width: float, height: float) -> None:
        box = (x / WIDTH, y / HEIGHT, width / WIDTH, height / HEIGHT)
        self.words.append(Word(text, box, 0.96, self.line, 0))


def draw_page(number: int, title: str, rng: random.Random, extra: str = "") -> tuple[bytes, PageReading]:
    """JPEG of one page and its reading."""
    sheet, words = Sheet(), _Words()
    sheet.but_luc(str(number))
    texts = [title.upper(), *(rng.choice(SENTENCES) for _ in range(14))]
    if extra:
        texts.insert(3, extra)
    face, top = font(13), 260.0
    for text in texts:
        x = float(LEFT)
        for token in text.split():
            width = face.getlength(token)
            if x + width > RIGHT:
                x, top, words.line = float(LEFT), top + 52, words.line + 1
            sheet.pen.text((x, top), token, (34, 34, 40), face)
            words.take(x, top + 6, token, width, 34)
            x += width + 12
        top, words.line = top + 68, words.line + 1
    out = io.BytesIO()
    sheet.image.convert("L").convert("RGB").save(out, "JPEG", quality=82)
    reading = PageReading("mẫu", WIDTH, HEIGHT, 0, 0.96, tuple(words.words))
    return out.getvalue(), reading


def make_case(
    session: Session, settings: Settings, owner: User, pages: int, *, longest: int = 9, minor: bool = False
) -> MadeCase:
    """Put the case into an archive, owned by ``owner``; documents of up to ``longest`` pages through all folders."""
    rng = random.Random(7)
    case = cases.create_case(session, SERVICE, kind="hinh_su", name="Vụ Nguyễn Văn Bảy", numbers=[NUMBER])
    cases.assign(session, SERVICE, case, owner, Right.LEAD)
    if minor:
        session.add(CaseParty(case_id=case.id, name=MINOR, key=name_key(MINOR), role="bị hại", is_minor=True))
    batch = Batch(name="Hồ sơ mẫu", case_id=case.id, owner_id=owner.id, source="cli:bench", state="closed",
                  secret_state=SecretState.CLEAR)
    session.add(batch)
    session.flush()
    vault, made, subject = Vault(settings.vault_folder), [], 0
    while len(made) < pages:
        folder, title, number = SUBJECTS[subject % len(SUBJECTS)]
        count = min(rng.randint(1, longest), pages - len(made))
        document = _document(session, case, batch, folder, title, number if subject < len(SUBJECTS) else None, subject)
        for position in range(count):
            bl = len(made) + 1
            extra = f"Có mặt cháu {MINOR}, sinh năm 2012." if minor and bl == 3 else ""
            made.append(_page(session, vault, batch, document, position, bl, title, rng, extra))
        document.but_luc_first, document.but_luc_last = str(len(made) - count + 1), str(len(made))
        subject += 1
    session.flush()
    return MadeCase(case.id, made)


def _document(
    session: Session, case: Case, batch: Batch, folder: str, title: str, number: str | None, position: int
) -> Document:
    found = next(one for one in case.folders if one.code == folder)
    document = Document(
        case_id=case.id, case_state="confirmed", batch_id=batch.id, folder_id=found.id, folder_code=folder,
        title=title, number=number, number_key=number_key(number) if number else None, position=position,
        state="confirmed", needs_review=False, confidence=0.99,
    )
    session.add(document)
    session.flush()
    return document


def _page(
    session: Session, vault: Vault, batch: Batch, document: Document, position: int, bl: int, title: str,
    rng: random.Random, extra: str,
) -> int:
    data, reading = draw_page(bl, title, rng, extra)
    stored = vault.put(io.BytesIO(data))
    scan = Scan(batch_id=batch.id, position=bl, name=f"BL{bl:04d}.jpg", sha256=stored.sha256, size=stored.size,
                media_type="image/jpeg", kind="image", state=ScanState.DONE, page_count=1)
    session.add(scan)
    session.flush()
    page = Page(scan_id=scan.id, number=1, width=WIDTH, height=HEIGHT, dpi=200.0, kind=PageKind.DOCUMENT,
                ocr_state=OcrState.DONE, but_luc=str(bl), but_luc_state="confirmed" if bl % 10 else "proposed",
                header_checked=True)
    session.add(page)
    session.flush()
    session.add(DocumentPage(page_id=page.id, document_id=document.id, position=position))
    store_reading(session, page, reading)
    return page.id
