"""Reviewing of cuts."""

from alembic import op
import sqlalchemy as sa


revision = "0004_review"
down_revision = "0003_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
