"""``archive user``: accounts, from the machine itself (the administrator's page does the same in the browser)."""

import sys
from pathlib import Path

import click
from sqlalchemy import select

from archive_svc.cli_common import data_option, json_option, open_archive, print_json
from archive_svc.speech import Said, say
from storage import users
from storage.models.people import ApiToken, Role, User

_NOTES = {
    "secrecy_officer": Said("(phụ trách bảo mật)", "(secrecy officer)"),
    "disabled": Said("(đã khóa)", "(disabled)"),
}


@click.group()
def command() -> None:
    """Accounts: add, list, change the password, disable, API tokens."""


def _new_password(from_stdin: bool) -> tuple[str, bool]:
    """A password read from standard input, or a generated one that is to be shown; second value: shown."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n"), False
    return users.generate_password(), True


def _tell_password(login: str, password: str) -> None:
    say(f"{login}: {password}\n  Mật khẩu chỉ hiện lần này; người dùng phải đổi khi đăng nhập lần đầu.",
        f"{login}: {password}\n  The password is shown only now and must be changed at the first log-in.")


@command.command()
@click.argument("login")
@click.option("--name", required=True, help="the person's name as others see it")
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True)
@click.option("--secrecy-officer", is_flag=True, help="the one who is told when a scan bears a mark of secrecy")
@click.option("--password-stdin", is_flag=True, help="read the password from standard input instead of making one")
@data_option
def add(login: str, name: str, role: str, secrecy_officer: bool, password_stdin: bool, data: Path | None) -> None:
    """Make an account; its password is shown once and must be changed at first log-in."""
    with open_archive(data) as archive, archive.database.write() as session:
        password, shown = _new_password(password_stdin)
        user = users.create_user(
            session, archive.actor.name, login=login, name=name, role=Role(role), password=password,
            secrecy_officer=secrecy_officer,
        )
        login = user.login
    if shown:
        _tell_password(login, password)
    else:
        say(f"{login}: đã tạo tài khoản", f"{login}: made")


@command.command("list")
@data_option
@json_option
def list_users(data: Path | None, as_json: bool) -> None:
    """Every account with its role."""
    with open_archive(data) as archive, archive.database.read() as session:
        rows = [
            {"login": u.login, "name": u.name, "role": str(u.role), "secrecy_officer": u.secrecy_officer,
             "disabled": u.disabled_at is not None}
            for u in session.scalars(select(User).order_by(User.login))
        ]
    if as_json:
        print_json({"users": rows})
        return
    for row in rows:
        notes = [str(said) for note, said in _NOTES.items() if row[note]]
        click.echo(f"{row['login']:<20} {row['role']:<12} {' '.join([str(row['name']), *notes])}")


@command.command()
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help="read the password from standard input instead of making one")
@data_option
def passwd(login: str, password_stdin: bool, data: Path | None) -> None:
    """Give an account a new password (shown once) and end all its log-ins."""
    with open_archive(data) as archive, archive.database.write() as session:
        password, shown = _new_password(password_stdin)
        user = users.by_login(session, login)
        users.set_password(session, archive.actor.name, user, password, must_change=shown)
    if shown:
        _tell_password(login, password)
    else:
        say(f"{login}: đã đổi mật khẩu", f"{login}: changed")


@command.command()
@click.argument("login")
@data_option
def disable(login: str, data: Path | None) -> None:
    """Close an account: log-ins and tokens end at once, what the person did stays recorded."""
    with open_archive(data) as archive, archive.database.write() as session:
        users.disable_user(session, archive.actor.name, users.by_login(session, login))
    say(f"{login}: đã khóa; mọi phiên làm việc đã dừng", f"{login}: disabled")


@command.command()
@click.argument("login")
@data_option
def enable(login: str, data: Path | None) -> None:
    """Open a closed account again."""
    with open_archive(data) as archive, archive.database.write() as session:
        users.enable_user(session, archive.actor.name, users.by_login(session, login))
    say(f"{login}: đã mở lại", f"{login}: enabled")


@command.group()
def token() -> None:
    """API tokens of an account."""


@token.command("add")
@click.argument("login")
@click.argument("name")
@data_option
def add_token(login: str, name: str, data: Path | None) -> None:
    """Make a token called NAME for the account; it is shown this once."""
    with open_archive(data) as archive, archive.database.write() as session:
        secret = users.create_token(session, archive.actor.name, users.by_login(session, login), name)
    click.echo(secret)


@token.command("list")
@click.argument("login")
@data_option
@json_option
def list_tokens(login: str, data: Path | None, as_json: bool) -> None:
    """The account's tokens, without their secret."""
    with open_archive(data) as archive, archive.database.read() as session:
        user = users.by_login(session, login)
        tokens = session.scalars(select(ApiToken).where(ApiToken.user_id == user.id).order_by(ApiToken.id))
        rows = [{"id": t.id, "name": t.name, "created_at": t.created_at, "used_at": t.used_at,
                 "revoked": t.revoked_at is not None} for t in tokens]
    if as_json:
        print_json({"tokens": rows})
        return
    for row in rows:
        revoked = str(Said("  (đã thu hồi)", "  (revoked)")) if row["revoked"] else ""
        click.echo(f"{row['id']:>4}  {row['name']}{revoked}")


@token.command()
@click.argument("login")
@click.argument("token_id", type=int)
@data_option
def revoke(login: str, token_id: int, data: Path | None) -> None:
    """Make a token useless."""
    with open_archive(data) as archive, archive.database.write() as session:
        users.revoke_token(session, archive.actor.name, token_id, users.by_login(session, login))
    say(f"Mã {token_id}: đã thu hồi", f"{token_id}: revoked")
