"""who at a dealer's looks after a registration; a dealer's own administrator

Revision ID: 20261210_registrations_people
Revises: 20261204_word_statistics
Create Date: 2026-12-10

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261210_registrations_people'
down_revision = '20261204_word_statistics'
branch_labels = None
depends_on = None

KEY = 'dealer_admin'
ROLE = sa.table('role', sa.column('id', sa.Integer), sa.column('key', sa.String), sa.column('name_zh', sa.String),
                sa.column('name_en', sa.String), sa.column('scope', sa.String), sa.column('capabilities', sa.JSON),
                sa.column('built_in', sa.Boolean))
MAY = ['dealer.people', 'lead.add', 'record.log', 'registration.file', 'stock.report']


def upgrade():
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('held_by_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_registration_held_by_id'), ['held_by_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_registration_held_by_id'), 'user_account', ['held_by_id'], ['id'])
    op.execute('UPDATE registration SET held_by_id = created_by_id')
    connection = op.get_bind()
    known = set(connection.scalars(sa.select(ROLE.c.key)))
    if 'dealer' in known and KEY not in known:
        connection.execute(ROLE.insert().values(
            key=KEY, name_zh='经销商管理员', name_en="Dealer's administrator", scope='dealer', capabilities=MAY,
            built_in=True,
        ))


def downgrade():
    op.execute(f"UPDATE user_account SET role_id = (SELECT id FROM role WHERE key = 'dealer') "
               f"WHERE role_id = (SELECT id FROM role WHERE key = '{KEY}')")
    op.execute(f"DELETE FROM role WHERE key = '{KEY}'")
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_registration_held_by_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_registration_held_by_id'))
        batch_op.drop_column('held_by_id')
