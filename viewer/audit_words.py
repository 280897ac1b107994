"""What stands in the audit chain, in words: what was done, by whom, to what.

The chain keeps codes (``document.moved``), because words change and a hash must not; only the page shows words.
"""

from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models.people import User

#: areas of work: what each is called, and the words of every action of it that the archive writes down
AREAS = {
    "cases": (_("Hồ sơ"), {
        "case.created": _("lập hồ sơ"),
        "case.viewed": _("xem hồ sơ"),
        "case.renamed": _("đổi tên hồ sơ"),
        "case.numbered": _("ghi số cho hồ sơ"),
        "case.party_added": _("thêm người tham gia"),
        "case.assigned": _("giao hồ sơ"),
        "case.unassigned": _("thôi giao hồ sơ"),
        "case.linked": _("liên kết hồ sơ"),
        "case.closed": _("đóng hồ sơ"),
        "case.reopened": _("mở lại hồ sơ"),
        "case.exported": _("chép hồ sơ ra ngoài"),
        "case.list_printed": _("in thống kê tài liệu"),
        "case.merged": _("lấy cả hồ sơ thành một tệp PDF"),
        "sheet.printed": _("in tờ bìa"),
    }),
    "documents": (_("Tài liệu, trang, chữ"), {
        "document.created": _("lập tài liệu"),
        "document.viewed": _("xem tài liệu"),
        "document.edited": _("sửa thông tin tài liệu"),
        "document.set": _("sửa thông tin tài liệu khi duyệt"),
        "document.moved": _("chuyển tài liệu sang hồ sơ hoặc nhóm khác"),
        "document.filed": _("xếp tài liệu"),
        "document.confirmed": _("xác nhận tài liệu"),
        "document.vouched": _("duyệt tài liệu"),
        "document.split": _("cắt tài liệu"),
        "document.joined": _("ghép tài liệu"),
        "document.cut_moved": _("dời chỗ cắt tài liệu"),
        "document.pages_moved": _("chuyển trang giữa các tài liệu"),
        "document.removed": _("bỏ tài liệu không còn trang"),
        "document.printed": _("in tài liệu"),
        "document.downloaded": _("tải tài liệu"),
        "page.viewed": _("xem trang"),
        "page.corrected": _("sửa chữ đã đọc"),
        "page.correction_undone": _("bỏ phần sửa chữ"),
        "page.proofread": _("soát xong chữ của trang"),
        "page.kind_set": _("đánh dấu loại trang"),
        "page.rotated": _("xoay trang"),
        "page.numbered": _("đánh số bút lục"),
        "page.read_again": _("đọc lại chữ của trang"),
        "pages.read_anew": _("đọc lại chữ của nhiều trang"),
        "note.added": _("thêm ghi chú"),
        "note.changed": _("sửa ghi chú"),
        "note.removed": _("bỏ ghi chú"),
        "moment.added": _("đánh dấu một lúc trong băng ghi"),
        "moment.removed": _("bỏ dấu trong băng ghi"),
        "search.made": _("tìm kiếm"),
        "search.done": _("tìm kiếm từ phần mềm khác"),
        "search.exported": _("lấy danh sách kết quả tìm kiếm"),
    }),
    "intake": (_("Nhận bản quét"), {
        "batch.opened": _("mở đợt quét"),
        "batch.closed": _("kết thúc đợt quét"),
        "batch.proposed": _("gợi ý cách chia tài liệu"),
        "batch.filed": _("xếp cả đợt vào hồ sơ"),
        "batch.turned": _("đảo thứ tự đợt quét"),
        "batch.step_undone": _("lùi một bước duyệt"),
        "batch.halted": _("dừng vì có dấu mật"),
        "batch.released": _("cho xử lý tiếp sau khi soát dấu mật"),
        "scan.received": _("nhận tệp quét"),
        "scan.put_aside": _("để riêng tệp cần xử lý"),
        "scan.retried": _("làm lại tệp"),
        "scan.dismissed": _("xong việc với tệp lỗi"),
        "scan.viewed": _("xem tệp quét"),
        "scan.downloaded": _("tải tệp gốc"),
        "scan.text_read": _("lấy chữ của tệp quét"),
        "sources.cleared": _("dọn thư mục quét"),
    }),
    "presentations": (_("Trình chiếu"), {
        "presentation.created": _("lập bài trình chiếu"),
        "presentation.edited": _("sửa bài trình chiếu"),
        "presentation.rules-set": _("đặt quy tắc nhóm được chiếu"),
        "presentation.removed": _("bỏ bài trình chiếu"),
        "presentation.situation-added": _("thêm tình huống"),
        "presentation.situation-edited": _("sửa tình huống"),
        "presentation.situation-moved": _("đổi thứ tự tình huống"),
        "presentation.situation-removed": _("bỏ tình huống"),
        "presentation.cue-added": _("thêm mục chiếu"),
        "presentation.cue-edited": _("sửa mục chiếu"),
        "presentation.cue-marked": _("đặt vùng, dấu của mục chiếu"),
        "presentation.cue-moved": _("đổi thứ tự mục chiếu"),
        "presentation.cue-allowed": _("quyết định được chiếu hay không"),
        "presentation.cue-removed": _("bỏ mục chiếu"),
        "presentation.speech-set": _("ghi bài phát biểu"),
        "picture.brought-in": _("đưa hình vào bài trình chiếu"),
        "treatment.saved": _("lưu dấu dùng lại"),
        "treatment.removed": _("bỏ dấu dùng lại"),
        "presentation.locked": _("khóa bài cho phiên tòa"),
        "presentation.unlocked": _("mở khóa bài trình chiếu"),
        "presentation.opened": _("mở phiên tòa"),
        "presentation.shown": _("chiếu tại phiên tòa"),
        "presentation.printed": _("in phím, đề cương trình chiếu"),
        "presentation.exported": _("lấy bài trình chiếu ra ngoài"),
    }),
    "ledger": (_("Sổ"), {
        "ledger.create": _("ghi dòng sổ"),
        "ledger.update": _("sửa dòng sổ"),
        "ledger.assign": _("phân công ở dòng sổ"),
        "ledger.strike": _("gạch bỏ dòng sổ"),
        "ledger.restore": _("khôi phục dòng sổ"),
        "ledger.renumber": _("sửa số nhập từ Excel của dòng sổ"),
        "ledger.import": _("sửa dòng sổ từ Excel"),
        "ledger.imported": _("nhập Excel vào sổ"),
        "ledger.viewed": _("xem dòng sổ"),
        "ledger.read": _("đọc sổ từ phần mềm khác"),
        "ledger.printed": _("in sổ"),
        "ledger.exported": _("lấy sổ ra Excel"),
        "ledger.drafted": _("lập dự thảo văn bản"),
        "ledger.attached": _("gắn tài liệu vào dòng sổ"),
        "ledger.detached": _("gỡ tài liệu khỏi dòng sổ"),
        "ledger.verdict": _("kết luận về dấu hiệu vi phạm"),
        "ledger.verdict_withdrawn": _("rút kết luận về dấu hiệu vi phạm"),
        "ledger.handed_over": _("bàn giao việc của một người"),
        "ledger.right_given": _("giao quyền trên sổ"),
        "ledger.right_taken": _("thu quyền trên sổ"),
        "ledger.book_changed": _("sửa mẫu sổ"),
        "ledger.view_saved": _("lưu cách xem sổ"),
        "ledger.view_deleted": _("bỏ cách xem sổ"),
    }),
    "people": (_("Tài khoản, đăng nhập"), {
        "user.created": _("lập tài khoản"),
        "user.changed": _("sửa tài khoản"),
        "user.disabled": _("đóng tài khoản"),
        "user.enabled": _("mở lại tài khoản"),
        "user.password_changed": _("đổi mật khẩu"),
        "user.logged_in": _("đăng nhập"),
        "user.logged_out": _("đăng xuất"),
        "user.login_refused": _("đăng nhập không được"),
        "team.created": _("lập tổ"),
        "token.created": _("cấp khóa cho phần mềm khác"),
        "token.revoked": _("thu khóa của phần mềm khác"),
    }),
    "running": (_("Vận hành kho"), {
        "archive.backed_up": _("sao lưu kho"),
        "archive.restored": _("khôi phục kho từ bản sao lưu"),
        "archive.verified": _("kiểm tra tính nguyên vẹn của kho"),
        "index.rebuilt": _("lập lại kho tìm kiếm"),
        "tls.made": _("lập chứng thư máy chủ"),
    }),
}
#: words of each action
ACTIONS = {action: words for _name, actions in AREAS.values() for action, words in actions.items()}
#: what an event was done to, before the number
SUBJECTS = {
    "case": _("hồ sơ"), "document": _("tài liệu"), "page": _("trang"), "batch": _("đợt quét"), "scan": _("tệp quét"),
    "ledger": _("sổ"), "ledger_entry": _("dòng sổ"), "presentation": _("bài trình chiếu"), "user": _("tài khoản"),
    "team": _("tổ"), "token": _("khóa kết nối"), "archive": _("cả kho"), "login": _("trang đăng nhập"),
    "search": _("kho tìm kiếm"), "index": _("kho tìm kiếm"), "service": _("máy chủ"),
}


def of_choice(chosen: str) -> list[str]:
    """The actions a person chose: those of an area, or the one."""
    return list(AREAS[chosen][1]) if chosen in AREAS else [chosen]


def subject(code: str) -> str:
    """``document:12`` as "tài liệu 12"."""
    kind, _colon, number = code.partition(":")
    return f"{SUBJECTS.get(kind, kind)} {number}".strip()


def people(session: Session, actors: Iterable[str]) -> dict[str, str]:
    """Who is meant by the actors of events: a person's name where there is one."""
    names = set(actors)
    logins = {one.removeprefix("user:") for one in names if one.startswith("user:")}
    rows = session.execute(select(User.login, User.name).where(User.login.in_(logins)))
    known = {f"user:{row.login}": row.name for row in rows}
    return {one: known.get(one) or _other(one) for one in names}


def _other(actor: str) -> str:
    kind, _colon, name = actor.partition(":")
    if kind == "cli":
        return str(gettext("trên máy chủ (%(name)s)", name=name))
    words = {"service": gettext("máy tự làm"), "stranger": gettext("người chưa đăng nhập")}
    return str(words.get(actor, name or actor))
