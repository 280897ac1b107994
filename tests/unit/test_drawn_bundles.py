"""Bundles drawn for judging: their papers are of known kinds, and the truth holds every page that belongs to one."""

import pytest

from bench.drawn_bundles import cases, draw
from bench.drawn_papers import Paper
from config import document_types


@pytest.mark.parametrize("name", cases())
def test_papers_are_of_known_kinds_with_letterheads_of_their_case(name):
    case = cases()[name]
    for paper in (Paper(**entry) for entry in case["papers"]):
        assert paper.type in document_types.document_types()
        assert not paper.head or paper.head in case["heads"]


def test_the_truth_of_a_drawn_bundle_holds_each_page_once(monkeypatch):
    monkeypatch.setattr("bench.drawn_bundles.scanned", lambda image, *_: (image.resize((84, 118)), 10))  # wear is slow
    case = cases()["thads"]
    few = {**case, "papers": [paper for paper in case["papers"] if paper["layout"] in {"card", "slip"}]}
    bundle, _ = draw(few, 3)
    held = [number for d in bundle.documents for number in range(d["first_page"], d["last_page"] + 1)]
    loose = [n for n, page in enumerate(bundle.pages, 1) if page["kind"] in {"cover", "toc", "blank"}]
    assert sorted(held + loose) == list(range(1, len(bundle.images) + 1))
    assert [d["type_code"] for d in bundle.documents] == ["ds.gcn_qsdd", "tha.phieu_thu_chi"]
