"""Books at a glance, calendar, findings and kiến nghị, statistics, workload and handover, weekly page, keeping a
book."""

import io
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from config.errors import Invalid
from config.ledger_books import Book
from ledger import book_edit, drafts, due, entries, findings, handover, numbering, papers, rights, statistics, weekly
from ledger.deadlines.grading import State
from storage.models.ledger import LedgerBookVersion, LedgerEntry, LedgerRight
from storage.models.people import Role, Team, User
from viewer.context import actor, db, note_event, settings
from viewer.ledger.common import blueprint, common_values, day_argument, office, open_book, open_entry, today

_SHOWN_REMINDERS = 200


@blueprint.get("/")
def index() -> str:
    """All books with what needs attention in each."""
    cards = []
    for book in office().kept():
        access = rights.book_access(db(), actor(), book)
        alive = [LedgerEntry.book == book.id, access.rows(), LedgerEntry.struck_at.is_(None)]
        counted = select(
            func.count(),
            func.count().filter(LedgerEntry.late_count > 0),
            func.count().filter(LedgerEntry.verify_count > 0),
            func.count().filter(LedgerEntry.next_due < today()),
        ).where(*alive)
        total, late, verify, overdue = db().execute(counted).one()
        cards.append(
            {
                "book": book,
                "total": total,
                "late": late,
                "verify": verify,
                "overdue": overdue,
                "may_add": rights.may_add(access, book),
            }
        )
    summary = due.summary(db(), actor(), office(), today())
    return render_template("ledger/index.html", cards=cards, summary=summary, today=today(), problem=office().problem)


@blueprint.get("/lich")
def calendar() -> str:
    """What falls due: overdue, today, this week, per person and per book."""
    mine = request.args.get("cua") == "toi"
    days = min(max(request.args.get("ngay", 30, type=int), 1), 366)
    summary = due.summary(db(), actor(), office(), today(), people=[actor().user_id or 0] if mine else None, days=days)
    return render_template("ledger/calendar.html", summary=summary, today=today(), mine=mine, days=days)


@blueprint.get("/giao-ban.pdf")
def weekly_page() -> Response:
    """The A4 page of the week for one person, one team, or all the asking person may see."""
    person = db().get(User, request.args.get("nguoi", 0, type=int))
    team = db().get(Team, request.args.get("to", 0, type=int))
    people: list[int] | None = None
    who = _("Toàn đơn vị")
    if person is not None:
        people, who = [person.id], person.name
    elif team is not None:
        people, who = list(db().scalars(select(User.id).where(User.team_id == team.id))), team.name
    summary = due.summary(db(), actor(), office(), today(), people=people)
    note_event("ledger.printed", "ledger:weekly", who=who)
    content = weekly.page(summary, office=settings().office_name, who=who, today=today())
    return send_file(io.BytesIO(content), "application/pdf", download_name=f"giao-ban-{today():%Y%m%d}.pdf")


@blueprint.get("/khoi-luong")
def workload() -> str:
    """Who has how much, and handing a person's work over."""
    people = (
        db().scalars(select(User).where(User.disabled_at.is_(None), User.role != Role.ADMIN).order_by(User.name)).all()
    )
    leaving = db().scalars(select(User).where(User.role != Role.ADMIN).order_by(User.name)).all()
    return render_template(
        "ledger/workload.html",
        rows=due.workload(db(), actor(), office(), today()),
        books=office().kept(),
        people=people,
        leaving=leaving,
        teams=db().scalars(select(Team).order_by(Team.name)).all(),
        may_assign=actor().operator or actor().role == Role.LEADER,
    )


@blueprint.post("/ban-giao")
def hand_over() -> Response:
    """Hand all open work of one person to another."""
    giver = db().get(User, request.form.get("giver", 0, type=int))
    taker = db().get(User, request.form.get("taker", 0, type=int))
    if giver is None or taker is None:
        raise Invalid(what=_("bàn giao"), why=_("chưa chọn người giao, người nhận"))
    handed = handover.hand_over(db(), actor(), office(), giver, taker, request.form.get("reason", ""))
    count = sum(len(v) for v in handed.entries.values())
    flash(
        _(
            "Đã bàn giao %(rows)s dòng sổ và %(cases)s hồ sơ cho %(name)s. Dự thảo phân công: lấy ở trang này.",
            rows=count,
            cases=handed.cases,
            name=taker.name,
        ),
        "good",
    )
    return redirect(url_for("ledger.workload"), 303)


