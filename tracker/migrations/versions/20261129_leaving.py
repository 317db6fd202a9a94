"""handing over: what went to whom in one step

Revision ID: 20261129_leaving
Revises: 20261128_people
Create Date: 2026-11-29

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261129_leaving'
down_revision = '20261128_people'
branch_labels = None
depends_on = None

INDEXED = {'handing': ('user_id',), 'takeover': ('handing_id', 'project_id', 'lead_id')}


def person(table, name, nullable=False):
    return [
        sa.Column(name, sa.Integer(), nullable=nullable),
        sa.ForeignKeyConstraint([name], ['user_account.id'], name=op.f(f'fk_{table}_{name}')),
    ]


def other(table, name, target):
    return [
        sa.Column(name, sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint([name], [f'{target}.id'], name=op.f(f'fk_{table}_{name}')),
    ]


def upgrade():
    op.create_table('handing',
    sa.Column('id', sa.Integer(), nullable=False),
    *person('handing', 'user_id'),
    *person('handing', 'by_id'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('leaves', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    *person('handing', 'successor_id', nullable=True),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handing'))
    )
    op.create_table('takeover',
    sa.Column('id', sa.Integer(), nullable=False),
    *other('takeover', 'handing_id', 'handing'),
    *other('takeover', 'project_id', 'project'),
    *other('takeover', 'lead_id', 'lead'),
    *person('takeover', 'from_id', nullable=True),
    *person('takeover', 'to_id'),
    *person('takeover', 'by_id'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('introduced', sa.Boolean(), nullable=False),
    sa.Column('leaver', sa.Boolean(), nullable=False),
    *other('takeover', 'task_id', 'own_task'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_takeover'))
    )
    for table, columns in INDEXED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in columns:
                batch_op.create_index(batch_op.f(f'ix_{table}_{name}'), [name], unique=False)
    with op.batch_alter_table('takeover', schema=None) as batch_op:
        batch_op.create_index('ix_takeover_taker', ['to_id', 'at'], unique=False)


def downgrade():
    op.drop_table('takeover')
    op.drop_table('handing')
