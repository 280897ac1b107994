"""Ledger books and entries."""

from alembic import op
import sqlalchemy as sa


revision = "0003_ledger"
down_revision = "0002_presentations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
