"""Every call of the JSON API with generated input: no server error, no answer off its schema."""

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks

from storage import users
from storage.models.people import User

load_all_checks()
#: what an answer must hold to, whatever was sent; the other checks guess at policy (which input must be refused)
HELD = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
        "unsupported_method", "ignored_auth")


@pytest.fixture
def api(app: Flask, database, sample) -> tuple[Flask, str]:
    """The application and a token of a prosecutor."""
    with database.write() as session:
        token = users.create_token(session, "test", session.get(User, sample.people["prosecutor"]), "t")
    return app, token


def test_no_call_fails_and_no_answer_is_off_its_schema(api):
    app, token = api
    headers = {"Authorization": f"Bearer {token}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, headers=headers)
    checks = [CHECKS.get_one(name) for name in HELD]

    @settings(
        max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate], derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )
    def check(case):
        case.call_and_validate(headers=headers, checks=checks)

    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        given(case=operation.as_strategy())(check)()
        tried += 1
    assert tried >= 7
