"""Running the system: accounts, teams, settings with their origin, the audit chain, disk, health. Reads no case."""

import shutil
from urllib.parse import urlencode

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from werkzeug.wrappers import Response

from config.errors import Forbidden, Invalid, NotFound
from config.settings import HELP, KEYS
from ingest import jobs, processes, stock
from storage import audit, users
from storage.models.base import now
from storage.models.people import Role, Team, User
from storage.models.records import AuditEvent, OutboxEntry
from viewer import audit_words
from viewer.context import actor, db, settings
from viewer.languages import choose
from viewer.roles import NAMES, role_name

blueprint = Blueprint("admin", __name__, url_prefix="/quan-tri")

EVENTS_PER_PAGE = 100
#: settings whose value nobody should read off a screen
HIDDEN = frozenset({"database_url"})


@blueprint.before_request
def only_the_administrator() -> None:
    """Everything here is for the administrator of the system."""
    if actor().role != Role.ADMIN:
        raise Forbidden(what=_("vào phần quản trị"))


@blueprint.get("/")
def index() -> str:
    """How the system stands."""
    disk = shutil.disk_usage(settings().data)
    seq, head = audit.head(db())
    return render_template(
        "admin/index.html", disk=disk, waiting=jobs.waiting(db()),
        to_index=db().scalar(select(func.count()).select_from(OutboxEntry)) or 0,
        processes=processes.living(db(), now()), problems=stock.problems_now(db(), settings()), seq=seq, head=head,
        data=settings().data, inbox=settings().inbox_folder,
        people=db().scalar(select(func.count()).select_from(User).where(User.disabled_at.is_(None))) or 0,
    )


@blueprint.get("/kiem-tra-may")
def health() -> str:
    """What is missing, too old or misconfigured on the machine, and what mends it."""
    findings = list(current_app.extensions["archive_health"](choose()))
    return render_template("admin/health.html", findings=findings)


@blueprint.get("/nguoi-dung")
def people() -> str:
    """Everybody with an account."""
    found = list(db().scalars(select(User).order_by(User.disabled_at.is_not(None), User.name)))
    return render_template("admin/people.html", people=found, teams=_teams(), roles=_roles(), made=None)


def _teams() -> list[Team]:
    return list(db().scalars(select(Team).order_by(Team.name)))


def _roles() -> list[tuple[str, str]]:
    return [(role.value, role_name(role)) for role in NAMES]


def _role(text: str) -> Role:
    if text not in set(Role):
        raise Invalid(what=_("chức danh"), why=_("chưa chọn"))
    return Role(text)


@blueprint.post("/nguoi-dung")
def create() -> str:
    """Make an account; its first password is shown this once."""
    form = request.form
    password = users.generate_password()
    user = users.create_user(
        db(), actor().name, login=form.get("login", ""), name=form.get("name", ""), role=_role(form.get("role", "")),
        password=password, secrecy_officer="secrecy_officer" in form,
    )
    user.team_id = _team_id(form.get("team", ""))
    db().flush()
    found = list(db().scalars(select(User).order_by(User.disabled_at.is_not(None), User.name)))
    return render_template(
        "admin/people.html", people=found, teams=_teams(), roles=_roles(), made=(user.name, user.login, password)
    )


def _team_id(text: str) -> int | None:
    if not text.isdecimal():
        return None
    team = db().get(Team, int(text))
    return team.id if team else None


def _user(user_id: int) -> User:
    user = db().get(User, user_id)
    if user is None:
        raise NotFound(what=_("tài khoản %(id)s", id=user_id))
    return user


@blueprint.get("/nguoi-dung/<int:user_id>")
def person(user_id: int) -> str:
    """One account."""
    return render_template("admin/person.html", person=_user(user_id), teams=_teams(), roles=_roles(), made=None)


@blueprint.post("/nguoi-dung/<int:user_id>")
def change(user_id: int) -> Response:
    """Change name, role, team and whether the person is the secrecy officer."""
    user, form = _user(user_id), request.form
    before = {"name": user.name, "role": user.role, "team": user.team_id, "secrecy_officer": user.secrecy_officer}
    role = _role(form.get("role", ""))
    if user.id == actor().user_id and role != Role.ADMIN:
        raise Invalid(what=_("chức danh"), why=_("không thể tự bỏ quyền quản trị của mình"))
    user.name = form.get("name", "").strip()[:200] or user.name
    user.role, user.team_id = role, _team_id(form.get("team", ""))
    user.secrecy_officer = "secrecy_officer" in form
    after = {"name": user.name, "role": user.role, "team": user.team_id, "secrecy_officer": user.secrecy_officer}
    audit.record(db(), actor().name, "user.changed", f"user:{user.id}", {"before": before, "after": after})
    flash(_("Đã lưu."), "good")
    return redirect(url_for(".person", user_id=user.id), 303)