@blueprint.post("/<book>/phan-cong.docx")
def assignment_draft(book: str) -> Response:
    """Draft the assignment decision of a person for their open rows, or for the row given."""
    chosen, access = open_book(book)
    person = db().get(User, request.form.get("user", 0, type=int))
    if person is None:
        raise Invalid(what=_("người được phân công"), why=_("chưa chọn"))
    entry_id = request.form.get("entry", 0, type=int)
    if entry_id:
        rows = [open_entry(book, entry_id)[2]]
    else:
        statement = select(LedgerEntry).where(
            LedgerEntry.book == chosen.id,
            access.rows(),
            LedgerEntry.responsible_id == person.id,
            LedgerEntry.struck_at.is_(None),
        )
        rows = [e for e in db().scalars(statement) if not (chosen.done_field and e.data.get(chosen.done_field))]
    if not rows:
        raise Invalid(what=_("dự thảo phân công"), why=_("người này không có dòng nào đang giải quyết"))
    return _word(drafts.phan_cong(db(), actor(), settings(), chosen, rows, person=person.name, today=today()))


def _word(draft: drafts.Draft) -> Response:
    return send_file(io.BytesIO(draft.content), drafts.WORD_TYPE, as_attachment=True, download_name=draft.name)


@blueprint.get("/<book>/vi-pham")
def finding_list(book: str) -> str:
    """Findings per agency and period, to be agreed to or rejected."""
    chosen, access = open_book(book)
    collection = _collect(chosen)
    return render_template(
        "ledger/findings.html",
        **common_values(chosen, access),
        collection=collection,
        papers=papers.of_entries(db(), actor(), chosen, {f.entry.id for f in collection.found}),
        first=request.args.get("tu", ""),
        last=request.args.get("den", ""),
        agency=request.args.get("co-quan", ""),
        state=request.args.get("muc", ""),
        has_draft=any(f.id == "kien_nghi" for f in chosen.forms),
    )


def _collect(book: Book) -> findings.Collection:
    wanted = request.values.get("muc", "")
    states = (State(wanted),) if wanted in set(State) else (State.LATE, State.TO_VERIFY)
    return findings.collect(
        db(),
        actor(),
        office(),
        book,
        first=day_argument("tu"),
        last=day_argument("den"),
        agency=request.values.get("co-quan", ""),
        states=states,
        today=today(),
    )


@blueprint.post("/<book>/vi-pham")
def decide_many(book: str) -> Response:
    """Store the ticks."""
    chosen, _access = open_book(book)
    flash(_("Đã ghi %(n)s kết luận.", n=_store_ticks(chosen)), "good")
    kept = {k: v for k in ("tu", "den", "co-quan", "muc") if (v := request.values.get(k))}
    return redirect(f"{url_for('ledger.finding_list', book=chosen.id)}?{urlencode(kept)}", 303)


def _store_ticks(book: Book) -> int:
    """Ticked = agreed or rejected; a tick taken off takes the decision back. Returns how many decisions changed."""
    ticked, rejected = (set(request.form.getlist(name)) for name in ("agree", "reject"))
    changed = 0
    for found in _collect(book).found:
        key = f"{found.entry.id}:{found.finding.check}"
        wanted = True if key in ticked else False if key in rejected else None
        if wanted == found.agreed:
            continue
        if wanted is None:
            entries.take_back(db(), actor(), book, found.entry, found.finding)
        else:
            entries.decide(db(), actor(), book, found.entry, found.finding, wanted, found.note)
        changed += 1
    return changed


@blueprint.post("/<book>/kien-nghi.docx")
def kien_nghi(book: str) -> Response:
    """Draft the kiến nghị from the findings agreed to, those ticked on the page just now included."""
    chosen, _access = open_book(book)
    if request.form.get("shown") == "1":
        _store_ticks(chosen)
    draft = drafts.kien_nghi(
        db(),
        actor(),
        settings(),
        chosen,
        _collect(chosen).agreed(),
        agency=request.form.get("co-quan", ""),
        first=day_argument("tu"),
        last=day_argument("den"),
        today=today(),
    )
    return _word(draft)


@blueprint.get("/<book>/mau/<form_id>.docx")
def template_file(book: str, form_id: str) -> Response:
    """The template in use, to be edited in Word and put into the data folder."""
    chosen, _access = open_book(book)
    form = drafts.form_of(chosen, form_id)
    return send_file(
        io.BytesIO(drafts.template_bytes(settings(), form)),
        drafts.WORD_TYPE,
        as_attachment=True,
        download_name=form.template,
    )


