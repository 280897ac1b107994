"""The stages of the pipeline by name. Their modules are loaded when first needed: an idle worker stays small."""

import importlib
from typing import Protocol, cast

from sqlalchemy.orm import Session

from config.errors import ArchiveError
from ingest.jobs import Claimed
from ingest.workshop import Workshop


class Stage(Protocol):
    """A module of ``ingest.stages``."""

    def run(self, shop: Workshop, job: Claimed) -> None:
        """Do the work and settle the job through ``shop.finishing``. Safe to do again after any interruption."""

    def give_up(self, session: Session, job: Claimed, error: ArchiveError) -> None:
        """Record what it means that this job will not be done; the job itself is settled by the caller."""


STAGES = {
    "unpack": "ingest.stages.unpack",
    "keep": "ingest.stages.keep",
    "inspect": "ingest.stages.inspect",
    "render": "ingest.stages.render",
    "recognise": "ingest.stages.recognise",
    "split": "ingest.stages.split",
    "assemble": "ingest.stages.assemble",
    "transcode": "ingest.stages.transcode",
}


def stage(name: str) -> Stage:
    """The stage's module."""
    return cast(Stage, importlib.import_module(STAGES[name]))
