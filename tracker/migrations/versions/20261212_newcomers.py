"""what newcomers have read, and their practice projects

Revision ID: 20261212_newcomers
Revises: 20261212_dealer_grounds
Create Date: 2026-12-12

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261212_newcomers'
down_revision = '20261212_dealer_grounds'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('newcomer_tick',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_newcomer_tick_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'key', name=op.f('pk_newcomer_tick'))
    )
    op.create_table('practice_project',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('definition_key', sa.String(length=40), nullable=False),
    sa.Column('definition_version', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('begun_on', sa.Date(), nullable=False),
    sa.Column('acts', sa.JSON(), nullable=False),
    sa.Column('won_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('over_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_practice_project_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_practice_project'))
    )
    with op.batch_alter_table('practice_project', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_practice_project_user_id'), ['user_id'], unique=False)


def downgrade():
    with op.batch_alter_table('practice_project', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_practice_project_user_id'))
    op.drop_table('practice_project')
    op.drop_table('newcomer_tick')
