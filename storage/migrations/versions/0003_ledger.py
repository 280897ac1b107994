"""Ledger books and entries."""

from alembic import op
import sqlalchemy as sa

from storage.models.base import UtcDateTime


revision = "0003_ledger"
down_revision = "0002_presentations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('ledger_counter',
    sa.Column('book', sa.String(length=40), nullable=False),
    sa.Column('period', sa.String(length=10), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('book', 'period', name=op.f('pk_ledger_counter'))
    )
    op.create_table('ledger_import_map',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('book', sa.String(length=40), nullable=False),
    sa.Column('signature', sa.String(length=64), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('actor', sa.String(length=100), nullable=False),
    sa.Column('updated_at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_import_map')),
    sa.UniqueConstraint('book', 'signature', name=op.f('uq_ledger_import_map_book_signature'))
    )
    op.create_table('ledger_book_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('book', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('definition', sa.Text(), nullable=False),
    sa.Column('change', sa.String(length=300), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_ledger_book_version_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_book_version')),
    sa.UniqueConstraint('book', 'version', name=op.f('uq_ledger_book_version_book_version'))
    )
    op.create_table('ledger_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('book', sa.String(length=40), nullable=False),
    sa.Column('period', sa.String(length=10), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('number_text', sa.String(length=40), nullable=False),
    sa.Column('is_imported', sa.Boolean(), nullable=False),
    sa.Column('match_key', sa.String(length=300), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('responsible_id', sa.Integer(), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.Column('next_due', sa.Date(), nullable=True),
    sa.Column('late_count', sa.Integer(), nullable=False),
    sa.Column('verify_count', sa.Integer(), nullable=False),
    sa.Column('flags', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('struck_at', UtcDateTime(), nullable=True),
    sa.Column('struck_reason', sa.String(length=300), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('updated_at', UtcDateTime(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('folded', sa.JSON(), nullable=False),
    sa.Column('computed', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['case.id'], name=op.f('fk_ledger_entry_case_id_case')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_ledger_entry_created_by_id_user')),
    sa.ForeignKeyConstraint(['responsible_id'], ['user.id'], name=op.f('fk_ledger_entry_responsible_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entry'))
    )
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_entry_book_match_key', ['book', 'match_key'], unique=False)
        batch_op.create_index('ix_ledger_entry_book_next_due', ['book', 'next_due'], unique=False)
        batch_op.create_index('ix_ledger_entry_book_period_number', ['book', 'period', 'number'], unique=False)
        batch_op.create_index('ix_ledger_entry_book_responsible_id', ['book', 'responsible_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_entry_case_id'), ['case_id'], unique=False)
        batch_op.create_index('uq_ledger_entry_given_number', ['book', 'period', 'number'], unique=True, sqlite_where=sa.text('is_imported = 0 AND number IS NOT NULL'), postgresql_where=sa.text('is_imported = false AND number IS NOT NULL'))

    op.create_table('ledger_right',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('book', sa.String(length=40), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.String(length=20), nullable=True),
    sa.Column('groups', sa.JSON(), nullable=False),
    sa.Column('right', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_ledger_right_team_id_team'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_ledger_right_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_right'))
    )
    with op.batch_alter_table('ledger_right', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_right_book'), ['book'], unique=False)

    op.create_table('ledger_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('book', sa.String(length=40), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_ledger_view_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_view'))
    )
    with op.batch_alter_table('ledger_view', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_view_book'), ['book'], unique=False)

    op.create_table('ledger_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('actor', sa.String(length=100), nullable=False),
    sa.Column('action', sa.String(length=20), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.Column('sources', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], name=op.f('fk_ledger_change_entry_id_ledger_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_change'))
    )
    with op.batch_alter_table('ledger_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_change_entry_id'), ['entry_id'], unique=False)

    op.create_table('ledger_verdict',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('check_id', sa.String(length=40), nullable=False),
    sa.Column('agreed', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('trigger_date', sa.String(length=20), nullable=False),
    sa.Column('actual', sa.String(length=20), nullable=False),
    sa.Column('actor', sa.String(length=100), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.Column('drafted_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], name=op.f('fk_ledger_verdict_entry_id_ledger_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_verdict')),
    sa.UniqueConstraint('entry_id', 'check_id', name=op.f('uq_ledger_verdict_entry_id_check_id'))
    )
    op.create_table('ledger_attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=True),
    sa.Column('first_page', sa.Integer(), nullable=True),
    sa.Column('last_page', sa.Integer(), nullable=True),
    sa.Column('scan_id', sa.Integer(), nullable=True),
    sa.Column('label', sa.String(length=300), nullable=False),
    sa.Column('added_by', sa.String(length=100), nullable=False),
    sa.Column('created_at', UtcDateTime(), nullable=False),
    sa.Column('removed_at', UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_ledger_attachment_document_id_document'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], name=op.f('fk_ledger_attachment_entry_id_ledger_entry')),
    sa.ForeignKeyConstraint(['scan_id'], ['scan.id'], name=op.f('fk_ledger_attachment_scan_id_scan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_attachment'))
    )
    with op.batch_alter_table('ledger_attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_attachment_document_id'), ['document_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_attachment_entry_id'), ['entry_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_attachment_scan_id'), ['scan_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('ledger_attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ledger_attachment_scan_id'))
        batch_op.drop_index(batch_op.f('ix_ledger_attachment_entry_id'))
        batch_op.drop_index(batch_op.f('ix_ledger_attachment_document_id'))

    op.drop_table('ledger_attachment')
    op.drop_table('ledger_verdict')
    with op.batch_alter_table('ledger_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ledger_change_entry_id'))

    op.drop_table('ledger_change')
    with op.batch_alter_table('ledger_view', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ledger_view_book'))

    op.drop_table('ledger_view')
    with op.batch_alter_table('ledger_right', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ledger_right_book'))

    op.drop_table('ledger_right')
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.drop_index('uq_ledger_entry_given_number', sqlite_where=sa.text('is_imported = 0 AND number IS NOT NULL'), postgresql_where=sa.text('is_imported = false AND number IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_ledger_entry_case_id'))
        batch_op.drop_index('ix_ledger_entry_book_responsible_id')
        batch_op.drop_index('ix_ledger_entry_book_period_number')
        batch_op.drop_index('ix_ledger_entry_book_next_due')
        batch_op.drop_index('ix_ledger_entry_book_match_key')

    op.drop_table('ledger_entry')
    op.drop_table('ledger_book_version')
    op.drop_table('ledger_import_map')
    op.drop_table('ledger_counter')
