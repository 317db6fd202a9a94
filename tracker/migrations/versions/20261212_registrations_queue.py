"""the desk's queue of registrations by an index of its own

Revision ID: 20261212_registrations_queue
Revises: 20261212_own_sites
Create Date: 2026-12-12

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '20261212_registrations_queue'
down_revision = '20261212_own_sites'
branch_labels = None
depends_on = None


def upgrade():
    op.drop_index('ix_registration_due', table_name='registration')
    op.drop_index(op.f('ix_registration_state'), table_name='registration')
    op.create_index('ix_registration_queue', 'registration', ['state', 'answer_due', 'id', 'submitted_at'])


def downgrade():
    op.drop_index('ix_registration_queue', table_name='registration')
    op.create_index(op.f('ix_registration_state'), 'registration', ['state'])
    op.create_index('ix_registration_due', 'registration', ['answer_due', 'id'])
