"""``archive reindex``: build the search index anew from the records, beside the one in use, then switch."""

from pathlib import Path

import click

from archive_svc.cli_common import data_option, json_option, open_archive, print_json
from archive_svc.speech import say
from search import writer
from search.folder import IndexBusy, IndexFolder
from storage import audit


@click.command()
@data_option
@json_option
@click.option("--engine", type=click.Choice(["whoosh", "tantivy"]), default=None, help="[default: as the settings say]")
def command(data: Path | None, as_json: bool, engine: str | None) -> None:
    """Build the search index anew. Searching goes on meanwhile. Beside a running service, the service does it."""
    with open_archive(data) as archive:
        folder = IndexFolder(archive.settings.index_folder)
        try:
            pages = writer.rebuild_now(archive.database, archive.settings, engine)  # type: ignore[arg-type]
            current = folder.current()
            done = {"pages": pages, "engine": current.engine if current else None, "by": "this command"}
        except IndexBusy:
            if engine is not None:  # the running service builds what its settings say
                raise
            with archive.database.write() as session:
                writer.request_rebuild(session)
            done = {"pages": None, "engine": None, "by": "the running service"}
        with archive.database.write() as session:
            audit.record(session, archive.actor.name, "index.rebuilt", "archive", done)
    if as_json:
        print_json(done)
    elif done["pages"] is None:
        say("Dịch vụ đang chạy sẽ lập lại phần tìm kiếm và tự chuyển sang khi xong.",
            "The running service will build the index anew and switch when it is ready.")
    else:
        say(f"Đã lập lại phần tìm kiếm cho {done['pages']} trang ({done['engine']}).",
            f"{done['pages']} pages indexed anew with {done['engine']}.")
