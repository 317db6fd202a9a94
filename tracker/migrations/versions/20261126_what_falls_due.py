"""what falls due

Revision ID: 20261126_clocks
Revises: 20261126_history
Create Date: 2026-11-26

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261126_clocks'
down_revision = '20261126_history'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('lease',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('holder', sa.String(length=80), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_lease'))
    )
    op.create_table('mail_wish',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('reminders', sa.Boolean(), nullable=False),
    sa.Column('escalations', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_mail_wish_user_id')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_mail_wish'))
    )
    op.create_table('outbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('to', sa.String(length=200), nullable=False),
    sa.Column('lang', sa.String(length=8), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('things', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fault', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_outbox_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_state', ['state', 'not_before'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbox_user_id'), ['user_id'], unique=False)

    op.create_table('due_thing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('rule', sa.String(length=8), nullable=False),
    sa.Column('level', sa.String(length=12), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('audience', sa.String(length=12), nullable=False),
    sa.Column('phase', sa.String(length=32), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('zh', sa.Text(), nullable=False),
    sa.Column('en', sa.Text(), nullable=False),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_due_thing_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_due_thing')),
    sa.UniqueConstraint('project_id', 'key', name=op.f('uq_due_thing_project_id_key'))
    )
    op.create_table('project_clock',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('wake_on', sa.Date(), nullable=True),
    sa.Column('looked_on', sa.Date(), nullable=True),
    sa.Column('quiet_before', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_clock_project_id')),
    sa.PrimaryKeyConstraint('project_id', name=op.f('pk_project_clock'))
    )
    with op.batch_alter_table('project_clock', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_clock_looked_on'), ['looked_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_clock_wake_on'), ['wake_on'], unique=False)

    op.create_table('window_clock',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('activity', sa.String(length=12), nullable=False),
    sa.Column('last_step', sa.String(length=32), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.Column('observed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['user_account.id'], name=op.f('fk_window_clock_owner_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_window_clock_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_window_clock')),
    sa.UniqueConstraint('project_id', 'category', name=op.f('uq_window_clock_project_id_category'))
    )
    with op.batch_alter_table('window_clock', schema=None) as batch_op:
        batch_op.create_index('ix_window_clock_next', ['closes_on', 'project_id'], unique=False)
        batch_op.create_index('ix_window_clock_owner', ['owner_id', 'closes_on'], unique=False)

    op.create_table('notification',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('due_thing_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['due_thing_id'], ['due_thing.id'], name=op.f('fk_notification_due_thing_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_notification_project_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_notification_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification')),
    sa.UniqueConstraint('user_id', 'due_thing_id', name=op.f('uq_notification_user_id_due_thing_id'))
    )
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notification_due_thing_id'), ['due_thing_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notification_project_id'), ['project_id'], unique=False)
        batch_op.create_index('ix_notification_unread', ['user_id', 'read_at', 'id'], unique=False)


def downgrade():
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_index('ix_notification_unread')
        batch_op.drop_index(batch_op.f('ix_notification_project_id'))
        batch_op.drop_index(batch_op.f('ix_notification_due_thing_id'))

    op.drop_table('notification')
    with op.batch_alter_table('window_clock', schema=None) as batch_op:
        batch_op.drop_index('ix_window_clock_owner')
        batch_op.drop_index('ix_window_clock_next')

    op.drop_table('window_clock')
    with op.batch_alter_table('project_clock', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_clock_wake_on'))
        batch_op.drop_index(batch_op.f('ix_project_clock_looked_on'))

    op.drop_table('project_clock')
    op.drop_table('due_thing')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outbox_user_id'))
        batch_op.drop_index('ix_outbox_state')

    op.drop_table('outbox')
    op.drop_table('mail_wish')
    op.drop_table('lease')
