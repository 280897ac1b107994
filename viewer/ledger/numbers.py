"""*Dãy số*: numbers of a book that are missing or stand twice, each with the rows beside it to jump to."""

from flask import render_template, request
from sqlalchemy import or_, select

from config.errors import Invalid
from ledger import numbering, query
from storage.models.ledger import LedgerEntry
from viewer.context import db
from viewer.ledger.common import blueprint, common_values, open_book, today


@blueprint.get("/<book>/day-so")
def number_faults(book: str) -> str:
    """Gaps and doubles of one numbering year, and imported numbers kept as they were written."""
    chosen, access = open_book(book)
    periods = query.periods(db(), chosen, access)
    period = request.args.get("nam") or numbering.period_of(chosen, today())
    if period not in periods and "nam" in request.args:
        raise Invalid(what="năm của sổ", why="không có dòng nào")
    faults = numbering.check_sequence(db(), chosen, period)
    beside = {n for gap in faults.gaps for n in (gap.before, gap.after) if n is not None}
    statement = select(LedgerEntry).where(
        LedgerEntry.book == chosen.id,
        LedgerEntry.period == period,
        access.rows(),
        or_(LedgerEntry.number.in_(beside), LedgerEntry.number_text.in_(faults.doubles)),
    )
    rows = list(db().scalars(statement.order_by(LedgerEntry.number, LedgerEntry.id)))
    by_number = {row.number: row for row in reversed(rows)}
    return render_template(
        "ledger/numbers.html",
        **common_values(chosen, access),
        periods=periods,
        period=period,
        faults=faults,
        by_number=by_number,
        doubles={text: [row for row in rows if row.number_text == text] for text in faults.doubles},
    )
