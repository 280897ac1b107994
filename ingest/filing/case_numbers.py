"""Numbers of cases read in a batch: on its cover, after "thụ lý số". They propose a case, never make one."""

import re
from collections import Counter
from collections.abc import Sequence

from ingest.describe.flow import page_flow
from ingest.split.kinds import PageKind
from ingest.split.page import PageView
from storage.vietnamese import nfc, number_key

_CASE_NUMBER = re.compile(
    r"(?<![\w/])(\d{1,5})\s?[/⁄]\s?((?:19|20)\d{2})\s?[/⁄]\s?"
    r"((?:TL)?(?:ST|PT)?\s?[-–—]?\s?(?:HSST|HSPT|HSĐT|HS|DSST|DS|HNGĐ|KDTM|LĐ|HC|VDS)(?:\s?[-–—]?\s?(?:ST|PT))?)(?![\w])",
    re.IGNORECASE,
)
_ACCEPTED = re.compile(r"thu ly|vu an(?: hinh su| dan su)? so|ho so (?:vu an )?so|vu viec so")
#: how much a number counts by where it stands
ON_COVER, AFTER_ACCEPTED, ELSEWHERE = 6.0, 2.0, 0.4


def case_numbers(pages: Sequence[PageView], kinds: Sequence[PageKind]) -> list[tuple[str, float]]:
    """Case numbers as printed, most weighty first. Numbers of judgments (…/HS-ST after "Bản án số") count little."""
    weights: Counter[str] = Counter()
    printed: dict[str, str] = {}
    for page, kind in zip(pages, kinds, strict=True):
        if page.reading is None or kind.kind in {"blank", "document_list"}:
            continue
        flow = page_flow(page)
        for found in _CASE_NUMBER.finditer(nfc(flow.text).replace("Ð", "Đ").replace("⁄", "/")):
            before = flow.folded[max(0, found.start() - 40) : found.start()]
            if "ban an" in before[-24:] or "quyet dinh" in before[-24:]:
                continue
            weight = ON_COVER if kind.kind == "cover" else AFTER_ACCEPTED if _ACCEPTED.search(before) else ELSEWHERE
            text = re.sub(r"\s", "", found[0]).replace("⁄", "/").replace("–", "-").replace("—", "-")
            key = number_key(text)
            printed.setdefault(key, text)
            weights[key] += weight  # type: ignore[assignment]
    return [(printed[key], weight) for key, weight in weights.most_common()]
