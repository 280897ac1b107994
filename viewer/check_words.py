"""The sentences of the check before a hearing."""

from flask_babel import gettext as _

from storage.presentation_check import Finding

#: pages named in one sentence
NAMED = 20


def _reasons(codes: list[str], folder: str) -> str:
    words = {"folder": folder, "unfiled": _("chưa chắc thuộc hồ sơ này"),
             "minor": _("có tên người dưới 18 tuổi"), "secret": _("chưa soát dấu mật")}
    return ", ".join(words.get(code, code) for code in codes)


def _some(pages: list[str]) -> str:
    return ", ".join(pages[:NAMED]) + (" …" if len(pages) > NAMED else "")


def explain(finding: Finding) -> str:
    """What was found and what to do, in one sentence."""
    detail = finding.detail
    sentences = {
        "empty": lambda: _("Bài chưa có mục chiếu nào."),
        "page-gone": lambda: _("Trang này không còn trong hồ sơ. Hãy bỏ mục chiếu hoặc chọn trang khác."),
        "never": lambda: _("Trang này không được chiếu (%(why)s). Hãy bỏ mục chiếu hoặc sửa quy tắc.",
                           why=_reasons(detail["reasons"], _("quy tắc của nhóm hoặc loại tài liệu này"))),
        "ask": lambda: _("Phải hỏi lại trước khi chiếu: %(why)s.",
                         why=_reasons(detail["reasons"], _("nhóm tài liệu phải hỏi lại"))),
        "minor": lambda: _("Trang hiện tên người dưới 18 tuổi. Hãy che, hoặc xác nhận được phép chiếu."),
        "number": lambda: _("Số bút lục %(number)s chưa ai xác nhận nên màn chiếu không hiện số.",
                            number=detail["number"]) if detail["number"] else _("Trang chưa có số bút lục."),
        "unread": lambda: _("Trang chưa nhận dạng được chữ nên không soát được tên người và cỡ chữ."),
        "small": lambda: _("Chữ trên màn chiếu chỉ cao %(pixels)s điểm, ngồi xa khó đọc. Hãy chọn vùng hoặc trích to.",
                           pixels=detail["pixels"]),
        "unmade": lambda: _("Không làm được hình: tệp gốc mất hoặc hỏng. Hãy bỏ mục chiếu, hoặc nhờ người quản trị "
                            "khôi phục tệp gốc rồi bấm Thử lại."),
        "unmade-recall": lambda: _("Không làm được hình nên không gọi ra được: %(pages)s.",
                                   pages=_some(detail["pages"])),
        "clip-gone": lambda: _("Không còn tệp ghi của mục này."),
        "clip-kind": lambda: _("%(name)s không phải tệp ghi âm, ghi hình.", name=detail["name"]),
        "clip-unplayable": lambda: _("Máy ở phòng xử không phát được tệp này. Hãy mở tệp và bấm tạo bản phát được."),
        "situation-empty": lambda: _("Tình huống “%(title)s” chưa có mục chiếu.", title=detail["title"]),
    }
    return str(sentences[finding.code]())
