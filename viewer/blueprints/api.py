"""The JSON API under ``/api/v1``: every declared endpoint, and its description."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from flask import Blueprint, Response, jsonify

from viewer.api.endpoints import OPERATIONS, Operation
from viewer.api.openapi import PREFIX, describe
from viewer.api.registry import MODULES

blueprint = Blueprint("api", __name__, url_prefix=PREFIX)


def _view_of(one: Operation) -> Callable[..., tuple[Response, int]]:
    def view(**path: Any) -> tuple[Response, int]:
        return one.view(**path)

    return view


for _module in MODULES:
    import_module(f"viewer.api.{_module}")
for _one in OPERATIONS:
    blueprint.add_url_rule(_one.rule, _one.name, _view_of(_one), methods=[_one.method])


@blueprint.get("/openapi.json")
def description() -> Response:
    """The OpenAPI description of everything above."""
    return jsonify(describe(OPERATIONS, "archive_svc"))
