"""parties in full: other names, further roles, certificates, group, estimates, the tally of their projects

Revision ID: 20261127_parties
Revises: 20261127_absences
Create Date: 2026-11-27

"""
from alembic import op
import sqlalchemy as sa

from tracker.matching.normalise import firm_key


# revision identifiers, used by Alembic.
revision = '20261127_parties'
down_revision = '20261127_absences'
branch_labels = None
depends_on = None

COLUMNS = ('short_key', 'parent_id', 'ownership', 'staff', 'annual_volume', 'currency', 'credit_code', 'code_key')


def upgrade():
    with op.batch_alter_table('party', schema=None) as batch_op:
        batch_op.add_column(sa.Column('short_key', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('parent_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('ownership', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('staff', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('annual_volume', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('currency', sa.String(length=3), server_default='CNY', nullable=False))
        batch_op.add_column(sa.Column('credit_code', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('code_key', sa.String(length=40), nullable=True))
        batch_op.create_index(batch_op.f('ix_party_short_key'), ['short_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_party_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_party_code_key'), ['code_key'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_party_parent_id'), 'party', ['parent_id'], ['id'])

    op.create_table('party_name',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_key', sa.String(length=200), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_party_name_by_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_party_name_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party_name')),
    sa.UniqueConstraint('party_id', 'name_key', name=op.f('uq_party_name_party_id_name_key'))
    )
    with op.batch_alter_table('party_name', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_party_name_name_key'), ['name_key'], unique=False)

    op.create_table('party_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_party_role_by_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_party_role_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party_role')),
    sa.UniqueConstraint('party_id', 'role', name=op.f('uq_party_role_party_id_role'))
    )
    op.create_table('party_licence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('number', sa.String(length=80), nullable=False),
    sa.Column('number_key', sa.String(length=80), nullable=False),
    sa.Column('grade', sa.String(length=120), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_party_licence_by_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_party_licence_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party_licence')),
    sa.UniqueConstraint('party_id', 'number_key', name=op.f('uq_party_licence_party_id_number_key'))
    )
    with op.batch_alter_table('party_licence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_party_licence_number_key'), ['number_key'], unique=False)

    op.create_table('party_estimate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('volume', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('grounds', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_party_estimate_by_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_party_estimate_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party_estimate'))
    )
    with op.batch_alter_table('party_estimate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_party_estimate_party_id'), ['party_id'], unique=False)

    op.create_table('party_tally',
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('projects', sa.Integer(), nullable=False),
    sa.Column('open', sa.Integer(), nullable=False),
    sa.Column('won', sa.Integer(), nullable=False),
    sa.Column('lost', sa.Integer(), nullable=False),
    sa.Column('open_value', sa.BigInteger(), nullable=False),
    sa.Column('won_value', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_party_tally_party_id')),
    sa.PrimaryKeyConstraint('party_id', 'team_id', 'currency', name=op.f('pk_party_tally')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('party_tally', schema=None) as batch_op:
        batch_op.create_index('ix_party_tally_won', ['team_id', 'currency', 'won_value', 'party_id'], unique=False)
        batch_op.create_index('ix_party_tally_open', ['team_id', 'currency', 'open_value', 'party_id'], unique=False)
    fill_short_keys()


def fill_short_keys():
    """Short names of before are found by their folded form too. (The tally is written once the server sees the new table.)"""
    party = sa.table('party', sa.column('id'), sa.column('short_name'), sa.column('short_key'))
    bind = op.get_bind()
    rows = bind.execute(sa.select(party.c.id, party.c.short_name).where(party.c.short_name.is_not(None))).all()
    put = party.update().where(party.c.id == sa.bindparam('row')).values(short_key=sa.bindparam('folded'))
    values = [{'row': row.id, 'folded': firm_key(row.short_name)} for row in rows if row.short_name.strip()]
    if values:
        bind.execute(put, values)


def downgrade():
    for name in ('party_tally', 'party_estimate', 'party_licence', 'party_role', 'party_name'):
        op.drop_table(name)
    with op.batch_alter_table('party', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_party_parent_id'), type_='foreignkey')
        for name in ('code_key', 'parent_id', 'short_key'):
            batch_op.drop_index(batch_op.f(f'ix_party_{name}'))
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
