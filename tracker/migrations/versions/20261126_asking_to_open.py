"""requests to open a project

Revision ID: 20261126_openings
Revises: 20261126_leads
Create Date: 2026-11-26

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261126_openings'
down_revision = '20261126_leads'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.alter_column('project_id', existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column('team_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('lead_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_approval_team_id'), 'team', ['team_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_approval_lead_id'), 'lead', ['lead_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_approval_lead_id'), ['lead_id'], unique=False)


def downgrade():
    approval = sa.table('approval', sa.column('id'), sa.column('project_id'))
    signature = sa.table('signature', sa.column('approval_id'))
    openings = sa.select(approval.c.id).where(approval.c.project_id.is_(None))
    op.execute(signature.delete().where(signature.c.approval_id.in_(openings)))
    op.execute(approval.delete().where(approval.c.project_id.is_(None)))
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_lead_id'))
        batch_op.drop_constraint(batch_op.f('fk_approval_lead_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_approval_team_id'), type_='foreignkey')
        batch_op.drop_column('lead_id')
        batch_op.drop_column('team_id')
        batch_op.alter_column('project_id', existing_type=sa.Integer(), nullable=False)
