"""``archive ocr-preview``: what the recogniser saw of a page, and why it was treated that way."""

from pathlib import Path

import click

from archive_svc.cli_common import data_option, json_option, open_archive, print_json
from archive_svc.speech import say
from config.errors import NotFound
from config.settings import Settings, load_settings
from ingest.recognise.options import STEPS, TREATMENTS, ReadOptions
from ingest.recognise.preview import PageImage, describe, draw, page_image
from ingest.recognise.reader import look
from storage import audit
from storage.access import require_page
from storage.vault import Vault


@click.command()
@click.argument("page")
@click.option("--number", type=click.IntRange(1), default=1, show_default=True, help="page of the file PAGE")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), default=None, help="PNG to write")
@click.option("--without", multiple=True, type=click.Choice([*TREATMENTS, *STEPS]), help="leave a step out")
@data_option
@json_option
def command(
    page: str, number: int, output: Path | None, without: tuple[str, ...], data: Path | None, as_json: bool
) -> None:
    """Read PAGE (a page's number in the archive, or an image or PDF file) and show the page as the recogniser saw it.

    The picture written has the page as scanned on the left; on the right what the recogniser saw, each word framed
    green to red by how sure it is, with stamps, corner number and handwriting framed blue.
    """
    if page.isdigit() and not Path(page).exists():
        image, settings, name = _from_archive(int(page), data)
    else:
        path = Path(page)
        if not path.is_file():
            raise NotFound(what=str(path))
        settings = load_settings(data)
        image, name = page_image(path, number, settings.max_page_megapixels), f"{path.stem}-{number}"
    options = ReadOptions.from_settings(settings, dpi=image.dpi).without(*without)
    seen = look(image.data, options)
    target = output or Path(f"{name}-ocr-preview.png")
    draw(seen).save(target)
    if as_json:
        print_json({"picture": str(target), **describe(seen)})
        return
    for line in describe(seen)["notes"]:
        click.echo(f"  {line}")
    words, sure = len(seen.reading.words), f"{seen.reading.confidence:.2f}"
    say(f"độ chắc {sure}, {words} từ → {target}", f"confidence {sure}, {words} words → {target}")


def _from_archive(page_id: int, data: Path | None) -> tuple[PageImage, Settings, str]:
    with open_archive(data) as archive:
        with archive.database.write() as session:
            page = require_page(session, archive.actor, page_id)
            audit.record(session, archive.actor.name, "page.read_again", f"page:{page.id}")
            sha256, number = page.scan.sha256, page.number
        if sha256 is None:
            raise NotFound(what=f"trang {page_id}")
        path = Vault(archive.settings.vault_folder).path(sha256)
        return page_image(path, number, archive.settings.max_page_megapixels), archive.settings, f"page-{page_id}"
