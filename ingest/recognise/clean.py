"""The page as the recogniser should see it: ink colours out, paper flat and white, noise gone.

Each step runs only where a cheap measurement of the page asks for it, and says so in the notes. People never see this
image: it exists while a page is being read (and in ``archive ocr-preview``).
"""

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.recognise.dots import erase_dots
from ingest.recognise.levels import Counts, deviation, histogram, median, percentile
from ingest.recognise.options import ReadOptions
from ingest.recognise.pixels import Grey, Picture, Raster
from ingest.recognise.seals import without_seals
from ingest.recognise.white_print import without_white_print

cv2.setNumThreads(1)  # reader processes scale, not threads inside one

#: the paper is estimated on a page this many times smaller: far cheaper, and text vanishes by dilation
PAPER_SCALE = 8
#: max−min of a pixel's channels, above the paper's own tint, from which it counts as coloured ink
INK_CHROMA = 48
#: were more than this share of the ink coloured, the text itself is (carbon copies, blue print): keep it
COLOURED_TEXT_SHARE = 0.6
#: the thickest stroke taken for print when the paper is estimated, in millimetres
STROKES_MM = 4.5
DARKEST_PAPER = 40
#: the paper is white from this many standard deviations of its noise below its level
CLIP_SIGMAS = 1.6
#: white begins at this share of the way from the print's darkness to the paper
WHITE_POINT = 0.8
#: the same on a page of a few words, where the engine would take the paper's grain for ink and read for minutes
WHITE_POINT_SPARSE = 0.55
#: black ends at this share of the print's darkness
BLACK_POINT = 0.8
#: per cent of a page's pixels that are its darkest print; were they lighter than this, there is none
DARKEST_SHARE, FAINTEST_PRINT = 0.5, 215
#: on a page without print as dark as that, ink darker than this may yet be very faint print
PALEST_INK = 244
#: the same of a page that bears a few words only
SPARSE_SHARE = 0.05
#: what is lighter is paper
LIGHT = 160
#: paper noise (grey levels of 255) from which smoothing pays; below it costs sharpness
NOISY_PAPER = 5.0
#: share of pixels standing alone from which the page counts as speckled
SPECKLED = 0.0012
#: difference in grey levels that makes a lone pixel a speck
SPECK_CONTRAST = 60
_RING = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], np.uint8)


@dataclass(slots=True)
class Cleaned:
    """The cleaned page, what was measured and what was done (for the notes and the preview)."""

    grey: Grey
    dpi: int
    #: standard deviation of the paper after flattening, in grey levels
    noise: float = 0.0
    #: share of pixels that differ from all neighbours
    speckle: float = 0.0
    #: share of the page that is coloured ink
    coloured: float = 0.0
    #: share of the page that is dark
    ink: float = 0.0
    notes: list[str] = field(default_factory=list)


def clean(page: Raster, options: ReadOptions) -> Cleaned:
    """Clean one page for recognition. Pure: the same page and options give the same pixels."""
    result = Cleaned(grey=np.empty((0, 0), np.uint8), dpi=page.dpi)
    grey = _to_grey(page.pixels, options, result)
    if options.wants("white_print"):
        grey, grounds = without_white_print(grey, page.dpi)
        if grounds:
            result.notes.append(f"white print on dark grounds made dark: {grounds}")
    bilevel = _is_bilevel(grey)
    paper = None
    if options.wants("flatten") and not bilevel:
        grey, paper = _flattened(grey, page.dpi)
    if options.wants("denoise"):
        grey = _denoise(grey, bilevel, paper, result)
    if options.wants("stretch") and not bilevel:
        grey = _stretched(grey, result)
    if options.wants("seals") and page.pixels.ndim == 2 and not bilevel:
        grey, seals = without_seals(grey, page.dpi)
        if seals:
            result.notes.append(f"grey seals faded: {seals}")
    result.ink = float(np.count_nonzero(grey[::4, ::4] < 128)) / max(1, grey[::4, ::4].size)
    grey, leaders, inner = erase_dots(grey, page.dpi, options.wants("dedot"), options.wants("zero"))
    if leaders:
        result.notes.append(f"dotted leaders erased: {leaders} dots")
    if inner:
        result.notes.append(f"dots inside hollow letters erased: {inner}")
    result.grey = np.ascontiguousarray(grey)
    return result


def _to_grey(pixels: Picture, options: ReadOptions, result: Cleaned) -> Grey:
    if pixels.ndim == 2:
        return pixels
    if not options.wants("desaturate"):
        return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    red, green, blue = cv2.split(pixels)
    lightest = cv2.max(cv2.max(red, green), blue)
    chroma = cv2.subtract(lightest, cv2.min(cv2.min(red, green), blue))
    sample = (slice(None, None, 8), slice(None, None, 8))
    tint = int(np.median(chroma[sample]))
    paper = int(np.median(lightest[sample]))
    ink = chroma > tint + INK_CHROMA
    result.coloured = float(np.count_nonzero(ink[sample])) / ink[sample].size
    if result.coloured < 1e-5:
        return lightest
    dark = float(np.count_nonzero(lightest[sample] < paper * 0.55)) / ink[sample].size
    if result.coloured > COLOURED_TEXT_SHARE * (result.coloured + dark):
        result.notes.append("the text itself is coloured: colours kept")
        return cv2.min(cv2.min(red, green), blue)
    # the rim of a coloured stroke is a mix with the paper: take one pixel more
    mask = cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8))
    # black strokes under a stamp stay: they are dark in every channel
    mask[lightest < paper * 0.45] = 0
    lightest[mask > 0] = paper
    result.notes.append(f"coloured ink taken out ({result.coloured:.1%} of the page)")
    return lightest


