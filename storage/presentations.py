"""Presentations (bài trình chiếu): making them, their situations and cues, and putting these in order.

Only a draft may be changed. Each operation audits itself in the caller's transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import document_types
from config import folders as folder_data
from config.errors import ArchiveError, Invalid, NotFound
from config.presentation_purposes import RULES, purposes
from storage import audit
from storage.access import Actor, require_case
from storage.models.base import now
from storage.models.cases import Case, Right
from storage.models.documents import DocumentPage
from storage.models.presentation import (
    BroughtPicture,
    Cue,
    CueKind,
    CuePane,
    MarkType,
    Presentation,
    PresentationState,
    Situation,
)
from storage.vietnamese import nfc

FIRST_SITUATION = "Trình tự chính"
MAX_CUES = 400
MAX_MARKS = 60
_LONGEST_NAME = 200
_LONGEST_TEXT = 20_000

Box = list[float]


class PresentationLocked(ArchiveError):
    """A locked presentation does not change: what was checked is what is shown."""

    code = "PRESENTATION-LOCKED"
    vi = "Bài trình chiếu {what} đã khóa cho phiên tòa nên không sửa được. Chưa có gì thay đổi. Hãy mở khóa rồi sửa."
    en = "Presentation {what} is locked for the hearing. Nothing was changed. Unlock it first."
    status = 409


def create(session: Session, actor: Actor, case: Case, *, name: str, purpose: str) -> Presentation:
    """Make an empty draft with one situation and the rules its purpose begins with.

    :raises Invalid: no name, or an unknown purpose.
    """
    require_case(session, actor, case.id, Right.WRITE)
    if purpose not in purposes():
        raise Invalid(what=f"mục đích {purpose}", why="không có trong danh mục")
    chosen = purposes()[purpose]
    kinds = {folder.code for folder in case.folders}
    if case.kind in folder_data.case_kinds():
        kinds |= {folder.code for folder in folder_data.taxonomy(case.kind)}
    presentation = Presentation(
        case_id=case.id, name=_name(name), purpose=purpose, minutes=chosen.minutes, created_by_id=actor.user_id,
        folder_rules={code: chosen.folder_rule(code) for code in sorted(kinds)},
        type_rules={
            code: rule for code, rule in chosen.type_exceptions.items()
            if case.kind in document_types.document_types()[code].case_kinds
        },
        situations=[Situation(position=0, title=FIRST_SITUATION)],
    )
    session.add(presentation)
    session.flush()
    _record(session, actor, presentation, "created", {"name": presentation.name, "purpose": purpose})
    return presentation


def require(session: Session, actor: Actor, presentation_id: int, right: Right = Right.READ) -> Presentation:
    """The presentation, under the rights of its case.

    :raises NotFound: it does not exist, or its case may not be read.
    """
    presentation = session.get(Presentation, presentation_id)
    if presentation is None:
        raise NotFound(what=f"bài trình chiếu {presentation_id}")
    try:
        require_case(session, actor, presentation.case_id, right)
    except NotFound:
        raise NotFound(what=f"bài trình chiếu {presentation_id}") from None
    return presentation


def require_draft(session: Session, actor: Actor, presentation_id: int) -> Presentation:
    """The presentation, to be changed.

    :raises PresentationLocked: it is locked or closed.
    """
    presentation = require(session, actor, presentation_id, Right.WRITE)
    if not presentation.is_draft:
        raise PresentationLocked(what=presentation.name)
    return presentation


def of_case(session: Session, case_id: int) -> list[Presentation]:
    """All presentations of a case, newest first."""
    rows = select(Presentation).where(Presentation.case_id == case_id).order_by(Presentation.id.desc())
    return list(session.scalars(rows))


def current_draft(session: Session, actor: Actor, case: Case) -> Presentation:
    """The draft last worked on in a case; a new one for the trial when there is none."""
    found = session.scalar(
        select(Presentation)
        .where(Presentation.case_id == case.id, Presentation.state == PresentationState.DRAFT)
        .order_by(Presentation.changed_at.desc(), Presentation.id.desc())
        .limit(1)
    )
    return found or create(session, actor, case, name=f"Trình chiếu {case.name}"[:_LONGEST_NAME], purpose="phien_toa")


def edit(session: Session, actor: Actor, presentation: Presentation, *, name: str, minutes: int) -> None:
    """Rename a draft or change its time limit in minutes (1 to 240)."""
    if not 1 <= minutes <= 240:
        raise Invalid(what="thời gian trình bày", why="từ 1 đến 240 phút")
    before = {"name": presentation.name, "minutes": presentation.minutes}
    presentation.name, presentation.minutes = _name(name), minutes
    _record(session, actor, presentation, "edited", {"before": before, "after": {"name": presentation.name,
                                                                                 "minutes": minutes}})


def set_rules(
    session: Session, actor: Actor, presentation: Presentation, *, folders: Mapping[str, str], types: Mapping[str, str]
) -> None:
    """Decide which folders and types of documents may be shown.

    :raises Invalid: a rule that is none of allow, ask, never, or a code the presentation does not know.
    """
    for rules, known in ((folders, presentation.folder_rules), (types, presentation.type_rules)):
        for code, rule in rules.items():
            if rule not in RULES or code not in known:
                raise Invalid(what=f"quy tắc {code}", why=f"{rule} không hợp lệ")
    before = {"folders": presentation.folder_rules, "types": presentation.type_rules}
    presentation.folder_rules = {**presentation.folder_rules, **folders}
    presentation.type_rules = {**presentation.type_rules, **types}
    after = {"folders": dict(folders), "types": dict(types)}
    _record(session, actor, presentation, "rules-set", {"before": before, "after": after})


def remove(session: Session, actor: Actor, presentation: Presentation) -> None:
    """Delete a draft that was never shown; one with a log of what was shown stays."""
    _record(session, actor, presentation, "removed", {"name": presentation.name})
    session.delete(presentation)
    session.flush()


def add_situation(session: Session, actor: Actor, presentation: Presentation, title: str) -> Situation:
    """Add a foreseen situation at the end."""
    situation = Situation(position=len(presentation.situations), title=_name(title))
    presentation.situations.append(situation)
    session.flush()
    _record(session, actor, presentation, "situation-added", {"situation": situation.id, "title": situation.title})
    return situation


def edit_situation(session: Session, actor: Actor, situation: Situation, *, title: str, notes: str) -> None:
    """Change the title and the private notes of a situation."""
    situation.title, situation.notes = _name(title), _text(notes)
    _record(session, actor, situation.presentation, "situation-edited", {"situation": situation.id})


def remove_situation(session: Session, actor: Actor, situation: Situation) -> None:
    """Remove a situation with its cues; the last one stays.

    :raises Invalid: it is the only one.
    """
    presentation = situation.presentation
    if len(presentation.situations) == 1:
        raise Invalid(what="tình huống", why="bài trình chiếu cần ít nhất một tình huống")
    _record(session, actor, presentation, "situation-removed",
            {"situation": situation.id, "title": situation.title, "cues": len(situation.cues)})
    presentation.situations.remove(situation)
    _number(presentation.situations)
    session.flush()


def move_situation(session: Session, actor: Actor, situation: Situation, position: int) -> None:
    """Put a situation at a place (0 is first)."""
    _place(situation.presentation.situations, situation, position)
    session.flush()
    _record(session, actor, situation.presentation, "situation-moved",
            {"situation": situation.id, "position": situation.position})


def add_cue(
    session: Session, actor: Actor, situation: Situation, *, kind: CueKind, panes: Sequence[Mapping[str, Any]] = (),
    position: int | None = None, **values: Any,
) -> Cue:
    """Add a cue to a situation.

    :param panes: for a picture one, for a pair two mappings with ``page_id`` or ``picture_id``, ``region``, ``marks``.
    :param values: caption, question, notes, text_title, text_body, scan_id, clip_start, clip_end.
    :raises Invalid: panes that do not fit the kind, or a box outside the page.
    """
    presentation = situation.presentation
    if len(presentation.cues) >= MAX_CUES:
        raise Invalid(what="mục chiếu", why=f"một bài có nhiều nhất {MAX_CUES} mục")
    needed = {CueKind.PICTURE: 1, CueKind.PAIR: 2}.get(kind, 0)
    if len(panes) != needed:
        raise Invalid(what="mục chiếu", why=f"cần {needed} hình, có {len(panes)}")
    _check_case(session, presentation, panes)
    cue = Cue(position=len(situation.cues), kind=kind, panes=[_pane(at, pane) for at, pane in enumerate(panes)])
    _fill(cue, values)
    situation.cues.append(cue)
    if position is not None:
        _place(situation.cues, cue, position)
    session.flush()
    _record(session, actor, presentation, "cue-added", {"cue": cue.id, "kind": kind,
                                                        "pages": [pane.page_id for pane in cue.panes]})
    return cue


def edit_cue(session: Session, actor: Actor, cue: Cue, values: Mapping[str, Any]) -> None:
    """Change the words of a cue or the part of its recording."""
    _fill(cue, values)
    session.flush()
    _record(session, actor, cue.situation.presentation, "cue-edited", {"cue": cue.id, "fields": sorted(values)})


def mark_pane(session: Session, actor: Actor, pane: CuePane, *, region: Box | None, marks: Iterable[Any]) -> None:
    """Set which part of a picture is shown and what is laid over it.

    :raises Invalid: a box that is not inside the page, an unknown mark, or too many of them.
    """
    pane.region, pane.marks = check_box(region), check_marks(marks)
    if pane.cue.minor_allowed_by_id and not any(mark["type"] == MarkType.REDACTION for mark in pane.marks):
        pane.cue.minor_allowed_by_id = None  # what was allowed had another covering
    session.flush()
    _record(session, actor, pane.cue.situation.presentation, "cue-marked",
            {"cue": pane.cue_id, "region": pane.region, "marks": pane.marks})


def allow_cue(session: Session, actor: Actor, cue: Cue, *, folder: bool, minor: bool) -> None:
    """A person's decision that a cue may be shown although its folder asks first, or a minor is named on it."""
    cue.allowed_by_id = actor.user_id if folder else None
    cue.minor_allowed_by_id = actor.user_id if minor else None
    detail = {"cue": cue.id, "folder": folder, "minor": minor}
    _record(session, actor, cue.situation.presentation, "cue-allowed", detail)


