"""The first page after log-in: what came in, what needs doing."""

from flask import Blueprint, render_template

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> str:
    """The home page."""
    return render_template("home/index.html")
