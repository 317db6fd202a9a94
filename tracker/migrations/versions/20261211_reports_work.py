"""reports, annotations, forecasts and suggestions

Revision ID: 20261211_reports_work
Revises: 20261210_calendar_todos
Create Date: 2026-12-11

"""
import json

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261211_reports_work'
down_revision = '20261210_calendar_todos'
branch_labels = None
depends_on = None

LEADING = ('supervisor', 'director', 'general_manager', 'administrator')
NEW = ('annotate', 'suggestion.answer')


def upgrade():
    op.create_table('report_run',
    sa.Column('period', sa.String(length=8), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('period', 'starts_on', name=op.f('pk_report_run'))
    )
    op.create_table('report_form',
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('sections', sa.JSON(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_report_form_by_id')),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_report_form'))
    )
    op.create_table('report_subscription',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=24), nullable=False),
    sa.Column('period', sa.String(length=8), nullable=False),
    sa.Column('day', sa.Integer(), nullable=False),
    sa.Column('hour', sa.Integer(), nullable=False),
    sa.Column('wanted', sa.Boolean(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_report_subscription_by_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_report_subscription_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_subscription')),
    sa.UniqueConstraint('user_id', 'subject', 'period', name=op.f('uq_report_subscription_user_id_subject_period'))
    )
    with op.batch_alter_table('report_subscription', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_subscription_subject'), ['subject'], unique=False)

    op.create_table('suggestion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['answered_by_id'], ['user_account.id'], name=op.f('fk_suggestion_answered_by_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_suggestion_by_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_suggestion_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestion'))
    )
    with op.batch_alter_table('suggestion', schema=None) as batch_op:
        batch_op.create_index('ix_suggestion_by', ['by_id', 'id'], unique=False)
        batch_op.create_index('ix_suggestion_state', ['state', 'id'], unique=False)

    op.create_table('forecast',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('expected_on', sa.Date(), nullable=False),
    sa.Column('sure', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.Column('latest', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_forecast_by_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_forecast_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forecast')),
    sa.UniqueConstraint('project_id', 'seq', name=op.f('uq_forecast_project_id_seq'))
    )
    with op.batch_alter_table('forecast', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_forecast_by_id'), ['by_id'], unique=False)
        batch_op.create_index('ix_forecast_latest', ['latest', 'expected_on', 'project_id'], unique=False)

    op.create_table('report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=24), nullable=False),
    sa.Column('period', sa.String(length=8), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('region_id', sa.Integer(), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('remarks', sa.Text(), nullable=True),
    sa.Column('remarked_by_id', sa.Integer(), nullable=True),
    sa.Column('remarked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('content', sa.JSON(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_report_project_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_report_region_id')),
    sa.ForeignKeyConstraint(['remarked_by_id'], ['user_account.id'], name=op.f('fk_report_remarked_by_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_report_team_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_report_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('subject', 'period', 'starts_on', name=op.f('uq_report_subject_period_starts_on'))
    )
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.create_index('ix_report_period', ['period', 'starts_on', 'subject'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_user_id'), ['user_id'], unique=False)

    op.create_table('report_delivery',
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_delivery_report_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_report_delivery_user_id')),
    sa.PrimaryKeyConstraint('report_id', 'user_id', name=op.f('pk_report_delivery'))
    )
    with op.batch_alter_table('report_delivery', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_delivery_user_id'), ['user_id'], unique=False)

    op.create_table('annotation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('record_id', sa.Integer(), nullable=True),
    sa.Column('photo_id', sa.Integer(), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('lead_id', sa.Integer(), nullable=True),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('to_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_annotation_by_id')),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_annotation_lead_id')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_annotation_photo_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_annotation_project_id')),
    sa.ForeignKeyConstraint(['record_id'], ['record.id'], name=op.f('fk_annotation_record_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_annotation_registration_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_annotation_report_id')),
    sa.ForeignKeyConstraint(['to_id'], ['user_account.id'], name=op.f('fk_annotation_to_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_annotation'))
    )
    with op.batch_alter_table('annotation', schema=None) as batch_op:
        batch_op.create_index('ix_annotation_by', ['by_id', 'state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_annotation_lead_id'), ['lead_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_annotation_photo_id'), ['photo_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_annotation_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_annotation_record_id'), ['record_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_annotation_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_annotation_report_id'), ['report_id'], unique=False)
        batch_op.create_index('ix_annotation_to', ['to_id', 'state', 'id'], unique=False)

    op.create_table('annotation_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('annotation_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('message_id', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['annotation_id'], ['annotation.id'], name=op.f('fk_annotation_answer_annotation_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_annotation_answer_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_annotation_answer')),
    sa.UniqueConstraint('annotation_id', 'message_id', name=op.f('uq_annotation_answer_annotation_id_message_id'))
    )
    with op.batch_alter_table('annotation_answer', schema=None) as batch_op:
        batch_op.create_index('ix_annotation_answer_thread', ['annotation_id', 'id'], unique=False)

    op.create_table('annotation_person',
    sa.Column('annotation_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=8), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['annotation_id'], ['annotation.id'], name=op.f('fk_annotation_person_annotation_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_annotation_person_user_id')),
    sa.PrimaryKeyConstraint('annotation_id', 'user_id', name=op.f('pk_annotation_person')),
    sa.UniqueConstraint('token', name=op.f('uq_annotation_person_token'))
    )
    with op.batch_alter_table('annotation_person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_annotation_person_user_id'), ['user_id'], unique=False)

    with op.batch_alter_table('due_thing', schema=None) as batch_op:
        batch_op.add_column(sa.Column('annotation_id', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_due_thing_annotation_id_key'), ['annotation_id', 'key'])
        batch_op.create_foreign_key(batch_op.f('fk_due_thing_annotation_id'), 'annotation', ['annotation_id'], ['id'])

    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.add_column(sa.Column('annotation_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_notification_annotation_id'), ['annotation_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_notification_annotation_id'), 'annotation', ['annotation_id'], ['id'])

    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=12), server_default='due', nullable=False))
        batch_op.add_column(sa.Column('about_id', sa.Integer(), nullable=True))

    _capabilities(lambda held: [*held, *(one for one in NEW if one not in held)])



def downgrade():
    _capabilities(lambda held: [one for one in held if one not in NEW])
    # what was told of an annotation is about nothing without it
    op.execute("DELETE FROM notification WHERE annotation_id IS NOT NULL")
    op.execute("DELETE FROM due_thing WHERE annotation_id IS NOT NULL")
    op.execute("DELETE FROM outbox WHERE kind <> 'due'")
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_column('about_id')
        batch_op.drop_column('kind')

    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notification_annotation_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_notification_annotation_id'))
        batch_op.drop_column('annotation_id')

    with op.batch_alter_table('due_thing', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_due_thing_annotation_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_due_thing_annotation_id_key'), type_='unique')
        batch_op.drop_column('annotation_id')

    with op.batch_alter_table('annotation_person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_annotation_person_user_id'))

    op.drop_table('annotation_person')
    with op.batch_alter_table('annotation_answer', schema=None) as batch_op:
        batch_op.drop_index('ix_annotation_answer_thread')

    op.drop_table('annotation_answer')
    with op.batch_alter_table('annotation', schema=None) as batch_op:
        batch_op.drop_index('ix_annotation_to')
        batch_op.drop_index(batch_op.f('ix_annotation_report_id'))
        batch_op.drop_index(batch_op.f('ix_annotation_registration_id'))
        batch_op.drop_index(batch_op.f('ix_annotation_record_id'))
        batch_op.drop_index(batch_op.f('ix_annotation_project_id'))
        batch_op.drop_index(batch_op.f('ix_annotation_photo_id'))
        batch_op.drop_index(batch_op.f('ix_annotation_lead_id'))
        batch_op.drop_index('ix_annotation_by')

    op.drop_table('annotation')
    with op.batch_alter_table('report_delivery', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_delivery_user_id'))

    op.drop_table('report_delivery')
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_user_id'))
        batch_op.drop_index(batch_op.f('ix_report_team_id'))
        batch_op.drop_index(batch_op.f('ix_report_project_id'))
        batch_op.drop_index('ix_report_period')

    op.drop_table('report')
    with op.batch_alter_table('forecast', schema=None) as batch_op:
        batch_op.drop_index('ix_forecast_latest')
        batch_op.drop_index(batch_op.f('ix_forecast_by_id'))

    op.drop_table('forecast')
    with op.batch_alter_table('suggestion', schema=None) as batch_op:
        batch_op.drop_index('ix_suggestion_state')
        batch_op.drop_index('ix_suggestion_by')

    op.drop_table('suggestion')
    with op.batch_alter_table('report_subscription', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_report_subscription_subject'))

    op.drop_table('report_subscription')
    op.drop_table('report_form')
    op.drop_table('report_run')


def _capabilities(changed):
    """What those who lead may do."""
    role = sa.table('role', sa.column('id', sa.Integer), sa.column('key', sa.String), sa.column('built_in', sa.Boolean),
                    sa.column('capabilities', sa.JSON))
    connection = op.get_bind()
    rows = sa.select(role.c.id, role.c.capabilities).where(role.c.built_in, role.c.key.in_(LEADING))
    for role_id, held in connection.execute(rows).all():
        held = json.loads(held) if isinstance(held, str) else held
        connection.execute(role.update().where(role.c.id == role_id).values(capabilities=changed(held)))
