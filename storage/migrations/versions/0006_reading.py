"""Reading and correcting."""

from alembic import op
import sqlalchemy as sa


revision = "0006_reading"
down_revision = "0005_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
