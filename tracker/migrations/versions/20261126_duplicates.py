"""nothing twice: match keys, pairs that are not one, requests about known sites

Revision ID: 20261126_duplicates
Revises: 20261126_leads
Create Date: 2026-11-26

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261126_duplicates'
down_revision = '20261126_merging'
branch_labels = None
depends_on = None


def upgrade():
    # The keys of rows that are there already are written by `tracker doctor --mend`, or by the first `tracker serve`.
    op.create_table('match_key',
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('row_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('kind', 'key', 'row_id', name=op.f('pk_match_key')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('match_key', schema=None) as batch_op:
        batch_op.create_index('ix_match_key_row', ['kind', 'row_id'], unique=False)

    op.create_table('difference',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('other_kind', sa.String(length=12), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_difference_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_difference')),
    sa.UniqueConstraint('kind', 'row_id', 'other_kind', 'other_id', name=op.f('uq_difference_kind_row_id_other_kind_other_id'))
    )
    with op.batch_alter_table('difference', schema=None) as batch_op:
        batch_op.create_index('ix_difference_other', ['other_kind', 'other_id'], unique=False)

    op.create_table('site_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=12), nullable=False),
    sa.Column('lead_id', sa.Integer(), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('claim_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('typed', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['answered_by_id'], ['user_account.id'], name=op.f('fk_site_request_answered_by_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_site_request_by_id')),
    sa.ForeignKeyConstraint(['claim_id'], ['lead.id'], name=op.f('fk_site_request_claim_id')),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_site_request_lead_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_site_request_project_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_site_request_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_request'))
    )
    with op.batch_alter_table('site_request', schema=None) as batch_op:
        batch_op.create_index('ix_site_request_by', ['by_id', 'id'], unique=False)
        batch_op.create_index('ix_site_request_state', ['state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_site_request_claim_id'), ['claim_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_site_request_lead_id'), ['lead_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_site_request_project_id'), ['project_id'], unique=False)


def downgrade():
    op.drop_table('site_request')
    op.drop_table('difference')
    op.drop_table('match_key')
