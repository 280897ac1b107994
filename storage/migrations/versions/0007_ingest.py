"""Watching and intake."""

from alembic import op
import sqlalchemy as sa


revision = "0007_ingest"
down_revision = "0006_reading"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
