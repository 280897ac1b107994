"""Which pages of a case a citation means."""

from storage.but_luc import ButLuc
from storage.citation_pages import cited_pages
from storage.models.scans import Page


def test_a_volume_is_no_hindrance_where_no_page_was_told_apart_by_volume():
    loose = [Page(but_luc="20"), Page(but_luc="21")]
    assert cited_pages(loose, (ButLuc(20), ButLuc(20)), "1") == loose[:1]
    bound = [Page(but_luc="20", but_luc_volume="1"), Page(but_luc="20", but_luc_volume="2"), Page(but_luc="20")]
    assert cited_pages(bound, (ButLuc(20), ButLuc(20)), "2") == bound[1:2]
    assert cited_pages(bound, (ButLuc(20), ButLuc(20))) == bound
