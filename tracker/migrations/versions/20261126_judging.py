"""leads are judged, and their clocks run

Revision ID: 20261126_judging
Revises: 20261126_search
Create Date: 2026-11-26

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261126_judging'
down_revision = '20261126_search'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.add_column(sa.Column('scored_step', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('wake_on', sa.Date(), nullable=True))
        batch_op.create_index('ix_lead_wake', ['wake_on'], unique=False)

    with op.batch_alter_table('due_thing', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lead_id', sa.Integer(), nullable=True))
        batch_op.alter_column('project_id', existing_type=sa.Integer(), nullable=True)
        batch_op.create_unique_constraint(batch_op.f('uq_due_thing_lead_id_key'), ['lead_id', 'key'])
        batch_op.create_foreign_key(batch_op.f('fk_due_thing_lead_id'), 'lead', ['lead_id'], ['id'])

    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lead_id', sa.Integer(), nullable=True))
        batch_op.alter_column('project_id', existing_type=sa.Integer(), nullable=True)
        batch_op.create_index(batch_op.f('ix_notification_lead_id'), ['lead_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_notification_lead_id'), 'lead', ['lead_id'], ['id'])

    op.create_table('lead_scoring',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lead_id', sa.Integer(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('knockouts', sa.JSON(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('validity', sa.Numeric(precision=5, scale=1), nullable=False),
    sa.Column('feasibility', sa.Numeric(precision=5, scale=1), nullable=False),
    sa.Column('outcome', sa.String(length=32), nullable=False),
    sa.Column('decided', sa.Boolean(), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_lead_scoring_by_id')),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_lead_scoring_lead_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead_scoring'))
    )
    with op.batch_alter_table('lead_scoring', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lead_scoring_lead_id'), ['lead_id'], unique=False)


def downgrade():
    with op.batch_alter_table('lead_scoring', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lead_scoring_lead_id'))

    op.drop_table('lead_scoring')
    op.execute("DELETE FROM notification WHERE project_id IS NULL")
    op.execute("DELETE FROM due_thing WHERE project_id IS NULL")
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notification_lead_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_notification_lead_id'))
        batch_op.alter_column('project_id', existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column('lead_id')

    with op.batch_alter_table('due_thing', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_due_thing_lead_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_due_thing_lead_id_key'), type_='unique')
        batch_op.alter_column('project_id', existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column('lead_id')

    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.drop_index('ix_lead_wake')
        batch_op.drop_column('wake_on')
        batch_op.drop_column('scored_step')
