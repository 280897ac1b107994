"""The description of the JSON API in OpenAPI 3.1, made from the declared endpoints and their schemas."""

import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from viewer.api.endpoints import ErrorAnswer, Operation

PREFIX = "/api/v1"
TEMPLATE = "#/components/schemas/{model}"
#: largest id: what JSON numbers carry exactly
MAX_ID = 2**53 - 1
_PARAMETER = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
PROBLEMS = {
    "400": "The request could not be understood",
    "401": "No log-in or token",
    "403": "The token's owner may not do this",
    "404": "There is no such thing, or its existence is not for this token's owner",
    "409": "Somebody else changed it meanwhile, or the case is closed",
    "413": "Too large",
    "415": "Not the media type this call takes",
    "422": "A value is not acceptable",
    "429": "Too many requests",
    "503": "Not able to run just now",
}


def describe(operations: list[Operation], title: str) -> dict[str, Any]:
    """The whole description as a JSON-able value."""
    models: list[tuple[type[BaseModel], JsonSchemaMode]] = [(ErrorAnswer, "serialization")]
    for one in operations:
        models.append((one.answer, "serialization"))
        models += [(model, "validation") for model in (one.body,) if model is not None]
    unique = list(dict.fromkeys(models))
    references, definitions = models_json_schema(unique, ref_template=TEMPLATE)
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        path = PREFIX + _PARAMETER.sub(r"{\g<name>}", one.rule)
        paths.setdefault(path, {})[one.method.lower()] = _operation(one, references)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "archive"},
            },
        },
    }


def _operation(one: Operation, references: Any) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": one.name,
        "tags": [one.tag],
        "summary": one.summary,
        "parameters": _path_parameters(one.rule) + _query_parameters(one.query),
        "responses": {
            str(one.status): _content("Done", references[(one.answer, "serialization")]),
            **{
                status: _content(text, references[(ErrorAnswer, "serialization")])
                for status, text in PROBLEMS.items()
            },
        },
    }
    if one.body is not None:
        content = {"application/json": {"schema": references[(one.body, "validation")]}}
        described["requestBody"] = {"required": True, "content": content}
    if one.form is not None:
        described["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": one.form}}}
    return described


def _content(description: str, schema: Any) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _path_parameters(rule: str) -> list[dict[str, Any]]:
    schemas = {"int": {"type": "integer", "minimum": 0, "maximum": MAX_ID}}
    return [
        {
            "name": found["name"],
            "in": "path",
            "required": True,
            "schema": schemas.get(found["kind"] or "", {"type": "string", "minLength": 1, "pattern": r"^[^/]+$"}),
        }
        for found in _PARAMETER.finditer(rule)
    ]


def _query_parameters(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema(by_alias=True)
    required = set(schema.get("required", []))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(one)}
        for name, one in schema.get("properties", {}).items()
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter cannot be null: left out is how it is absent."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind.get("type") != "null"]
    if len(kinds) == 1:
        return kinds[0]  # type: ignore[no-any-return]
    return {key: value for key, value in schema.items() if key not in ("title", "default")}
