"""to-dos with reminders; when and of what somebody wants mails

Revision ID: 20261210_calendar_todos
Revises: 20261210_calendar_plans
Create Date: 2026-12-10

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261210_calendar_todos'
down_revision = '20261210_calendar_plans'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('todo',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=300), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('lead_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('snoozed_to', sa.Date(), nullable=True),
    sa.Column('repeats', sa.String(length=8), nullable=False),
    sa.Column('repeats_until', sa.Date(), nullable=True),
    sa.Column('month_day', sa.Integer(), nullable=True),
    sa.Column('previous_id', sa.Integer(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dropped_why', sa.String(length=300), nullable=True),
    sa.Column('wake_on', sa.Date(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_todo_by_id')),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_todo_lead_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['user_account.id'], name=op.f('fk_todo_owner_id')),
    sa.ForeignKeyConstraint(['previous_id'], ['todo.id'], name=op.f('fk_todo_previous_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_todo_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_todo')),
    sa.UniqueConstraint('previous_id', name=op.f('uq_todo_previous_id'))
    )
    with op.batch_alter_table('todo', schema=None) as batch_op:
        for name in ('by_id', 'lead_id', 'project_id', 'wake_on'):
            batch_op.create_index(batch_op.f(f'ix_todo_{name}'), [name], unique=False)
        batch_op.create_index('ix_todo_owner', ['owner_id', 'done_at', 'due_on'], unique=False)
    op.create_table('todo_follower',
    sa.Column('todo_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['todo_id'], ['todo.id'], name=op.f('fk_todo_follower_todo_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_todo_follower_user_id')),
    sa.PrimaryKeyConstraint('todo_id', 'user_id', name=op.f('pk_todo_follower'))
    )
    with op.batch_alter_table('todo_follower', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_todo_follower_user_id'), ['user_id'], unique=False)
    op.create_table('last_look',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_last_look_user_id')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_last_look'))
    )
    with op.batch_alter_table('due_thing', schema=None) as batch_op:
        batch_op.add_column(sa.Column('todo_id', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_due_thing_todo_id_key'), ['todo_id', 'key'])
        batch_op.create_foreign_key(batch_op.f('fk_due_thing_todo_id'), 'todo', ['todo_id'], ['id'])
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.add_column(sa.Column('todo_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_notification_todo_id'), ['todo_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_notification_todo_id'), 'todo', ['todo_id'], ['id'])
    with op.batch_alter_table('mail_wish', schema=None) as batch_op:
        batch_op.add_column(sa.Column('muted', sa.JSON(), server_default='[]', nullable=False))
        for name in ('quiet_from', 'quiet_to', 'digest_at'):
            batch_op.add_column(sa.Column(name, sa.String(length=5), nullable=True))


def downgrade():
    with op.batch_alter_table('mail_wish', schema=None) as batch_op:
        for name in ('digest_at', 'quiet_to', 'quiet_from', 'muted'):
            batch_op.drop_column(name)
    op.execute("DELETE FROM notification WHERE todo_id IS NOT NULL")
    op.execute("DELETE FROM due_thing WHERE todo_id IS NOT NULL")
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notification_todo_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_notification_todo_id'))
        batch_op.drop_column('todo_id')
    with op.batch_alter_table('due_thing', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_due_thing_todo_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_due_thing_todo_id_key'), type_='unique')
        batch_op.drop_column('todo_id')
    for table in ('last_look', 'todo_follower', 'todo'):
        op.drop_table(table)
