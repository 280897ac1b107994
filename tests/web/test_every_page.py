"""Every address of the application, walked by url_map, for every role: none fails, none shows what it may not."""

import re

import pytest
from werkzeug.routing import Rule

from storage import audit
from storage.models.people import Role
from viewer.context import READING_METHODS
from viewer.security import is_public

#: what stands in the case of another prosecutor and must never be seen by those not assigned to it
OF_OTHERS = ("Vụ Đỗ Quang Huy trộm cắp tài sản", "77/2024/HSST")


def values_for(rule: Rule, sample, *, others: bool) -> dict[str, object] | None:
    """Arguments for an address: ids that exist, of the case the prosecutor leads or of the other's."""
    known = {
        "case_id": sample.other_case_id if others else sample.case_id,
        "document_id": sample.other_document_id if others else sample.document_ids[1],
        "page_id": sample.other_page_id if others else sample.page_ids[1],
        "left": sample.other_document_id if others else sample.document_ids[1],
        "right": sample.other_document_id if others else sample.document_ids[2],
        "scan_id": sample.scan_id, "batch_id": 1, "user_id": 1, "token_id": 1, "note_id": 1, "moment_id": 1,
        "identifier": str(sample.other_page_id if others else sample.page_ids[1]), "region": "full", "size": "max",
        "rotation": "0", "quality": "default", "format": "jpg",
    }
    return {name: known.get(name, 999_999 if "id" in name else "x") for name in rule.arguments}


def addresses(app, sample, *, others: bool = False) -> list[tuple[str, str]]:
    """Endpoint and address of everything that can be read."""
    adapter = app.url_map.bind("localhost")
    return [
        (rule.endpoint, adapter.build(rule.endpoint, values_for(rule, sample, others=others), method="GET"))
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "static"
    ]


@pytest.mark.parametrize("role", list(Role))
def test_no_page_fails_for_any_role(app, sample, browser_as, role):
    app.testing = False  # an unexpected error must become an answer here, so that it can be told from the others
    browser = browser_as(role.value)
    answers = {address: browser.get(address).status_code for _endpoint, address in addresses(app, sample)}
    assert {address: code for address, code in answers.items() if code >= 500} == {}
    assert sum(1 for code in answers.values() if code == 200) > 10


def test_a_stranger_gets_nothing_but_the_log_in_page(app, sample, stranger):
    for endpoint, address in addresses(app, sample):
        if is_public(app, endpoint):
            continue
        assert stranger.get(address).status_code in (303, 401), address


def test_a_stranger_changes_nothing(app, sample, stranger):
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        changing = (rule.methods or set()) - READING_METHODS
        if rule.endpoint == "static" or not changing or is_public(app, rule.endpoint):
            continue
        address = adapter.build(rule.endpoint, values_for(rule, sample, others=False), method=next(iter(changing)))
        answer = stranger.client.open(
            address, method=next(iter(changing)), headers={"X-CSRFToken": stranger._token}, buffered=True
        )
        assert answer.status_code in (303, 401), address


@pytest.mark.parametrize("login", ["prosecutor", "admin", "enforcer", "assistant", "clerk"])
def test_nothing_of_a_case_of_others_is_shown_anywhere(app, sample, browser_as, login):
    browser = browser_as(login)
    for others in (False, True):
        for endpoint, address in addresses(app, sample, others=others):
            if endpoint.startswith("admin.log"):
                continue  # the chain names records by number; it is the administrator's own page
            answer = browser.get(address)
            if answer.mimetype in ("text/html", "application/json"):
                text = answer.get_data(as_text=True)
                assert not [secret for secret in OF_OTHERS if secret in text], address


@pytest.mark.parametrize("login", ["prosecutor", "clerk", "admin"])
def test_what_belongs_to_others_answers_like_what_does_not_exist(app, sample, browser_as, login):
    browser = browser_as(login)
    for address in (
        f"/ho-so/{sample.other_case_id}", f"/tai-lieu/{sample.other_document_id}",
        f"/anh/{sample.other_page_id}/nho.jpg", f"/tai-lieu/trang/{sample.other_page_id}/chu",
        f"/so-sanh/{sample.other_document_id}/{sample.other_document_id}",
    ):
        assert browser.get(address).status_code == 404, address


@pytest.mark.parametrize("login", ["prosecutor", "clerk", "admin", "enforcer"])
def test_nothing_of_a_case_of_others_can_be_changed(app, sample, browser_as, database, login):
    app.testing = False
    browser = browser_as(login)
    with database.read() as session:
        before = audit.head(session)
    adapter = app.url_map.bind("localhost")
    tried = 0
    for rule in app.url_map.iter_rules():
        changing = (rule.methods or set()) - READING_METHODS
        if not changing or not {"case_id", "document_id", "page_id"} & set(rule.arguments):
            continue
        address = adapter.build(rule.endpoint, values_for(rule, sample, others=True), method=next(iter(changing)))
        answer = browser.post(address, {"name": "x", "number": "1/2024", "reason": "x", "text": "x"})
        assert 400 <= answer.status_code < 500, (address, answer.status_code)
        tried += 1
    assert tried > 15
    with database.read() as session:
        assert audit.head(session) == before


def test_nothing_of_a_halted_batch_is_shown_to_anybody(app, sample, browser_as):
    for login in ("clerk", "prosecutor", "leader", "admin"):
        browser = browser_as(login)
        for address in (f"/anh/{sample.halted_page_id}/nho.jpg", f"/tai-lieu/trang/{sample.halted_page_id}/chu",
                        f"/nhan-ban-quet/dot/{sample.halted_batch_id}"):
            assert browser.get(address).status_code == 404, (login, address)


def test_only_the_secrecy_officer_sees_that_a_batch_was_halted(sample, browser_as):
    assert "Đợt bị dừng" in browser_as("leader").get("/nhan-ban-quet/bao-mat").get_data(as_text=True)
    for login in ("clerk", "prosecutor", "admin"):
        assert browser_as(login).get("/nhan-ban-quet/bao-mat").status_code == 403


def test_pages_hold_no_inline_script_or_style(app, sample, browser_as):
    script = r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")"
    inline = re.compile(script + r"|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    browser = browser_as("leader")
    for _endpoint, address in addresses(app, sample):
        answer = browser.get(address)
        if answer.mimetype == "text/html":
            assert not inline.search(answer.get_data(as_text=True)), address
