"""Bringing a database to the schema of this version of the program."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import Database

SCRIPTS = Path(__file__).parent / "migrations"


def alembic_config(database: Database) -> Config:
    """Alembic's configuration for this database, made in code so that no ini file can disagree."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply every migration up to ``revision``. Safe to call on each start."""
    command.upgrade(alembic_config(database), revision)


def is_current(database: Database) -> bool:
    """Whether the database stands at the newest migration."""
    head = ScriptDirectory(str(SCRIPTS)).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
