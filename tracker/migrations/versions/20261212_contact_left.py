"""contacts: since when somebody is at his firm no more

Revision ID: 20261212_contact_left
Revises: 20261212_registrations_queue
Create Date: 2026-12-12

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261212_contact_left'
down_revision = '20261212_registrations_queue'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('left_on', sa.Date(), nullable=True))


def downgrade():
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_column('left_on')
