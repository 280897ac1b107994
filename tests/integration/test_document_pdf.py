"""A document's PDF out of the searchable PDFs of the scans its pages lie in."""

import pikepdf

from ingest.document_pdf import PagePlace, write_document_pdf


def scan(path, sides):
    """A PDF whose pages are told apart by their width, with an output intent as PDF/A has."""
    pdf = pikepdf.new()
    for side in sides:
        pdf.add_blank_page(page_size=(side, 300))
    pdf.Root.OutputIntents = pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.OutputIntent)])
    pdf.save(path)
    return path


def test_pages_in_order_across_scans_labelled_by_but_luc(tmp_path):
    first, second = scan(tmp_path / "1.pdf", [101, 102, 103]), scan(tmp_path / "2.pdf", [201, 202])
    target = tmp_path / "out.pdf"
    places = [PagePlace(first, 3, "7"), PagePlace(second, 1, "8a"), PagePlace(first, 1, None)]
    write_document_pdf(places, target, title="Biên bản")
    with pikepdf.open(target) as pdf:
        assert [int(page.mediabox[2]) for page in pdf.pages] == [103, 201, 101]
        assert [page.label for page in pdf.pages] == ["BL 7", "BL 8a", "3"]
        assert "/OutputIntents" in pdf.Root
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "Biên bản"


def test_the_searchable_pdfs_stay_as_they_are(tmp_path):
    source = scan(tmp_path / "1.pdf", [101, 102])
    before = source.read_bytes()
    write_document_pdf([PagePlace(source, 2, None)], tmp_path / "out.pdf", title="x")
    assert source.read_bytes() == before