def move_cue(session: Session, actor: Actor, cue: Cue, situation: Situation, position: int) -> None:
    """Put a cue at a place of a situation (0 is first), also of another one of the same presentation.

    :raises Invalid: the situation belongs to another presentation.
    """
    if situation.presentation_id != cue.situation.presentation_id:
        raise Invalid(what="tình huống", why="thuộc bài trình chiếu khác")
    source = cue.situation
    if source is not situation:
        source.cues.remove(cue)
        situation.cues.append(cue)
        _number(source.cues)
    _place(situation.cues, cue, position)
    session.flush()
    _record(session, actor, situation.presentation, "cue-moved",
            {"cue": cue.id, "situation": situation.id, "position": cue.position})


def remove_cue(session: Session, actor: Actor, cue: Cue) -> None:
    """Take a cue out of its presentation."""
    situation = cue.situation
    _record(session, actor, situation.presentation, "cue-removed",
            {"cue": cue.id, "pages": [pane.page_id for pane in cue.panes], "caption": cue.caption})
    situation.cues.remove(cue)
    _number(situation.cues)
    session.flush()


def find_cue(presentation: Presentation, cue_id: int) -> Cue:
    """The cue of this presentation. Raises NotFound."""
    for cue in presentation.cues:
        if cue.id == cue_id:
            return cue
    raise NotFound(what=f"mục chiếu {cue_id}")


