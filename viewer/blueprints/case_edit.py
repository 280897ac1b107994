"""Making and changing cases: name, numbers, parties, ties, assignment (phân công), closing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from config import folders
from config.errors import Forbidden, Invalid, NotFound
from storage import cases
from storage.access import require_case
from storage.models.cases import Case, CaseParty, Grant, Right
from storage.models.people import Role, User
from viewer import case_links, case_view, rights
from viewer.blueprints.cases import frame, open_case
from viewer.context import actor, db
from viewer.forms import date_of, year_of
from viewer.roles import role_name

blueprint = Blueprint("case_edit", __name__, url_prefix="/ho-so")

#: people of these roles can be assigned to a case
CASE_ROLES = tuple(role for role in Role if role != Role.ADMIN)


@blueprint.route("/moi", methods=["GET", "POST"])
def create() -> str | Response:
    """Open a new case."""
    if not rights.may_create_cases(actor()):
        raise Forbidden(what=_("lập hồ sơ"))
    kinds = [(code, case_view.kind_name(code)) for code in folders.case_kinds()]
    if request.method == "GET":
        return render_template("cases/create.html", kinds=kinds, people_options=people_options(), values=request.args)
    form = request.form
    numbers = [line.strip() for line in form.get("numbers", "").splitlines() if line.strip()]
    owner = _person(form.get("owner", ""))
    case = cases.create_case(
        db(), actor(), kind=form.get("kind", ""), name=form.get("name", ""), numbers=numbers,
        unit=form.get("unit", "").strip(), owner=owner,
    )
    flash(_("Đã lập hồ sơ %(name)s.", name=case.name), "good")
    return redirect(url_for("cases.show", case_id=case.id), 303)


def people_options() -> list[tuple[int, str]]:
    """Everybody who can be assigned to a case, for a choice."""
    query = select(User).where(User.disabled_at.is_(None), User.role.in_(CASE_ROLES)).order_by(User.name)
    return [(user.id, f"{user.name} – {role_name(user.role)}") for user in db().scalars(query)]


def _person(text: str) -> User:
    user = db().get(User, int(text)) if text.isdecimal() else None
    if user is None or user.disabled_at is not None or user.role not in CASE_ROLES:
        raise Invalid(what=_("người được phân công"), why=_("chưa chọn, hoặc tài khoản đã đóng"))
    return user


@blueprint.get("/<int:case_id>/thong-tin")
def details(case_id: int) -> str:
    """Everything about a case that a person may change."""
    case = open_case(case_id)
    return render_template(
        "cases/details.html", **frame(case, "details"), people_options=people_options(), grants=_grants(case),
        links=case_links.linked_cases(db(), actor(), case), parties=_parties(case),
    )


def _grants(case: Case) -> list[Grant]:
    return [grant for grant in sorted(case.grants, key=lambda one: one.id) if grant.until is None]


def _parties(case: Case) -> list[CaseParty]:
    return list(db().scalars(select(CaseParty).where(CaseParty.case_id == case.id).order_by(CaseParty.id)))


def _back(case_id: int) -> Response:
    return redirect(url_for(".details", case_id=case_id), 303)


@blueprint.post("/<int:case_id>/ten-goi")
def rename(case_id: int) -> Response:
    """Change the name people use for the case."""
    case = require_case(db(), actor(), case_id, Right.WRITE)
    cases.rename(db(), actor(), case, request.form.get("name", ""))
    flash(_("Đã đổi tên gọi."), "good")
    return _back(case_id)


@blueprint.post("/<int:case_id>/so-ho-so")
def add_number(case_id: int) -> Response:
    """Give the case one more number."""
    case = require_case(db(), actor(), case_id, Right.WRITE)
    form = request.form
    cases.add_number(
        db(), actor(), case, form.get("number", ""), issuer=form.get("issuer", "").strip(),
        stage=form.get("stage", "").strip(), day=date_of(form.get("date", ""), _("ngày")),
    )
    flash(_("Đã thêm số."), "good")
    return _back(case_id)


@blueprint.post("/<int:case_id>/nguoi-tham-gia")
def add_party(case_id: int) -> Response:
    """Name a person or body as taking part."""
    case = require_case(db(), actor(), case_id, Right.WRITE)
    form = request.form
    cases.add_party(
        db(), actor(), case, form.get("name", ""), role=form.get("role", "").strip(),
        birth_year=year_of(form.get("birth_year", ""), _("năm sinh")), is_minor="is_minor" in form,
    )
    flash(_("Đã thêm người tham gia."), "good")
    return _back(case_id)


@blueprint.post("/<int:case_id>/lien-ket")
def add_link(case_id: int) -> Response:
    """Tie another case to this one."""
    case = require_case(db(), actor(), case_id, Right.WRITE)
    number = request.form.get("number", "")
    found = [one for one in cases.find_by_number(db(), number) if rights.may(db(), actor(), one.id, Right.READ)]
    if len(found) != 1:
        raise Invalid(what=_("số hồ sơ %(number)s", number=number), why=_("không có hồ sơ nào mang đúng số này"))
    cases.link(db(), actor(), case, found[0], request.form.get("kind", ""))
    flash(_("Đã liên kết hai hồ sơ."), "good")
    return _back(case_id)


@blueprint.post("/<int:case_id>/phan-cong")
def assign(case_id: int) -> Response:
    """Assign a person to the case."""
    case = require_case(db(), actor(), case_id, Right.LEAD)
    text = request.form.get("right", "")
    if text not in set(Right):
        raise Invalid(what=_("quyền"), why=_("chưa chọn"))
    cases.assign(
        db(), actor(), case, _person(request.form.get("user", "")), Right(text),
        reason=request.form.get("reason", "").strip()[:300] or "phân công",
    )
    flash(_("Đã phân công."), "good")
    return _back(case_id)


@blueprint.post("/<int:case_id>/phan-cong/<int:user_id>/het")
def unassign(case_id: int, user_id: int) -> Response:
    """End a person's assignment."""
    case = require_case(db(), actor(), case_id, Right.LEAD)
    cases.unassign(db(), actor(), case, _assigned(case, user_id))
    flash(_("Đã thôi phân công. Từ bây giờ người đó không còn thấy hồ sơ này."), "good")
    if not rights.may(db(), actor(), case_id, Right.READ):
        return redirect(url_for("cases.index"), 303)
    return _back(case_id)


def _assigned(case: Case, user_id: int) -> User:
    for grant in _grants(case):
        if grant.user_id == user_id:
            return grant.user
    raise NotFound(what=_("phân công"))


@blueprint.post("/<int:case_id>/dong")
def close(case_id: int) -> Response:
    """Close the case: from now on it takes no changes."""
    cases.close(db(), actor(), require_case(db(), actor(), case_id, Right.LEAD))
    flash(_("Đã đóng hồ sơ. Hồ sơ vẫn xem và tìm được, nhưng không nhận thay đổi."), "good")
    return _back(case_id)


@blueprint.post("/<int:case_id>/mo-lai")
def reopen(case_id: int) -> Response:
    """Open a closed case again."""
    cases.reopen(db(), actor(), require_case(db(), actor(), case_id, Right.LEAD))
    flash(_("Đã mở lại hồ sơ."), "good")
    return _back(case_id)
