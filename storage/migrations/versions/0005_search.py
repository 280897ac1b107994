"""Searches and persons named on pages."""

from alembic import op
import sqlalchemy as sa


revision = "0005_search"
down_revision = "0004_review"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
