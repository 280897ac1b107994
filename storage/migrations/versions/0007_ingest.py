"""Watching and intake."""

from alembic import op
import sqlalchemy as sa

from storage.models.base import UtcDateTime

revision = "0007_ingest"
down_revision = "0006_reading"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_process",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("host", sa.String(length=64), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_service_process")),
    )
    op.create_table(
        "inbox_problem",
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("code", sa.String(length=50), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_inbox_problem")),
    )
    op.create_table(
        "incoming_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("identity", sa.String(length=120), nullable=False),
        sa.Column("scan_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_incoming_file_scan_id_scan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_file")),
        sa.UniqueConstraint("path", "identity", name=op.f("uq_incoming_file_path_identity")),
    )
    op.create_index(op.f("ix_incoming_file_scan_id"), "incoming_file", ["scan_id"])
    op.create_index(op.f("ix_incoming_file_state"), "incoming_file", ["state"])


def downgrade() -> None:
    op.drop_table("incoming_file")
    op.drop_table("inbox_problem")
    op.drop_table("service_process")