def find_situation(presentation: Presentation, situation_id: int) -> Situation:
    """The situation of this presentation. Raises NotFound."""
    for situation in presentation.situations:
        if situation.id == situation_id:
            return situation
    raise NotFound(what=f"tình huống {situation_id}")


def check_box(box: Any) -> Box | None:
    """A box inside the page, clipped to it; None stays None.

    :raises Invalid: it is no box.
    """
    if box is None:
        return None
    try:
        x, y, w, h = (float(value) for value in box)
    except (TypeError, ValueError):
        raise Invalid(what="vùng trên trang", why="cần bốn số") from None
    left, top, right, bottom = max(0.0, x), max(0.0, y), min(1.0, x + w), min(1.0, y + h)
    if not (right - left > 0.001 and bottom - top > 0.001):
        raise Invalid(what="vùng trên trang", why="nằm ngoài trang hoặc quá nhỏ")
    return [round(value, 5) for value in (left, top, right - left, bottom - top)]


def check_marks(marks: Iterable[Any]) -> list[Any]:
    """Marks with known types and good boxes. Raises Invalid."""
    checked = []
    for mark in marks:
        if not isinstance(mark, Mapping) or mark.get("type") not in set(MarkType):
            raise Invalid(what="dấu trên trang", why="không rõ loại")
        box = check_box(mark.get("box"))
        if box is None:
            raise Invalid(what="dấu trên trang", why="thiếu vùng")
        checked.append({"type": str(mark["type"]), "box": box})
    if len(checked) > MAX_MARKS:
        raise Invalid(what="dấu trên trang", why=f"nhiều nhất {MAX_MARKS} dấu")
    return checked


