"""Migrations: every step goes up and down, and the last one leaves exactly the tables the models describe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from storage.database import Database
from storage.migrate import SCRIPTS, alembic_config, is_current, upgrade
from storage.schema import metadata

REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(SCRIPTS)).walk_revisions()))]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    """A database without any table."""
    with Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}") as database:
        yield database


def test_there_is_one_chain() -> None:
    script = ScriptDirectory(str(SCRIPTS))
    assert script.get_heads() == [REVISIONS[-1]]
    assert len(REVISIONS) == len(list(SCRIPTS.glob("versions/*.py"))) - len(list(SCRIPTS.glob("versions/__init__.py")))


def test_each_step_goes_up_and_down_again(empty: Database) -> None:
    config = alembic_config(empty)
    for revision in REVISIONS:
        command.upgrade(config, revision)
        command.downgrade(config, "-1")
        command.upgrade(config, revision)
    assert is_current(empty)
    command.downgrade(config, "base")
    assert set(inspect(empty.engine).get_table_names()) <= {"alembic_version"}


def test_head_is_what_the_models_say(empty: Database) -> None:
    upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_upgrading_twice_changes_nothing(empty: Database) -> None:
    upgrade(empty)
    before = inspect(empty.engine).get_table_names()
    upgrade(empty)
    assert inspect(empty.engine).get_table_names() == before
