"""Who goes first. Lower goes first; a page's number in its scan decides, so short scans overtake long ones.

Page 1 of everything comes before page 2 of anything: one page dropped while 300 are being read waits for the pages in
hand and no more. Of the scans of one batch each begins a page later than those before it that are still being read, so
that 300 files of a page each take turns with others as 300 pages of one file do, yet a page dropped into the folder
from which a long scan came does not wait for that scan's end.

Pictures follow reading, two hundred pages behind: a scan is searchable sooner, a page that lies turned has its pictures
made once, a secret one never. Whoever looks at a page before that has its picture made at once, by the web server.
"""

#: how many pages pictures are made behind reading
_PICTURES_BEHIND = 200
#: cutting a batch into documents comes before reading further pages: it is quick, and people wait for it
CUTTING = 1
#: searchable PDFs are made when nothing else is to be done
ASSEMBLING = 10_000_000
_READING_ANEW = 20_000_000

#: pages per render job: few enough that a worker killed in the middle repeats little
PAGES_PER_RENDER = 8


def picture(ordinal: int) -> int:
    """Priority of making the pictures of a page.

    :param ordinal: its number, from 1, and the scans of its batch that are read before it.
    """
    return reading(ordinal) + _PICTURES_BEHIND


def reading(ordinal: int) -> int:
    """Priority of reading that page; ``ordinal`` as for its pictures."""
    return ordinal + CUTTING


def reading_anew(rank: int) -> int:
    """Priority of reading once more the page that is ``rank``-th (from 1) among those read long ago."""
    return _READING_ANEW + rank
