"""complaints about diverted prices and goods and faked sites

Revision ID: 20261210_registrations_complain
Revises: 20261210_registrations_people
Create Date: 2026-12-10

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261210_registrations_complain'
down_revision = '20261210_registrations_people'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('diversion_complaint',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dealer_id', sa.Integer(), nullable=True),
    sa.Column('about', sa.String(length=8), nullable=False),
    sa.Column('site', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('suspect', sa.String(length=200), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('by_party_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('deliberate', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_diversion_complaint_by_id')),
    sa.ForeignKeyConstraint(['by_party_id'], ['party.id'], name=op.f('fk_diversion_complaint_by_party_id')),
    sa.ForeignKeyConstraint(['dealer_id'], ['dealer.id'], name=op.f('fk_diversion_complaint_dealer_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id'], name=op.f('fk_diversion_complaint_decided_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_diversion_complaint'))
    )
    with op.batch_alter_table('diversion_complaint', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_diversion_complaint_by_party_id'), ['by_party_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_diversion_complaint_dealer_id'), ['dealer_id'], unique=False)
    with op.batch_alter_table('registration_note', schema=None) as batch_op:
        batch_op.add_column(sa.Column('complaint_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_registration_note_complaint_id'), ['complaint_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_registration_note_complaint_id'), 'diversion_complaint', ['complaint_id'], ['id'])


def downgrade():
    for table in ('document', 'photo'):
        op.execute(f'UPDATE {table} SET registration_note_id = NULL WHERE registration_note_id IN '
                   '(SELECT id FROM registration_note WHERE complaint_id IS NOT NULL)')
    op.execute('DELETE FROM registration_note WHERE complaint_id IS NOT NULL')
    with op.batch_alter_table('registration_note', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_registration_note_complaint_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_registration_note_complaint_id'))
        batch_op.drop_column('complaint_id')
    with op.batch_alter_table('diversion_complaint', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_diversion_complaint_dealer_id'))
        batch_op.drop_index(batch_op.f('ix_diversion_complaint_by_party_id'))

    op.drop_table('diversion_complaint')
