"""An exported case is a valid bag that holds this case and nothing of another."""

import json
from pathlib import Path

import bagit
import pytest
from sqlalchemy import select

from archive_svc.export import ExportTarget, export_case, safe_name
from config.errors import NotFound
from config.settings import Settings
from storage import documents
from storage.access import SERVICE, Actor
from storage.database import Database
from storage.models.cases import Case
from storage.models.documents import Document
from storage.models.records import AuditEvent
from storage.models.scans import Batch, SecretState
from storage.vault import Vault
from tests.sample_archive import Sample, build


@pytest.fixture
def sample(database: Database, settings: Settings) -> Sample:
    """A filled archive of two cases."""
    with database.write() as session:
        return build(session, settings)


@pytest.mark.tools
def test_bag_is_valid_and_complete(
    database: Database, settings: Settings, vault: Vault, sample: Sample, tmp_path: Path
) -> None:
    done = export_case(settings, database, vault, SERVICE, sample.case_id, tmp_path / "bag")
    assert bagit.Bag(str(tmp_path / "bag")).is_valid()
    record = json.loads((tmp_path / "bag/data/case.json").read_text("utf-8"))
    assert len(record["documents"]) == done.documents == len(list((tmp_path / "bag/data/text").iterdir()))
    assert all(page["file"] for document in record["documents"] for page in document["pages"])
    assert len(list((tmp_path / "bag/data/originals").iterdir())) == done.scans > 0
    assert len(list((tmp_path / "bag/data/documents").iterdir())) == done.documents
    with database.read() as session:
        assert session.scalar(select(AuditEvent.subject).where(AuditEvent.action == "case.exported"))


@pytest.mark.tools
def test_file_that_also_holds_another_case_stays_home(
    database: Database, settings: Settings, vault: Vault, sample: Sample, tmp_path: Path
) -> None:
    with database.write() as session:
        document = session.get_one(Document, sample.document_ids[0])
        documents.file_to_case(session, SERVICE, document, session.get_one(Case, sample.other_case_id))
    done = export_case(settings, database, vault, SERVICE, sample.case_id, tmp_path / "bag")
    assert done.left_out
    record = json.loads((tmp_path / "bag/data/case.json").read_text("utf-8"))
    assert sample.document_ids[0] not in [document["id"] for document in record["documents"]]


def test_halted_batch_is_left_out(
    database: Database, settings: Settings, vault: Vault, sample: Sample, tmp_path: Path
) -> None:
    with database.write() as session:
        for batch in session.scalars(select(Batch)):
            batch.secret_state = SecretState.HALTED
    done = export_case(settings, database, vault, SERVICE, sample.case_id, tmp_path / "bag")
    assert (done.scans, done.documents) == (0, 0)


def test_nobody_exports_what_he_may_not_read(
    database: Database, settings: Settings, vault: Vault, sample: Sample, tmp_path: Path
) -> None:
    stranger = Actor("user:la", user_id=10_000, role="prosecutor")
    with pytest.raises(NotFound):
        export_case(settings, database, vault, stranger, sample.case_id, tmp_path / "bag")
    assert list(tmp_path.glob("*bag*")) == []


def test_existing_folder_is_not_touched(
    database: Database, settings: Settings, vault: Vault, sample: Sample, tmp_path: Path
) -> None:
    (tmp_path / "bag").mkdir()
    with pytest.raises(ExportTarget):
        export_case(settings, database, vault, SERVICE, sample.case_id, tmp_path / "bag")


@pytest.mark.parametrize(
    ("name", "safe"),
    [("../../etc/passwd", "etc-passwd"), ("a\x00b", "a-b"), ("  ", "khong-ten"), ("Biên bản", "Biên bản"),
     ("x" * 300, "x" * 100)],
)
def test_names_are_safe_everywhere(name: str, safe: str) -> None:
    assert safe_name(name) == safe
