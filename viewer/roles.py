"""What each role is called on screen."""

from flask import Flask
from flask_babel import lazy_gettext as _

from storage.models.people import Role

NAMES = {
    Role.ADMIN: _("Quản trị hệ thống"),
    Role.LEADER: _("Lãnh đạo"),
    Role.PROSECUTOR: _("Kiểm sát viên"),
    Role.ASSISTANT: _("Kiểm tra viên, chuyên viên"),
    Role.CLERK: _("Văn thư, lưu trữ"),
    Role.ENFORCER: _("Chấp hành viên"),
    Role.SECRETARY: _("Thư ký thi hành án"),
    Role.ACCOUNTANT: _("Kế toán nghiệp vụ"),
}
RIGHT_NAMES = {"read": _("Được xem"), "write": _("Được sửa"), "lead": _("Phụ trách")}


def role_name(role: str) -> str:
    """The Vietnamese (or English) name of a role."""
    return str(NAMES[Role(role)])


def install(app: Flask) -> None:
    """Let templates name roles and rights."""
    app.add_template_global(role_name, "role_name")
    app.jinja_env.globals["right_names"] = RIGHT_NAMES
