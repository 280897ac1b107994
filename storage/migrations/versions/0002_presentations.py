"""Presentations and what was shown."""

from alembic import op
import sqlalchemy as sa


revision = "0002_presentations"
down_revision = "0001_core"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
