"""The JSON API: shapes, rights, and refusals."""

import io

import pytest
from jsonschema import Draft202012Validator

from storage import users
from storage.models.people import User


@pytest.fixture
def call(app, database, sample):
    """Call the API as one of the sample's people, by a token of theirs."""
    tokens: dict[str, str] = {}

    def send(login, path, method="GET", **more):
        if login not in tokens:
            with database.write() as session:
                user = session.get(User, sample.people[login])
                tokens[login] = users.create_token(session, "test", user, "t")
        client = app.test_client()
        return client.open(
            f"/api/v1{path}", method=method, headers={"Authorization": f"Bearer {tokens[login]}"}, **more
        )

    return send


def test_a_document_with_all_its_fields(call, sample):
    answer = call("prosecutor", f"/documents/{sample.document_ids[1]}").json
    assert answer["case_number"] == "45/2024/HSST"
    assert answer["type"] == "hs.bb_hoi_cung"
    assert answer["but_luc"] == ["2", "3"]
    assert answer["date"] == "2024-02-12"
    assert [page["scan_page"] for page in answer["pages"]] == [2, 3]
    assert answer["persons"] == [{"name": "Nguyễn Văn Tĩnh", "role": "bị can"}]
    assert answer["confirmed"] is True


def test_words_of_a_page(call, sample):
    answer = call("prosecutor", f"/pages/{sample.page_ids[1]}/text").json
    assert "con dao" in answer["text"]
    assert {"t", "box", "conf"} == set(answer["words"][0])
    assert all(0 <= side <= 1 for word in answer["words"] for side in word["box"])


def test_cases_are_those_one_may_see(call, sample):
    numbers = {login: [case["number"] for case in call(login, "/cases").json["cases"]]
               for login in ("prosecutor", "other", "leader", "admin", "enforcer")}
    assert numbers == {
        "prosecutor": ["45/2024/HSST"], "other": ["77/2024/HSST"], "leader": ["77/2024/HSST", "45/2024/HSST"],
        "admin": [], "enforcer": [],
    }
    case = call("prosecutor", f"/cases/{sample.case_id}").json
    filed = [number for folder in case["folders"] for number in folder["documents"]]
    assert sorted(filed) == sorted(sample.document_ids)


@pytest.mark.parametrize("who", ["other", "admin", "enforcer"])
def test_what_one_may_not_see_does_not_exist(call, sample, who):
    for path in (f"/documents/{sample.document_ids[0]}", f"/pages/{sample.page_ids[0]}/text",
                 f"/cases/{sample.case_id}", f"/scans/{sample.scan_id}"):
        answer = call(who, path)
        missing = call(who, path.replace(str(path.split("/")[2]), "999999"))
        assert answer.status_code == missing.status_code == 404
        assert answer.json["error"]["code"] == missing.json["error"]["code"] == "NOT-FOUND"


def test_nothing_of_a_halted_batch_is_served(call, sample):
    for who in ("prosecutor", "leader", "clerk", "admin"):
        assert call(who, f"/pages/{sample.halted_page_id}/text").status_code == 404


def test_a_page_whose_header_was_not_read_is_for_its_owner_and_the_clerk(call, sample):
    assert call("prosecutor", f"/pages/{sample.unchecked_page_id}/text").status_code == 404
    assert call("leader", f"/pages/{sample.unchecked_page_id}/text").status_code == 404


def test_an_upload_is_taken_in_once_and_repeated_as_a_duplicate(call, sample, database):
    data = b"%PDF-1.4 not much of one"
    sent = {"file": (io.BytesIO(data), "quét 1.pdf"), "case": "45/2024/hsst"}
    first = call("prosecutor", "/scans", "POST", data=sent)
    assert first.status_code == 201, first.json
    assert first.json["name"] == "quét 1.pdf"
    again = call("prosecutor", "/scans", "POST", data={"file": (io.BytesIO(data), "quét 2.pdf")})
    assert again.json["sha256"] == first.json["sha256"]
    assert call("prosecutor", f"/scans/{first.json['id']}").json["progress"]["ocr_done"] == 0


def test_an_upload_into_a_case_of_others_is_refused(call, sample):
    for case in (str(sample.other_case_id), "77/2024/HSST", "9999/0000"):
        answer = call("prosecutor", "/scans", "POST", data={"file": (io.BytesIO(b"x"), "a.pdf"), "case": case})
        assert answer.status_code in (404, 422)


@pytest.mark.parametrize(("path", "status"), [
    ("/cases?limit=0", 422), ("/cases?limit=x", 422), ("/cases?nonsense=1", 422), ("/cases/0", 404),
    ("/cases/99999999999999999999", 404), ("/nothing", 404),
])
def test_nonsense_is_refused_in_json(call, path, status):
    answer = call("prosecutor", path)
    assert answer.status_code == status
    assert set(answer.json["error"]) == {"code", "message", "next"}


def test_a_stranger_gets_401_in_json(app, sample):
    answer = app.test_client().get("/api/v1/cases")
    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "LOGIN"


def test_a_cookie_needs_proof_of_origin_a_token_does_not(browser_as, call):
    browser = browser_as("prosecutor")
    upload = {"file": (io.BytesIO(b"abc"), "a.pdf")}
    assert browser.client.post("/api/v1/scans", data=upload).status_code == 400
    assert call("prosecutor", "/scans", "POST", data={"file": (io.BytesIO(b"abc"), "a.pdf")}).status_code == 201


def test_the_description_names_every_call_and_its_schemas_are_sound(call):
    description = call("prosecutor", "/openapi.json").json
    assert {"/api/v1/scans", "/api/v1/scans/{scan_id}", "/api/v1/documents/{document_id}",
            "/api/v1/pages/{page_id}/text", "/api/v1/cases", "/api/v1/cases/{case_id}"} <= set(description["paths"])
    for schema in description["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
