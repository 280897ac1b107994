"""How an endpoint of the JSON API is declared: one decorator from which routing, checking and OpenAPI all follow.

    @operation("GET", "/documents/<int:document_id>", tag="documents", summary="One document", answer=DocumentAnswer)
    def document(document_id: int) -> DocumentAnswer: ...

What comes in is checked against the ``query`` or ``body`` model before the function runs, what goes out against
``answer``; the description at ``/api/v1/openapi.json`` is made from the same models, so the three cannot disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import Response, jsonify, request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from config.errors import Invalid

Function = TypeVar("Function", bound=Callable[..., BaseModel])
Model = TypeVar("Model", bound=BaseModel)


class Strict(BaseModel):
    """Base of every schema: unknown keys are refused, names with a Python meaning go by their alias."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class ErrorBody(Strict):
    """What went wrong: a stable code, a sentence for people, and where to go next, if anywhere."""

    code: str
    message: str
    next: str | None = None


class ErrorAnswer(Strict):
    """The answer of every call that did not succeed."""

    error: ErrorBody


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint. ``form`` names the schema of a multipart body, ``body`` that of a JSON body."""

    method: str
    rule: str
    name: str
    tag: str
    summary: str
    function: Callable[..., BaseModel]
    answer: type[BaseModel]
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    form: dict[str, Any] | None = None
    status: int = 200

    def view(self, **path: Any) -> tuple[Response, int]:
        """Check, call, check again: the Flask view of this endpoint."""
        arguments: dict[str, Any] = dict(path)
        if self.query is not None:
            arguments["query"] = checked(self.query, request.args.to_dict())
        elif request.args:
            raise Invalid(what=next(iter(request.args)), why="tham số không có")
        if self.body is not None:
            arguments["body"] = checked(self.body, _json_body())
        result = self.function(**arguments)
        answer = self.answer.model_validate(result if isinstance(result, self.answer) else result.model_dump())
        return jsonify(answer.model_dump(mode="json", by_alias=True)), self.status


OPERATIONS: list[Operation] = []


def operation(
    method: str, rule: str, *, tag: str, summary: str, answer: type[BaseModel], query: type[BaseModel] | None = None,
    body: type[BaseModel] | None = None, form: dict[str, Any] | None = None, status: int = 200,
) -> Callable[[Function], Function]:
    """Declare the decorated function an endpoint of ``/api/v1``; its module must be named in ``api/registry.py``.

    :param rule: a Flask rule; ids as ``<int:name>``, which arrive as keyword arguments.
    :param query: model of the query string, handed over as ``query``.
    :param body: model of the JSON body, handed over as ``body``.
    :param form: JSON schema of a multipart body; the function reads ``request.files`` and ``request.form`` itself.
    """

    def declare(function: Function) -> Function:
        OPERATIONS.append(
            Operation(method, rule, function.__name__, tag, summary, function, answer, query, body, form, status)
        )
        return function

    return declare


def _json_body() -> Any:
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        return request.get_json()
    except BadRequest:
        raise Invalid(what="nội dung gửi lên", why="không phải JSON") from None


def checked(model: type[Model], values: Any) -> Model:
    """Values from outside as ``model``.

    :raises Invalid: naming the first value that does not fit.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = cast(dict[str, Any], error.errors(include_url=False, include_context=False)[0])
        place = ".".join(str(part) for part in first["loc"]) or "nội dung gửi lên"
        raise Invalid(what=place, why=first["msg"]) from None
