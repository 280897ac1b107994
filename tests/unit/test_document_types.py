"""The field's data files are whole, and mistakes in them are named."""

import unicodedata

import pytest

from config import data_entries, document_types, folders
from config.errors import DataFileError


def test_every_kind_of_case_has_a_taxonomy_that_ends_with_unclassified() -> None:
    assert list(folders.case_kinds()) == ["hinh_su", "nguon_tin", "dan_su", "hanh_chinh", "thads", "bpxlhc"]
    assert len(folders.folders()) == 87
    for kind in folders.case_kinds():
        codes = [folder.code for folder in folders.taxonomy(kind)]
        assert codes[0].endswith("00")
        assert codes[-1].endswith("99")
        assert folders.unclassified(kind).code == codes[-1]


def test_folder_codes_are_found_and_unknown_ones_are_key_errors() -> None:
    assert folders.by_code("HS07").presentable
    assert folders.by_code("HS20").internal
    with pytest.raises(KeyError):
        folders.by_code("HS77")
    with pytest.raises(KeyError):
        folders.taxonomy("thue")


def test_all_types_are_there_and_each_has_a_home_in_its_kinds_of_case() -> None:
    types = document_types.document_types()
    assert len(types) == 246
    for kind in types.values():
        for case_kind in kind.case_kinds:
            code = kind.folder(case_kind)
            assert code is not None
            assert folders.by_code(code).case_kind == case_kind
        assert unicodedata.is_normalized("NFC", kind.title + kind.name + "".join(kind.wordings))


def test_number_patterns_match_their_own_examples() -> None:
    for pattern in document_types.number_patterns().values():
        assert pattern.expression.search(pattern.examples[0]), pattern.code


def test_a_decision_of_the_investigators_is_described_as_the_form_is() -> None:
    kind = document_types.by_code("hs.qd_khoi_to_bi_can")
    assert kind.name == "Quyết định khởi tố bị can"
    assert kind.folder("hinh_su") == "HS02"
    assert kind.folder("thads") is None
    assert kind.has_number
    assert document_types.name_of(None) == "Chưa rõ loại"


def test_a_mistake_in_a_data_file_names_file_and_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"schema_version": 1, "case_kind": [{"code": "x", "nmae": "y"}]}
    monkeypatch.setattr(data_entries, "load", lambda name: wrong)
    folders.case_kinds.cache_clear()
    try:
        with pytest.raises(DataFileError, match=r"folders\.toml.*case_kind\[x\]\.nmae"):
            folders.case_kinds()
    finally:
        folders.case_kinds.cache_clear()
