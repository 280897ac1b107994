"""The public IIIF validator, run against our image routes on its own colour grid, with cross-origin headers on."""

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response
from PIL import Image, ImageDraw

from tests.server import Server
from viewer.blueprints.iiif import image_blueprint
from viewer.iiif.parameters import ImageRequest

GRID, CELL = 10, 100
IDENTIFIER = "67352ccc-d1b0-11e1-89ae-279075081939"


def colour_grid() -> Image.Image:
    """The validator's test image, drawn anew: ten by ten squares of the colours it has built in."""
    from iiif_validator.validator import ValidationInfo

    colours = ValidationInfo().colorInfo
    image = Image.new("RGB", (GRID * CELL, GRID * CELL))
    pen = ImageDraw.Draw(image)
    for x in range(GRID):
        for y in range(GRID):
            pen.rectangle((x * CELL, y * CELL, x * CELL + CELL - 1, y * CELL + CELL - 1), fill=colours[x][y])
    return image


class GridPictures:
    """One picture, kept in memory."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image

    def size(self, identifier: str) -> tuple[int, int]:
        if identifier != IDENTIFIER:
            raise KeyError(identifier)
        return self.image.size

    def picture(self, identifier: str, scale: float) -> Image.Image:
        return self.image

    def kept(self, identifier: str, wanted: ImageRequest) -> bytes | None:
        return None

    def keep(self, identifier: str, wanted: ImageRequest, data: bytes) -> None:
        """Nothing is kept."""


@pytest.fixture
def grid_server() -> Iterator[str]:
    pictures = GridPictures(colour_grid())
    app = Flask("grid")
    app.register_blueprint(image_blueprint("grid", "/grid", lambda identifier: pictures))

    @app.after_request
    def open_to_all(answer: Response) -> Response:
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    server = Server(app)
    yield server.address.removeprefix("http://")
    server.stop()


def test_level_2_of_the_image_api(grid_server):
    script = Path(sys.executable).with_name("iiif-validate.py")
    random.seed(1)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(script), "-s", grid_server, "-p", "grid", "-i", IDENTIFIER,
         "--version", "3.0", "--level", "2", "-v"],
        capture_output=True, text=True, timeout=150, check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PASS" in done.stderr
