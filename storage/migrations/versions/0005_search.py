"""Searches and persons named on pages."""

from alembic import op
import sqlalchemy as sa

from storage.models.base import UtcDateTime


revision = "0005_search"
down_revision = "0004_review"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('page_person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('page_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('folded', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('boxes', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['page_id'], ['page.id'], name=op.f('fk_page_person_page_id_page'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_page_person')),
    sa.UniqueConstraint('page_id', 'key', name=op.f('uq_page_person_page_id'))
    )
    op.create_index(op.f('ix_page_person_page_id'), 'page_person', ['page_id'], unique=False)
    op.create_index(op.f('ix_page_person_key'), 'page_person', ['key'], unique=False)
    op.create_index(op.f('ix_page_person_folded'), 'page_person', ['folded'], unique=False)
    op.create_table('recent_search',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('query', sa.String(length=300), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_recent_search_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recent_search')),
    sa.UniqueConstraint('user_id', 'query', name=op.f('uq_recent_search_user_id'))
    )
    op.create_index(op.f('ix_recent_search_user_id'), 'recent_search', ['user_id'], unique=False)
    op.create_table('saved_search',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('query', sa.String(length=300), nullable=False),
    sa.Column('narrowed', sa.JSON(), nullable=False),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_saved_search_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_search')),
    sa.UniqueConstraint('user_id', 'name', name=op.f('uq_saved_search_user_id'))
    )
    op.create_index(op.f('ix_saved_search_user_id'), 'saved_search', ['user_id'], unique=False)


def downgrade() -> None:
    for table in ('saved_search', 'recent_search', 'page_person'):
        op.drop_table(table)
