"""plans with time and company, calendar feeds, kinds and proof of absences

Revision ID: 20261210_calendar_plans
Revises: 20261210_photos_given
Create Date: 2026-12-10

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261210_calendar_plans'
down_revision = '20261210_photos_given'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('plan',
    sa.Column('record_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.String(length=5), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('zone', sa.String(length=40), nullable=False),
    sa.Column('kept_by_id', sa.Integer(), nullable=True),
    sa.Column('called_off_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('called_off_by_id', sa.Integer(), nullable=True),
    sa.Column('called_off_why', sa.String(length=300), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['called_off_by_id'], ['user_account.id'], name=op.f('fk_plan_called_off_by_id')),
    sa.ForeignKeyConstraint(['kept_by_id'], ['record.id'], name=op.f('fk_plan_kept_by_id')),
    sa.ForeignKeyConstraint(['record_id'], ['record.id'], name=op.f('fk_plan_record_id')),
    sa.PrimaryKeyConstraint('record_id', name=op.f('pk_plan'))
    )
    op.create_table('plan_person',
    sa.Column('record_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['record_id'], ['record.id'], name=op.f('fk_plan_person_record_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_plan_person_user_id')),
    sa.PrimaryKeyConstraint('record_id', 'user_id', name=op.f('pk_plan_person'))
    )
    op.create_table('calendar_feed',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_calendar_feed_user_id')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_calendar_feed')),
    sa.UniqueConstraint('token', name=op.f('uq_calendar_feed_token'))
    )
    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_kept_by_id'), ['kept_by_id'], unique=False)
    with op.batch_alter_table('plan_person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_person_user_id'), ['user_id'], unique=False)
    op.create_index('ix_record_plans', 'record', ['happened_on'], postgresql_where=sa.text('is_plan'),
                    sqlite_where=sa.text('is_plan = 1'))
    op.create_index('ix_record_next_on', 'record', ['next_on'])
    dates = sa.text("target LIKE 'A.%'")
    op.create_index('ix_evidence_dates', 'evidence', ['dated_on'], postgresql_where=dates, sqlite_where=dates)
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=12), server_default='other', nullable=False))
        batch_op.add_column(sa.Column('record_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_absence_record_id'), 'record', ['record_id'], ['id'])


def downgrade():
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_absence_record_id'), type_='foreignkey')
        batch_op.drop_column('record_id')
        batch_op.drop_column('kind')
    op.drop_index('ix_evidence_dates', 'evidence')
    op.drop_index('ix_record_next_on', 'record')
    op.drop_index('ix_record_plans', 'record')
    for table in ('calendar_feed', 'plan_person', 'plan'):
        op.drop_table(table)
