"""what is whose is found by the index alone

Revision ID: 20261212_own_sites
Revises: 20261211_reports_work
Create Date: 2026-12-12

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '20261212_own_sites'
down_revision = '20261211_reports_work'
branch_labels = None
depends_on = None

WIDER = (
    ('project_member', 'user_id', 'ix_project_member_user', ['user_id', 'project_id']),
    ('lead_member', 'user_id', 'ix_lead_member_user', ['user_id', 'lead_id']),
    ('lead', 'owner_id', 'ix_lead_owner', ['owner_id', 'state']),
)


def upgrade():
    for table, column, name, columns in WIDER:
        op.create_index(name, table, columns)
        op.drop_index(f'ix_{table}_{column}', table_name=table)


def downgrade():
    for table, column, name, _columns in WIDER:
        op.create_index(f'ix_{table}_{column}', table, [column])
        op.drop_index(name, table_name=table)
