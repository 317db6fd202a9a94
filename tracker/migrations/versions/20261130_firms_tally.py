"""the tally of firms' projects knows teams with all below them

Revision ID: 20261130_firms_tally
Revises: 20261129_leaving
Create Date: 2026-11-30

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261130_firms_tally'
down_revision = '20261129_leaving'
branch_labels = None
depends_on = None


def upgrade():
    """All of it is derived: the table is made anew, and filled when the migrations are through."""
    op.drop_table('party_tally')
    op.create_table('party_tally', *keys(sa.Column('below', sa.Boolean(), nullable=False)), *sums('value'),
    sa.PrimaryKeyConstraint('party_id', 'team_id', 'below', 'currency', name=op.f('pk_party_tally')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('party_tally', schema=None) as batch_op:
        for name in ('won_value', 'open_value', 'value'):
            columns = ['team_id', 'below', 'currency', name, 'party_id']
            batch_op.create_index(f'ix_party_tally_{name}', columns, unique=False)


def downgrade():
    op.drop_table('party_tally')
    op.create_table('party_tally', *keys(), *sums(),
    sa.PrimaryKeyConstraint('party_id', 'team_id', 'currency', name=op.f('pk_party_tally')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('party_tally', schema=None) as batch_op:
        batch_op.create_index('ix_party_tally_won', ['team_id', 'currency', 'won_value', 'party_id'], unique=False)
        batch_op.create_index('ix_party_tally_open', ['team_id', 'currency', 'open_value', 'party_id'], unique=False)


def keys(*further):
    """By what rows are told apart."""
    return (
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), autoincrement=False, nullable=False),
    *further,
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_party_tally_party_id')),
    )


def sums(*further):
    """What is counted and added up."""
    counts = [sa.Column(name, sa.Integer(), nullable=False) for name in ('projects', 'open', 'won', 'lost')]
    values = ('open_value', 'won_value', *further)
    return [*counts, *(sa.Column(name, sa.BigInteger(), nullable=False) for name in values)]
