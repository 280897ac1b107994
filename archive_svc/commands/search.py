"""``archive search``: find pages from the command line, as the machine's operator."""

from datetime import datetime
from pathlib import Path

import click

from archive_svc.cli_common import data_option, json_option, open_archive, print_json
from archive_svc.speech import Said, say
from search.service import SearchAnswer, SearchRequest, search
from storage import audit
from storage.access import case_scope

_DATE = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("query")
@click.option("--case", default=None, help="any number of the case, or its id")
@click.option("--folder", default=None, help="code of the evidence folder")
@click.option("--type", "type_", default=None, help="code of the document type")
@click.option("--from", "from_", type=_DATE, default=None, help="documents dated from this day on")
@click.option("--to", type=_DATE, default=None, help="documents dated up to this day")
@click.option("--person", default=None, help="pages that name this person")
@click.option(
    "--sort", type=click.Choice(["relevance", "newest", "oldest", "order"]), default="relevance", show_default=True
)
@click.option("--exact", is_flag=True, help="marks of every word bind (Mận is not Mẫn)")
@click.option("--limit", type=click.IntRange(0), default=None, help="at most this many pages [default: all]")
@click.option("--offset", type=click.IntRange(0), default=0, show_default=True)
@data_option
@json_option
def command(
    query: str, case: str | None, folder: str | None, type_: str | None, from_: datetime | None, to: datetime | None,
    person: str | None, sort: str, exact: bool, limit: int | None, offset: int, data: Path | None, as_json: bool,
) -> None:
    """Find pages with the words of QUERY. Anything is a valid query; see docs/search.md for what it can say."""
    request = SearchRequest(
        query, case=case, folder=folder, type=type_, date_from=from_.date() if from_ else None,
        date_to=to.date() if to else None, person=person, sort=sort, exact=exact, limit=limit, offset=offset,  # type: ignore[arg-type]
    )
    with open_archive(data) as archive:
        with archive.database.read() as session:
            answer = search(session, archive.settings, case_scope(session, archive.actor), request)
        with archive.database.write() as session:
            detail = {"query": query[:300], "total": answer.total}
            audit.record(session, archive.actor.name, "search.made", "archive", detail)
    if as_json:
        print_json(answer.as_api())
    else:
        _print(answer)


def _print(answer: SearchAnswer) -> None:
    for hit in answer.hits:
        page = Said(f"trang {hit.scan_page}", f"p. {hit.scan_page}")
        place = f"BL {hit.but_luc}" if hit.but_luc else f"{hit.scan_name} {page}"
        click.echo(f"{hit.case_number or '–'} · {hit.title or '–'} · {place}\n    {hit.snippet}")
    if answer.tolerant:
        say("Không thấy đúng như đã gõ; các trang này có chữ gần giống.",
            "Nothing was found as typed; these pages have words like it.")
    if answer.suggestions:
        meant = " · ".join(answer.suggestions)
        say(f"Có phải muốn tìm: {meant}", f"Did you mean: {meant}")
    took = f"{answer.took_ms:.0f} ms"
    say(f"{answer.total} trang, tìm trong {took}", f"{answer.total} pages in {took}")
