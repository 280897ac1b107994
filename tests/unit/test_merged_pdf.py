"""A merged PDF opens each document by its bookmark and shows bút lục as page labels."""

from pathlib import Path

import pikepdf

from ingest.document_pdf import PagePlace, write_document_pdf


def test_bookmarks_and_labels(tmp_path: Path) -> None:
    for name, pages in (("a", 2), ("b", 1)):
        with pikepdf.new() as pdf:
            for _ in range(pages):
                pdf.add_blank_page(page_size=(595, 842))
            pdf.save(tmp_path / f"{name}.pdf")
    places = [PagePlace(tmp_path / "a.pdf", 1, "45"), PagePlace(tmp_path / "a.pdf", 2, "46"),
              PagePlace(tmp_path / "b.pdf", 1, None)]
    target = tmp_path / "all.pdf"
    write_document_pdf(places, target, title="Vụ án", bookmarks=[("BL 45–46 Cáo trạng", 0), ("Bản án", 2)])
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == 3
        assert [pdf.pages[n].label for n in range(3)] == ["BL 45", "BL 46", "3"]
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["BL 45–46 Cáo trạng", "Bản án"]
            assert pdf.pages.index(pikepdf.Page(outline.root[1].destination[0])) == 2
