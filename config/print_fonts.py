"""Printed sheets: a font with Vietnamese letters for reportlab, found on the machine."""

from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from config.errors import EXIT_UNABLE, ArchiveError

REGULAR, BOLD = "Paper", "Paper-Bold"
_PLACES = (
    ("/usr/share/fonts/truetype/liberation2", "LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf"),
    ("/usr/share/fonts/truetype/liberation", "LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf"),
    ("C:/Windows/Fonts", "times.ttf", "timesbd.ttf"),
    ("/usr/share/fonts/truetype/dejavu", "DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"),
)
#: a letter no font has by chance
_VIETNAMESE = ord("ế")


class NoPrintFont(ArchiveError):
    """No font with Vietnamese letters was found on the machine."""

    code = "PRINT-FONT"
    vi = "Máy chủ chưa có phông chữ tiếng Việt để in. Hồ sơ không thay đổi. Hãy cài gói fonts-liberation2 rồi in lại."
    en = "The server has no font with Vietnamese letters. Nothing changed. Install fonts-liberation2 and print again."
    exit_code = EXIT_UNABLE
    status = 503


@lru_cache(maxsize=1)
def fonts() -> tuple[str, str]:
    """Names of the regular and bold font, registered with reportlab. Raises NoPrintFont."""
    for folder, regular, bold in _PLACES:
        if (Path(folder) / regular).is_file() and (Path(folder) / bold).is_file():
            found = TTFont(REGULAR, str(Path(folder) / regular)), TTFont(BOLD, str(Path(folder) / bold))
            if not all(_VIETNAMESE in font.face.charToGlyph for font in found):
                continue  # Debian's older Liberation fonts have no Vietnamese letters
            for font in found:
                pdfmetrics.registerFont(font)
            pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
            return REGULAR, BOLD
    raise NoPrintFont
