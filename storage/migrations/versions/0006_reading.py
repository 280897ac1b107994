"""Reading and correcting."""

from alembic import op
import sqlalchemy as sa

from storage.models.base import UtcDateTime


revision = "0006_reading"
down_revision = "0005_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_proofread",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_page_proofread_page_id_page"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_page_proofread_user_id_user")),
        sa.PrimaryKeyConstraint("page_id", name=op.f("pk_page_proofread")),
    )


def downgrade() -> None:
    op.drop_table("page_proofread")
