"""Notes on pages and marked moments of recordings."""

from alembic import op
import sqlalchemy as sa

from storage.models.base import UtcDateTime


revision = "0008_web"
down_revision = "0007_ingest"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("box", sa.JSON(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name=op.f("fk_page_note_page_id_page"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_page_note_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_note")),
    )
    op.create_index(op.f("ix_page_note_page_id"), "page_note", ["page_id"])
    op.create_table(
        "media_moment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Double(), nullable=False),
        sa.Column("end", sa.Double(), nullable=True),
        sa.Column("caption", sa.String(length=300), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_media_moment_scan_id_scan"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_media_moment_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_moment")),
    )
    op.create_index(op.f("ix_media_moment_scan_id"), "media_moment", ["scan_id"])


def downgrade() -> None:
    op.drop_table("media_moment")
    op.drop_table("page_note")
