"""Statements per person: parties first, then by given name, each person's in time order."""

from datetime import date

from storage.document_list import statements
from storage.models.cases import CaseParty
from storage.models.documents import Document, DocumentPerson
from storage.models.scans import Batch
from storage.vietnamese import name_key


def test_parties_stand_first_then_given_names_and_each_in_time_order(session, make_user, make_case):
    owner = make_user(session, "hoa")
    case = make_case(session, "45/2024/HSST")
    case.parties = [CaseParty(name="Trần Văn Mẫu", key=name_key("Trần Văn Mẫu"), role="bị can")]
    batch = Batch(name="đợt 1", owner_id=owner.id, case_id=case.id, source="web")
    session.add(batch)
    session.flush()
    said = [("Lê Thị Yến", 5, "9"), ("Trần Văn Mẫu", 7, "4"), ("Đỗ Văn An", 6, "3"), (None, 1, "2"),
            ("Trần Văn Mẫu", 3, "8"), ("Trần Văn Mẫu", 7, "1")]  # fmt: skip
    for name, day, number in said:
        document = Document(batch_id=batch.id, case_id=case.id, type_code="hs.bb_ghi_loi_khai", title=number,
                            date=date(2024, 1, day), but_luc_first=number, position=int(number))  # fmt: skip
        if name:
            document.persons = [DocumentPerson(name=name, key=name_key(name), role="", confidence=1.0)]
        session.add(document)
    session.flush()
    found = statements(session, case)
    assert list(found) == ["Trần Văn Mẫu", "Đỗ Văn An", "Lê Thị Yến", ""]
    assert [one.document.title for one in found["Trần Văn Mẫu"]] == ["8", "1", "4"]
