"""``archive review``: batches with something to look at, and vouching for what the machine is sure of."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_svc.cli_common import data_option, json_option, open_archive, print_json
from archive_svc.speech import Said, say
from config import document_types
from storage import review
from storage.access import Actor, case_scope, require_batch, visible_batches
from storage.models.documents import Document
from storage.models.scans import Batch


@click.command()
@click.argument("batch", type=int, required=False)
@click.option("--confirm-sure", is_flag=True, help="vouch for every document of BATCH the machine is sure of")
@data_option
@json_option
def command(batch: int | None, confirm_sure: bool, data: Path | None, as_json: bool) -> None:
    """List batches by doubts; with BATCH its documents, with --confirm-sure vouch for the sure ones."""
    if batch is None and confirm_sure:
        raise click.UsageError(str(Said("--confirm-sure cần số đợt quét", "--confirm-sure needs a batch")))
    with open_archive(data) as archive, archive.database.write() as session:
        rows = _batches(session, archive.actor) if batch is None else _documents(
            session, archive.actor, batch, confirm_sure=confirm_sure)  # fmt: skip
    if as_json:
        print_json({"batches" if batch is None else "documents": rows})
        return
    for row in rows:
        click.echo("  ".join("" if value is None else str(value) for value in row.values()))
    if not rows:
        say("Không còn gì để duyệt.", "nothing to review")


def _batches(session: Session, actor: Actor) -> list[dict[str, Any]]:
    asked = func.count(Document.id).filter(Document.needs_review.is_(True))
    rows = session.execute(
        select(Batch.id, Batch.name, func.count(Document.id), asked, func.count(Document.confirmed_at))
        .join(Document, Document.batch_id == Batch.id)
        .where(visible_batches(case_scope(session, actor))).group_by(Batch.id).order_by(asked.desc())
    ).all()  # fmt: skip
    return [dict(zip(("id", "name", "documents", "to_review", "confirmed"), row, strict=True)) for row in rows]


def _documents(session: Session, actor: Actor, batch_id: int, *, confirm_sure: bool) -> list[dict[str, Any]]:
    require_batch(session, actor, batch_id)
    held = select(Document).where(Document.batch_id == batch_id).order_by(Document.position)
    if confirm_sure:
        sure = [d.id for d in session.scalars(held) if d.state != "confirmed" and not d.needs_review]
        if sure:
            review.confirm(session, actor, batch_id, sure)
    return [_row(document) for document in session.scalars(held)]


def _row(document: Document) -> dict[str, Any]:
    return {
        "id": document.id, "type": document_types.name_of(document.type_code), "title": document.title,
        "number": document.number, "date": document.date.isoformat() if document.date else None,
        "pages": len(document.page_links), "state": document.state, "needs_review": document.needs_review,
    }  # fmt: skip