@blueprint.get("/<book>/thong-ke")
def stats(book: str) -> str:
    """Counts over a span; the book's own statistical year by default."""
    chosen, access = open_book(book)
    start, end = statistics.statistical_year(chosen, today())
    first, last = day_argument("tu", start) or start, day_argument("den", end) or end
    result = statistics.count(db(), chosen, office().engine, access, first, last, today())
    period = numbering.period_of(chosen, min(last, today()))
    return render_template(
        "ledger/stats.html",
        **common_values(chosen, access),
        stats=result,
        first=first,
        last=last,
        sequence=numbering.check_sequence(db(), chosen, period),
        period=period,
        reminders=due.reminders(db(), actor(), chosen, today()),
        shown=_SHOWN_REMINDERS,
    )


@blueprint.get("/<book>/giu-so")
def keep(book: str) -> str:
    """Columns, date rules, rights and versions of a book."""
    chosen, access = open_book(book)
    rights.require_keeper(db(), actor(), chosen)
    versions = (
        db()
        .scalars(
            select(LedgerBookVersion)
            .where(LedgerBookVersion.book == chosen.id)
            .order_by(LedgerBookVersion.version.desc())
        )
        .all()
    )
    given = db().scalars(select(LedgerRight).where(LedgerRight.book == chosen.id).order_by(LedgerRight.id)).all()
    return render_template(
        "ledger/keep.html",
        **common_values(chosen, access),
        versions=versions,
        given=given,
        right_words=rights.RIGHT_NAMES,
        people={u.id: u.name for u in db().scalars(select(User).where(User.role != Role.ADMIN).order_by(User.name))},
        teams={t.id: t.name for t in db().scalars(select(Team).order_by(Team.name))},
        problem=office().problem,
        rules=office().rules.by_id,
    )


@blueprint.post("/<book>/giu-so/cot")
def change_columns(book: str) -> Response:
    """Add, rename, hide or show a column, add or remove a date rule: saved as a new version of the book."""
    chosen, _access = open_book(book)
    form, act = request.form, request.form.get("act", "")
    name = form.get("name", "")
    if act == "add":
        after = book_edit.add_field(
            chosen,
            name=name,
            group=form.get("group", ""),
            kind=form.get("type", ""),
            choices=form.get("choices", "").splitlines(),
        )
        change = f"thêm cột {name}"
    elif act == "rename":
        after, change = book_edit.change_field(chosen, form.get("field", ""), name=name), f"đổi tên cột thành {name}"
    elif act in ("hide", "show"):
        after = book_edit.change_field(chosen, form.get("field", ""), hidden=act == "hide")
        change = f"{'ẩn' if act == 'hide' else 'hiện'} cột {form.get('field', '')}"
    elif act == "add_rule":
        after = book_edit.add_date_rule(
            chosen,
            name=name,
            from_field=form.get("from", ""),
            days=form.get("days", 0, type=int),
            working=form.get("working") == "1",
            done=form.get("done", ""),
            red_after=form.get("red_after", 0, type=int),
        )
        change = f"thêm nhắc hạn {name}"
    elif act == "remove_rule":
        after, change = book_edit.remove_date_rule(chosen, form.get("rule", "")), f"bỏ nhắc hạn {form.get('rule', '')}"
    else:
        raise Invalid(what=_("thay đổi sổ"), why=_("không rõ"))
    saved = book_edit.save(db(), actor(), office(), chosen, after, change)
    flash(_("Đã lưu bản %(version)s của sổ: %(change)s.", version=saved.version, change=change), "good")
    return redirect(url_for("ledger.keep", book=chosen.id), 303)


@blueprint.post("/<book>/giu-so/quyen")
def change_rights(book: str) -> Response:
    """Give or take a right on the book."""
    chosen, _access = open_book(book)
    if request.form.get("take"):
        handover.take_right(db(), actor(), chosen, request.form.get("take", 0, type=int))
    else:
        kind, _sep, value = request.form.get("who", "").partition(":")
        handover.give_right(
            db(),
            actor(),
            chosen,
            request.form.get("right", ""),
            user_id=int(value) if kind == "user" else None,
            team_id=int(value) if kind == "team" else None,
            role=value if kind == "role" else None,
            groups=request.form.getlist("groups"),
        )
    return redirect(url_for("ledger.keep", book=chosen.id), 303)
