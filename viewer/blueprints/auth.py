"""Log-in, log-out, the person's own password, profile, language and API tokens."""

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from config.errors import Invalid
from storage import audit, users
from storage.models.people import User
from viewer import auth, context, languages, security
from viewer.context import db

blueprint = Blueprint("auth", __name__)
Page = str | Response | tuple[str, int]


def _next_target() -> str:
    target = request.values.get("next", "")
    return target if security.is_safe_target(target) else url_for("home.index")


@blueprint.get("/dang-nhap")
@security.public
def login() -> Page:
    """The log-in page."""
    if g.account is not None:
        return redirect(_next_target(), 303)
    return render_template("auth/login.html", next=request.args.get("next", ""), login="", refused=False)


@blueprint.post("/dang-nhap")
@security.public
@security.limit_log_ins
def enter() -> Page:
    """Check log-in and password; every refusal is recorded and costs the same time."""
    name = request.form.get("login", "")
    user = users.check_password(db(), name, request.form.get("password", ""))
    if user is None:
        context.keep_changes()
        audit.record(
            db(), "stranger", "user.login_refused", "login", {"login": name[:64], "address": request.remote_addr}
        )
        page = render_template("auth/login.html", next=request.form.get("next", ""), login=name, refused=True)
        return page, 401
    auth.log_in(user)
    return redirect(_next_target(), 303)


@blueprint.post("/dang-xuat")
def logout() -> Page:
    """End this log-in."""
    auth.log_out()
    return redirect(url_for("auth.login"), 303)


@blueprint.route("/mat-khau", methods=["GET", "POST"])
@security.limit_log_ins
def password() -> Page:
    """Change one's own password; forced after the first log-in."""
    if request.method == "GET":
        return render_template("auth/password.html", error="")
    old, new = request.form.get("old", ""), request.form.get("new", "")
    user = users.check_password(db(), g.account.login, old)
    try:
        if user is None:
            raise Invalid(what=_("mật khẩu hiện tại"), why=_("không đúng"))
        if new != request.form.get("again", ""):
            raise Invalid(what=_("mật khẩu mới"), why=_("hai lần nhập không giống nhau"))
        if new == old:
            raise Invalid(what=_("mật khẩu mới"), why=_("phải khác mật khẩu cũ"))
        users.set_password(db(), context.actor().name, user, new)
    except Invalid as error:
        return render_template("auth/password.html", error=error.message(languages.choose())), error.status
    auth.log_in(user)
    flash(_("Đã đổi mật khẩu. Các máy khác đang đăng nhập bằng tài khoản này đã được đăng xuất."), "good")
    return redirect(url_for("home.index"), 303)


@blueprint.post("/ngon-ngu")
@security.public
def language() -> Page:
    """Switch between Vietnamese and English; remembered with the account."""
    chosen = request.form.get("language", "")
    if chosen in languages.LANGUAGES:
        session["language"] = chosen
        if g.account is not None:
            user = db().get(User, g.account.id)
            if user is not None:
                user.language = chosen
    return redirect(_next_target(), 303)


@blueprint.get("/tai-khoan")
def profile() -> Page:
    """The person's own account and API tokens."""
    return render_template("auth/profile.html", tokens=auth.tokens_of(g.account.id), made=None)


@blueprint.post("/tai-khoan/ma-truy-cap")
def create_token() -> Page:
    """Make an API token and show it this once."""
    user = db().get_one(User, g.account.id)
    made = users.create_token(db(), context.actor().name, user, request.form.get("name", ""))
    return render_template("auth/profile.html", tokens=auth.tokens_of(user.id), made=made)


@blueprint.post("/tai-khoan/ma-truy-cap/<int:token_id>/thu-hoi")
def revoke_token(token_id: int) -> Page:
    """Make an API token useless."""
    users.revoke_token(db(), context.actor().name, token_id, db().get_one(User, g.account.id))
    flash(_("Đã thu hồi mã truy cập."), "good")
    return redirect(url_for("auth.profile"), 303)
