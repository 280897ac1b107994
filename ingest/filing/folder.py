"""The home folder of a document: by its type and the kind of its case."""

from dataclasses import dataclass

from config import document_types, folders

#: a folder is stood by from this confidence on
SURE_FOLDER = 0.72
LETTER, AT_ISSUE = "chung.cong_van", "hc.qd_hanh_chinh"


@dataclass(frozen=True, slots=True)
class FolderChoice:
    """A folder of the taxonomy with confidence and reason; not ``sure`` where the type has no home in this kind."""

    code: str
    confidence: float
    reason: str
    sure: bool


def choose_folder(
    type_code: str | None, type_confidence: float, case_kind: str | None, told: str | None = None,
    kind_confidence: float = 1.0,
) -> FolderChoice | None:  # fmt: skip
    """The folder; ``told`` by an inbox folder or cover sheet; ``kind_confidence`` is that of the kind of case.

    None when nothing at all is known.
    """
    if told is not None and told in folders.folders():
        return FolderChoice(told, 0.99, "theo tờ bìa hoặc thư mục quét", sure=True)
    kind = document_types.document_types().get(type_code or "")
    if kind is None:
        unsorted = folders.unclassified(case_kind).code if case_kind else None
        return FolderChoice(unsorted, 0.1, "chưa rõ loại tài liệu", sure=False) if unsorted else None
    code = kind.folder(case_kind)
    if code is None and case_kind is not None:
        why = f"loại “{kind.name}” chưa có nhóm trong {folders.case_kind(case_kind).name}"
        return FolderChoice(folders.unclassified(case_kind).code, 0.3, why, sure=False)
    if code is None:
        return None
    basis = f"loại “{kind.name}”" + ("" if case_kind else ", chưa rõ loại hồ sơ")
    one_home = len(set(kind.folders)) == 1
    confidence = type_confidence * (1.0 if one_home else kind_confidence)
    fallback = type_code in document_types.FALLBACKS - {LETTER, AT_ISSUE}
    return FolderChoice(code, confidence, basis, sure=confidence >= SURE_FOLDER and not fallback)
