"""What the command calls states, steps and parts of the service; the screens use the same words."""

from archive_svc.speech import Said

_STATES = {
    "waiting": Said("đang chờ", "waiting"),
    "received": Said("đã nhận", "received"),
    "reading": Said("đang đọc chữ", "reading"),
    "done": Said("xong", "done"),
    "needs_review": Said("cần xem lại", "needs review"),
    "failed": Said("có lỗi", "failed"),
    "quarantined": Said("cần xử lý", "put aside"),
    "cancelled": Said("đã bỏ qua", "cancelled"),
}
_STAGES = {
    "inspect": Said("xem tệp", "inspect"),
    "unpack": Said("mở tệp nén", "unpack"),
    "keep": Said("lưu tệp khác", "keep"),
    "render": Said("tạo ảnh", "render"),
    "recognise": Said("đọc chữ", "recognise"),
    "split": Said("chia tài liệu", "split"),
    "assemble": Said("tạo bản PDF", "assemble"),
    "transcode": Said("tạo bản phát được", "transcode"),
}
_ROLES = {"watch": Said("nhận tệp", "watch"), "worker": Said("đọc chữ", "worker")}


def scan_state(state: str) -> str:
    """The state of a scan."""
    return str(_STATES.get(state, state))


def stage(name: str) -> str:
    """A step of the pipeline."""
    return str(_STAGES.get(name, name))


def role(name: str) -> str:
    """A part of the service."""
    return str(_ROLES.get(name, name))
