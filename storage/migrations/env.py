"""Alembic's entry: runs migrations on the engine handed over by ``storage.migrate``."""

from alembic import context

from storage.schema import metadata

engine = context.config.attributes["engine"]

with engine.execution_options(archive_write=True).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
