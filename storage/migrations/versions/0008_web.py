"""Notes and the viewer's own records."""

from alembic import op
import sqlalchemy as sa


revision = "0008_web"
down_revision = "0007_ingest"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