@blueprint.post("/nguoi-dung/<int:user_id>/mat-khau")
def reset_password(user_id: int) -> str:
    """Give a new first password, shown this once; the person's log-ins end."""
    user = _user(user_id)
    password = users.generate_password()
    users.set_password(db(), actor().name, user, password, must_change=True)
    return render_template("admin/person.html", person=user, teams=_teams(), roles=_roles(), made=password)


@blueprint.post("/nguoi-dung/<int:user_id>/dong")
def disable(user_id: int) -> Response:
    """Close an account."""
    user = _user(user_id)
    if user.id == actor().user_id:
        raise Invalid(what=_("tài khoản"), why=_("không thể tự đóng tài khoản của mình"))
    users.disable_user(db(), actor().name, user)
    flash(_("Đã đóng tài khoản %(name)s. Việc đã làm vẫn được lưu.", name=user.name), "good")
    return redirect(url_for(".person", user_id=user.id), 303)


@blueprint.post("/nguoi-dung/<int:user_id>/mo")
def enable(user_id: int) -> Response:
    """Open a closed account again."""
    user = _user(user_id)
    users.enable_user(db(), actor().name, user)
    flash(_("Đã mở lại tài khoản %(name)s.", name=user.name), "good")
    return redirect(url_for(".person", user_id=user.id), 303)


@blueprint.post("/to")
def add_team() -> Response:
    """Make a team."""
    name = request.form.get("name", "").strip()[:200]
    if not name or db().scalar(select(Team.id).where(Team.name == name)):
        raise Invalid(what=_("tên tổ"), why=_("chưa nhập, hoặc đã có"))
    team = Team(name=name)
    db().add(team)
    db().flush()
    audit.record(db(), actor().name, "team.created", f"team:{team.id}", {"name": name})
    flash(_("Đã thêm tổ %(name)s.", name=name), "good")
    return redirect(url_for(".people"), 303)


@blueprint.get("/cau-hinh")
def configuration() -> str:
    """Every setting, its value and where it came from."""
    current = settings()
    rows = [
        (key, "•••" if key in HIDDEN and getattr(current, key) else str(getattr(current, key)),
         current.origins.get(key, "default"), HELP[choose()][key])
        for key in KEYS
    ]  # fmt: skip
    return render_template("admin/settings.html", rows=rows, file=current.data / "settings.toml")


@blueprint.get("/nhat-ky")
def log() -> str:
    """The audit chain, newest first; the administrator sees what was done, never what is in a case."""
    chosen = {name: request.args.get(name, "").strip()[:100] for name in ("ai", "viec", "doi-tuong")}
    page = max(1, request.args.get("trang", 1, type=int))
    query = _chosen_events(chosen["ai"], chosen["viec"], chosen["doi-tuong"])
    total = db().scalar(select(func.count()).select_from(query.subquery())) or 0
    stretch = query.order_by(AuditEvent.seq.desc()).limit(EVENTS_PER_PAGE).offset((page - 1) * EVENTS_PER_PAGE)
    events = list(db().scalars(stretch))
    return render_template(
        "admin/log.html", events=events, total=total, page=page, pages=-(-total // EVENTS_PER_PAGE), chosen=chosen,
        head=audit.head(db()), words=audit_words, names=audit_words.people(db(), (one.actor for one in events)),
        href=lambda subject: "?" + urlencode({**chosen, "doi-tuong": subject}),
        page_href=lambda number: "?" + urlencode({**chosen, "trang": number}),
    )


def _chosen_events(who: str, action: str, subject: str) -> Select[AuditEvent]:
    query = select(AuditEvent)
    if who:
        called = select("user:" + User.login).where(User.name.icontains(who, autoescape=True))
        query = query.where(AuditEvent.actor.contains(who, autoescape=True) | AuditEvent.actor.in_(called))
    if action:
        query = query.where(AuditEvent.action.in_(audit_words.of_choice(action)))
    if subject:
        query = query.where(AuditEvent.subject == subject)
    return query


@blueprint.post("/nhat-ky/kiem-tra")
def check_log() -> Response:
    """Walk the whole chain now."""
    faults = list(audit.check_chain(db()))
    if faults:
        flash(_("Nhật ký bị đứt ở %(n)s chỗ, đầu tiên tại số %(seq)s.", n=len(faults), seq=faults[0].seq), "bad")
    else:
        flash(_("Nhật ký nguyên vẹn từ đầu đến cuối."), "good")
    return redirect(url_for(".log"), 303)