def _is_bilevel(grey: Grey) -> bool:
    """Whether the page is black and white only (fax, bilevel scan); its paper needs no flattening."""
    sample = grey[::5, ::5]
    return float(np.count_nonzero((sample > 24) & (sample < 231))) / max(1, sample.size) < 0.005


def flatten(grey: Grey, dpi: int = 300) -> Grey:
    """Divide the page by its paper: shadows of folds and edges, grey and uneven paper become one white."""
    return _flattened(grey, dpi)[0]


def _flattened(grey: Grey, dpi: int) -> tuple[Grey, Grey | None]:
    """The flattened page, and its paper on the reduced scale."""
    height, width = grey.shape
    if min(height, width) < PAPER_SCALE * 4:
        return grey, None
    small = cv2.resize(grey, (width // PAPER_SCALE, height // PAPER_SCALE), interpolation=cv2.INTER_AREA)
    reach = max(3, round(STROKES_MM / 25.4 * dpi / PAPER_SCALE)) | 1
    # closing, not dilation: the edge of a fold's shadow must stay where it is
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    paper = cv2.medianBlur(paper, 5)
    # where the paper would be darker than this it is a picture or a black margin: do not amplify its noise
    paper = np.maximum(paper, DARKEST_PAPER)
    full = cv2.resize(cv2.GaussianBlur(paper, (0, 0), 1.5), (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(grey, full, scale=255), paper


def _denoise(grey: Grey, bilevel: bool, paper: Grey | None, result: Cleaned) -> Grey:
    """Take out specks and paper noise as far as the page has them."""
    dark, light_specks = _specks(grey)
    result.speckle = float(np.count_nonzero(dark) + np.count_nonzero(light_specks)) / max(1, dark.size)
    if result.speckle > SPECKLED:
        grey = despeckle(grey, dark | light_specks)
        result.notes.append(f"specks taken out ({result.speckle:.2%} of the pixels)")
    if bilevel:
        return grey
    sample = grey[::2, ::2] if grey.size > 4_000_000 else grey
    light = histogram(sample)
    light[: LIGHT + 1] = 0
    if not light.any():
        return grey
    level = median(light)
    result.noise = 1.4826 * deviation(light, level)
    if result.noise > NOISY_PAPER:
        grey = cv2.GaussianBlur(grey, (0, 0), 0.6)
        result.notes.append(f"paper noise smoothed (σ {result.noise:.1f})")
    depth = max(CLIP_SIGMAS * result.noise, 6.0)
    if paper is None or result.noise <= NOISY_PAPER:
        table = np.arange(256, dtype=np.uint8)
        table[int(level - depth) :] = 255
        return cv2.LUT(grey, table)
    # in a shadow the division has made the noise larger, in proportion: clip deeper there
    usual = float(np.median(paper))
    floor = np.clip(level - depth * (usual / paper.astype(np.float32)), 110, 255).astype(np.uint8)
    floor = cv2.resize(floor, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.where(grey >= floor, np.uint8(255), grey)


def _stretched(grey: Grey, result: Cleaned) -> Grey:
    """Faded print made black, and what is far paler than the print (the other side shining through) made white."""
    counts = histogram(grey[::3, ::3])
    sparse, darkest = percentile(counts, SPARSE_SHARE), percentile(counts, DARKEST_SHARE)
    white_point = WHITE_POINT
    if darkest > (sparse + 255) / 2:  # a page of a few words: most of the larger share is dirt
        darkest, white_point = sparse, WHITE_POINT_SPARSE
    if darkest > FAINTEST_PRINT:
        return grey  # nothing on the page is dark enough to be print
    print_level = _print_level(counts, darkest)
    white = print_level + white_point * (255 - print_level)
    if print_level < 70 and white > 236:
        return grey
    if print_level > 90:
        result.notes.append(f"faded print darkened (from {print_level:.0f})")
    return _between(grey, print_level * BLACK_POINT, white)


def darkened(page: Cleaned) -> Cleaned | None:
    """A page on which there seemed to be no print, with its palest ink made black; None where it has none."""
    counts = histogram(page.grey[::3, ::3])
    darkest = percentile(counts, DARKEST_SHARE)
    if not FAINTEST_PRINT < darkest < PALEST_INK:
        return None
    level = _print_level(counts, darkest)
    grey = _between(page.grey, darkest, level + WHITE_POINT * (255 - level))
    return replace(page, grey=grey, notes=[*page.notes, f"very faint print darkened (from {level:.0f})"])


def _print_level(counts: Counts, darkest: float) -> float:
    """The level of what is nearer to the darkest ink than to the paper."""
    inked = np.where(np.arange(256) < (darkest + 255) / 2, counts, 0.0)
    return median(inked)


def _between(grey: Grey, black: float, white: float) -> Grey:
    """Levels spread so that these two become black and white."""
    steps = np.arange(256, dtype=np.float32)
    table = np.clip((steps - black) * (255.0 / (white - black)), 0, 255).astype(np.uint8)
    return cv2.LUT(grey, table)


def _specks(grey: Grey) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Pixels that are much darker, or much lighter, than all eight around them."""
    darkest = cv2.erode(grey, _RING)
    lightest = cv2.dilate(grey, _RING)
    return cv2.subtract(darkest, grey) > SPECK_CONTRAST, cv2.subtract(grey, lightest) > SPECK_CONTRAST


def despeckle(grey: Grey, specks: NDArray[np.bool_]) -> Grey:
    """Replace single specks (dark or light) by the median around them; strokes stay as they are."""
    around = cv2.medianBlur(grey, 3)
    result = grey.copy()
    result[specks] = around[specks]
    return result
