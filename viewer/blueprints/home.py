"""The first page after log-in: what came in, what is due, what needs a person."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from storage.models.people import Role
from viewer import home_view, intake_view, rights
from viewer.context import actor, db, settings

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> str | Response:
    """The home page; the administrator of the system, who reads no cases, starts at the administration."""
    if actor().role == Role.ADMIN:
        return redirect(url_for("admin.index"), 303)
    return render_template(
        "home/index.html", batches=intake_view.recent(db(), actor(), limit=6),
        handed_over=intake_view.handed_over(db(), actor()),
        in_the_way=intake_view.in_the_way(db(), settings(), actor()),
        due=home_view.due_items(db(), settings(), actor()), cases=home_view.case_lines(db(), actor()),
        waiting=intake_view.waiting(db(), actor()),
        halted=len(intake_view.halted(db())) if actor().secrecy_officer else 0,
        may_create=rights.may_create_cases(actor()),
    )
