"""The home folder of a document: by its type and the kind of its case."""

from dataclasses import dataclass

from config import document_types, folders


@dataclass(frozen=True, slots=True)
class FolderChoice:
    """A folder of the taxonomy with confidence and reason; not ``sure`` where the type has no home in this kind."""

    code: str
    confidence: float
    reason: str
    sure: bool


def choose_folder(
    type_code: str | None, type_confidence: float, case_kind: str | None, told: str | None = None
) -> FolderChoice | None:
    """The folder; ``told`` is one named by an inbox folder or cover sheet. None when nothing at all is known."""
    if told is not None and told in folders.folders():
        return FolderChoice(told, 0.99, "theo tờ bìa hoặc thư mục quét", sure=True)
    kind = document_types.document_types().get(type_code or "")
    if kind is None:
        return (
            FolderChoice(folders.unclassified(case_kind).code, 0.1, "chưa rõ loại tài liệu", sure=False)
            if case_kind
            else None
        )
    code = kind.folder(case_kind)
    if code is None and case_kind is not None:
        return FolderChoice(
            folders.unclassified(case_kind).code,
            0.3,
            f"loại “{kind.name}” chưa có nhóm trong {folders.case_kind(case_kind).name}",
            sure=False,
        )
    if code is None:
        return None
    basis = f"loại “{kind.name}”" + ("" if case_kind else ", chưa rõ loại hồ sơ")
    one_home = len(set(kind.folders)) == 1
    confidence = type_confidence * (1.0 if case_kind or one_home else 0.8)
    fallback = folders.by_code(code).is_unclassified
    return FolderChoice(
        code, confidence, basis, sure=confidence >= 0.72 and not (fallback and type_code != "chung.cong_van")
    )
