"""dealers: the grounds of suggested points in both languages

Revision ID: 20261212_dealer_grounds
Revises: 20261212_contact_left
Create Date: 2026-12-12

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261212_dealer_grounds'
down_revision = '20261212_contact_left'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('dealer_mark', schema=None) as batch_op:
        batch_op.alter_column('grounds', new_column_name='grounds_en', existing_type=sa.Text(), existing_nullable=True)
        batch_op.add_column(sa.Column('grounds_zh', sa.Text(), nullable=True))
    op.execute('UPDATE dealer_mark SET grounds_zh = grounds_en')


def downgrade():
    with op.batch_alter_table('dealer_mark', schema=None) as batch_op:
        batch_op.drop_column('grounds_zh')
        batch_op.alter_column('grounds_en', new_column_name='grounds', existing_type=sa.Text(), existing_nullable=True)