def touch(presentation: Presentation) -> None:
    """Note that the presentation was just worked on."""
    presentation.changed_at = now()


def _check_case(session: Session, presentation: Presentation, panes: Sequence[Mapping[str, Any]]) -> None:
    """Nothing of another case may get into a presentation, whoever may read it."""
    for pane in panes:
        page_id, picture_id = pane.get("page_id"), pane.get("picture_id")
        if page_id is not None:
            link = session.get(DocumentPage, page_id)
            if link is None or link.document.case_id != presentation.case_id:
                raise Invalid(what=f"trang {page_id}", why="không thuộc tài liệu nào của hồ sơ này")
        if picture_id is not None:
            picture = session.get(BroughtPicture, picture_id)
            if picture is None or picture.case_id != presentation.case_id:
                raise Invalid(what=f"hình {picture_id}", why="không thuộc hồ sơ này")


def _pane(position: int, values: Mapping[str, Any]) -> CuePane:
    if (values.get("page_id") is None) == (values.get("picture_id") is None):
        raise Invalid(what="mục chiếu", why="mỗi hình là một trang hoặc một hình đưa vào")
    return CuePane(
        position=position, page_id=values.get("page_id"), picture_id=values.get("picture_id"),
        region=check_box(values.get("region")), marks=check_marks(values.get("marks") or []),
    )


_TEXT_FIELDS = {"caption": _LONGEST_NAME, "question": 2000, "notes": _LONGEST_TEXT, "text_title": 300,
                "text_body": _LONGEST_TEXT}


def _fill(cue: Cue, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if key in _TEXT_FIELDS:
            setattr(cue, key, _text(value, _TEXT_FIELDS[key]))
        elif key in ("scan_id", "clip_start", "clip_end"):
            setattr(cue, key, value)
        else:
            raise Invalid(what=key, why="không phải phần của mục chiếu")
    start, end = cue.clip_start or 0.0, cue.clip_end
    if start < 0 or (end is not None and end <= start):
        raise Invalid(what="đoạn phát", why="lúc kết thúc phải sau lúc bắt đầu")
    if cue.kind == CueKind.CLIP and cue.scan_id is None:
        raise Invalid(what="đoạn phát", why="chưa chọn tệp ghi âm, ghi hình")
    if cue.kind == CueKind.TEXT and not (cue.text_title or cue.text_body):
        raise Invalid(what="đoạn chữ", why="chưa có chữ nào")


def _name(text: str) -> str:
    cleaned = _text(text, _LONGEST_NAME).strip()
    if not cleaned:
        raise Invalid(what="tên", why="chưa nhập")
    return cleaned


def _text(text: Any, longest: int = _LONGEST_TEXT) -> str:
    cleaned = nfc(str(text or "")).replace("\r\n", "\n").strip()
    if len(cleaned) > longest:
        raise Invalid(what="đoạn chữ", why=f"dài quá {longest} ký tự")
    return cleaned


def _place(items: list[Any], item: Any, position: int) -> None:
    items.remove(item)
    items.insert(min(max(position, 0), len(items)), item)
    _number(items)


def _number(items: Sequence[Any]) -> None:
    for position, item in enumerate(items):
        item.position = position


def _record(session: Session, actor: Actor, presentation: Presentation, verb: str, detail: dict[str, Any]) -> None:
    touch(presentation)
    audit.record(session, actor.name, f"presentation.{verb}", f"presentation:{presentation.id}", detail)
