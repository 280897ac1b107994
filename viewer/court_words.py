"""The words of court mode, for its scripts; and the files a court window is made of."""

from flask_babel import gettext as _

STYLES = ("css/court.css",)
#: what the stage's program is made of, named on its page so that the browser asks for all of it at once
STAGE_MODULES = ("preload", "stage", "channel", "drawing", "stage_clip", "stage_state", "state", "views")
#: in the order in which they depend on each other; the exported court folder joins them in this order
MODULES = (
    "views", "state", "stage_state", "recall", "keys", "drawing", "tools", "channel", "log", "preload", "stage_clip",
    "stage", "recall_box", "outline", "remembered", "canvas_tools", "stage_link", "one_screen", "console",
)
SCRIPTS = tuple(f"js/present/{name}.js" for name in (*MODULES, "copies", "console_main", "stage_main"))


def court_words() -> dict[str, str]:
    """Every sentence the presenter's window may show."""
    return {**_states(), **_notices(), **_tools(), **_recall(), **_keeping()}


def _states() -> dict[str, str]:
    return {
        "state-black": _("MÀN HÌNH ĐEN"),
        "state-shown": _("TÒA ĐANG THẤY: {label}"),
        "state-frozen": _("GIỮ HÌNH: {label}"),
        "state-sending": _("Đang đưa lên màn chiếu…"),
        "state-missing": _("THIẾU HÌNH – màn chiếu đang đen"),
        "state-no-stage": _("CHƯA CÓ MÀN CHIẾU"),
        "state-replaced": _("Đã mở ở cửa sổ khác"),
        "link-none": _("Màn chiếu: chưa mở (phím I)"),
        "link-full": _("Màn chiếu: toàn màn hình"),
        "link-window": _("Màn chiếu: bấm một lần vào đó để phủ kín màn hình"),
        "link-duplicated": _("Máy chỉ có một màn hình hoặc đang nhân đôi: nhấn Windows+P, chọn Mở rộng"),
        "link-same-screen": _("Màn chiếu đang ở màn hình này: kéo sang máy chiếu (không thấy thì Windows+P, Mở rộng)"),
        "trouble-clip-blocked": _("Màn chiếu: bấm một lần vào đó để phát được tiếng"),
        "trouble-clip-missing": _("Màn chiếu: không mở được đoạn ghi"),
        "trouble-no-fullscreen": _("Màn chiếu: nhấn F11 để phủ kín màn hình"),
        "screen-black": _("Màn hình đen"),
        "mirror-black": _("Màn hình đen"),
        "preview-black": _("Chưa có gì để xem trước"),
        "loading": _("Đang mở hình…"),
        "picture-missing": _("Không mở được hình này"),
        "clip": _("Đoạn ghi âm, ghi hình"),
        "clip-plays": _("đang phát"),
        "clip-stands": _("đang dừng – phím K để phát"),
        "clip-end": _("hết"),
        "page": _("trang"),
    }


def _notices() -> dict[str, str]:
    return {
        "notice-ask": _("Trang này phải hỏi lại. Nhấn Enter lần nữa để chiếu, phím khác để thôi."),
        "notice-ask-refused": _("Trang phải hỏi lại không chiếu được khi chỉ có một màn hình."),
        "notice-refused": _("Trang này không được chiếu."),
        "notice-frozen": _("Đang giữ hình. Nhấn G để thôi giữ rồi chiếu."),
        "notice-nothing": _("Chưa có gì trong khung xem trước."),
        "notice-nothing-shown": _("Chưa chiếu gì nên chưa dùng được."),
        "notice-no-undo": _("Không còn gì để lùi lại."),
        "notice-no-pair": _("Cần một trang đang chiếu và một trang khác đang xem trước."),
        "notice-no-clip": _("Không có đoạn ghi nào đang chiếu."),
        "notice-end": _("Hết rồi."),
        "notice-covered-shown": _("Tòa đang thấy trang này nên không bỏ che được."),
        "notice-stage-refused": _("Trình duyệt không cho mở màn chiếu. Hãy cho phép cửa sổ bật lên rồi nhấn I."),
        "start-failed": _("Không mở được bài trình chiếu. Hãy tải lại trang, hoặc dùng thư mục phiên tòa trên USB."),
    }


