"""Who goes first. Lower goes first; a page's number within its batch decides, so short scans overtake long ones.

Page 1 of everything comes before page 2 of anything: one page dropped while 300 are being read waits for the pages in
hand and no more. That first page is read before anything else: by the worker that opened the scan, whose reader is
warm by then. Otherwise pictures run ahead of reading by a fixed number of pages, so that people see pages long before
their words are known, yet the pictures of a very long scan do not hold up the words of a short one.
"""

#: how many pages pictures run ahead of reading
_PICTURES_AHEAD = 40
_CUTTING = 20
_ASSEMBLING = 10_000_000
_READING_ANEW = 20_000_000

#: pages per render job: few enough that a worker killed in the middle repeats little
PAGES_PER_RENDER = 8


def picture(ordinal: int) -> int:
    """Priority of making the pictures of the page that is ``ordinal`` (from 1) in its batch."""
    return ordinal + 1


def reading(ordinal: int) -> int:
    """Priority of reading that page."""
    return 1 if ordinal == 1 else ordinal + _PICTURES_AHEAD


def reading_anew(rank: int) -> int:
    """Priority of reading once more the page that is ``rank``-th (from 1) among those read long ago."""
    return _READING_ANEW + rank


#: cutting a batch into documents comes before reading further pages: it is quick, and people wait for it
CUTTING = _CUTTING
#: searchable PDFs are made when nothing else is to be done
ASSEMBLING = _ASSEMBLING
