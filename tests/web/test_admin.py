"""The administrator's look at the audit chain: words instead of codes, and what it can be narrowed to."""


def test_the_log_says_in_words_who_did_what(browser_as, sample):
    browser_as("prosecutor").get(f"/tai-lieu/{sample.document_ids[1]}")
    page = browser_as("admin").get("/quan-tri/nhat-ky").text
    assert ">xem tài liệu</td>" in page
    assert f">tài liệu {sample.document_ids[1]}</a>" in page
    assert ">máy tự làm</td>" in page
    assert ">user:" not in page


def test_the_log_is_narrowed_by_person_work_and_what_it_was_done_to(browser_as, sample):
    prosecutor, admin = browser_as("prosecutor"), browser_as("admin")
    for document_id in sample.document_ids[1:3]:
        prosecutor.get(f"/tai-lieu/{document_id}")
    named = "/quan-tri/nhat-ky?viec=documents&ai=thị hòa"
    assert admin.get(named).text.count(">xem tài liệu</td>") == 2
    assert ">đăng nhập</td>" not in admin.get(named).text
    assert admin.get("/quan-tri/nhat-ky?viec=user.logged_in").text.count(">đăng nhập</td>") == 2
    one = admin.get(f"/quan-tri/nhat-ky?doi-tuong=document:{sample.document_ids[1]}&viec=documents").text
    assert one.count(">xem tài liệu</td>") == 1
    assert f"Chỉ tài liệu {sample.document_ids[1]}" in one