def _tools() -> dict[str, str]:
    choose = _("Mũi tên chọn dòng, Shift + mũi tên chọn thêm, Enter để đặt, Tab đổi khung, Esc để thôi.")
    point = _("Mũi tên hoặc chuột để di chuyển, Esc để thôi.")
    return {
        "tool-highlight": f"{_('Tô sáng.')} {choose}",
        "tool-callout": f"{_('Trích phóng to.')} {choose}",
        "tool-redaction": f"{_('Che.')} {choose}",
        "tool-zoom": f"{_('Phóng to một vùng.')} {choose}",
        "tool-pointer": f"{_('Con trỏ.')} {point}",
        "tool-spotlight": f"{_('Rọi sáng.')} {point}",
    }


def _recall() -> dict[str, str]:
    return {
        "recall-none": _("Không có trang nào như vậy được chiếu."),
        "rule-ask": _("phải hỏi lại"),
        "confirmed": _("số bút lục đã xác nhận"),
        "unconfirmed": _("số bút lục chưa xác nhận"),
    }


def _keeping() -> dict[str, str]:
    return {
        "preload-going": _("Đang chép hình về máy này: {done}/{all}"),
        "preload-ready": _("Mọi hình đã ở máy này; mất mạng vẫn chiếu được."),
        "preload-failed": _("Còn {n} hình chưa chép được. Hãy kiểm tra mạng rồi tải lại trang."),
        "shell-kept": _("Mất mạng vẫn tải lại trang được."),
        "shell-not-kept": _("Mất mạng thì đừng tải lại trang: kết nối này không cho giữ bản sao (cần https)."),
        "verify-going": _("Đang kiểm tra hình: {done}/{all}"),
        "verify-done": _("Đã kiểm tra {all} hình, đúng như lúc khóa. Mã khóa {code}."),
        "verify-failed": _("HÌNH HỎNG, không chiếu được: {list}. Hãy chép lại thư mục phiên tòa."),
        "log-waits": _("Nhật ký: {n} dòng chờ gửi"),
    }


def key_help() -> list[tuple[str, list[tuple[str, str]]]]:
    """The cheat sheet: groups of keys and what they do; also printed as the one-page key."""
    return [
        (_("Chiếu"), [
            ("Enter, Page Down", _("chiếu trang đang xem trước")),
            ("Page Up", _("về mục đã chiếu trước đó")),
            ("B, .", _("màn hình đen / bỏ đen")),
            ("G", _("giữ hình: tòa vẫn thấy hình cũ")),
            ("U, Ctrl+Z", _("lùi một bước")),
            ("N", _("nguyên bản: bỏ mọi dấu, trừ phần che")),
        ]),
        (_("Chọn"), [
            ("↓ ↑", _("mục sau, mục trước (chỉ xem trước)")),
            ("→ ←", _("trang sau, trang trước của tài liệu")),
            ("0–9", _("gọi bút lục: 45, 112a, tập 2 45")),
            ("/, F2", _("tìm theo số văn bản hoặc câu chữ")),
            ("H", _("đặt cạnh trang đang chiếu")),
        ]),
        (_("Trên hình"), [
            ("T", _("trích phóng to")), ("M", _("tô sáng")), ("V", _("phóng to một vùng")), ("Home", _("cả trang")),
            ("C", _("che")), ("P", _("con trỏ")), ("L", _("rọi sáng")), ("Y", _("tắt, bật các dấu")),
            ("Q", _("xóa dấu vừa vẽ")), ("K", _("phát, dừng đoạn ghi")),
        ]),
        (_("Khác"), [
            ("I", _("mở màn chiếu")), ("?, F1", _("bảng phím này")), ("Esc", _("thôi")),
            ("F8 F8", _("rời chế độ một màn hình")),
        ]),
    ]
