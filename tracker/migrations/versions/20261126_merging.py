"""merging

Revision ID: 20261126_merging
Revises: 20261126_openings
Create Date: 2026-11-26

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261126_merging'
down_revision = '20261126_openings'
branch_labels = None
depends_on = None

LEADING = ('supervisor', 'director', 'general_manager', 'administrator')


def change_roles(gain):
    """Let those who lead merge, or take it from them again."""
    role = sa.table('role', sa.column('key'), sa.column('built_in'), sa.column('capabilities', sa.JSON))
    connection = op.get_bind()
    rows = connection.execute(sa.select(role.c.key, role.c.capabilities).where(role.c.built_in, role.c.key.in_(LEADING)))
    for key, capabilities in rows.all():
        changed = [name for name in capabilities if name != 'merge'] + (['merge'] if gain else [])
        connection.execute(role.update().where(role.c.key == key).values(capabilities=sorted(changed)))


def upgrade():
    change_roles(gain=True)
    op.create_table('merge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('gone_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('moved', sa.JSON(), nullable=False),
    sa.Column('taken', sa.JSON(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_merge_by_id')),
    sa.ForeignKeyConstraint(['undone_by_id'], ['user_account.id'], name=op.f('fk_merge_undone_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merge'))
    )
    with op.batch_alter_table('merge', schema=None) as batch_op:
        batch_op.create_index('ix_merge_gone', ['kind', 'gone_id'], unique=False)
        batch_op.create_index('ix_merge_kept', ['kind', 'kept_id'], unique=False)


def downgrade():
    op.drop_table('merge')
    change_roles(gain=False)
