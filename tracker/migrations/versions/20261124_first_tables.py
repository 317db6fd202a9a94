"""first tables

Revision ID: 20261124
Revises: 
Create Date: 2026-11-24

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261124'
down_revision = None
branch_labels = None
depends_on = None

# the orders of the list of projects, each with what decides whether a row is shown
ORDERS = {
    'ix_project_name': 'name',
    'ix_project_value': 'value',
    'ix_project_recent': 'last_record_on',
    'ix_project_due': 'next_due_on',
    'ix_project_silent': 'silent_after',
}
# tables of words beside what can be searched: see tracker.search.indexing
WORDS = ('project_words', 'lead_words', 'party_words', 'contact_words')


def upgrade():
    op.create_table('region',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_region')),
    sa.UniqueConstraint('name', name=op.f('uq_region_name'))
    )
    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('name_zh', sa.String(length=80), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('scope', sa.String(length=16), nullable=False),
    sa.Column('capabilities', sa.JSON(), nullable=False),
    sa.Column('built_in', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role')),
    sa.UniqueConstraint('key', name=op.f('uq_role_key'))
    )
    op.create_table('team',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('path', sa.String(length=200), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=True),
    sa.Column('supervisor_id', sa.Integer(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['team.id'], name=op.f('fk_team_parent_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_team_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team'))
    )
    with op.batch_alter_table('team', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_path'), ['path'], unique=False)

    op.create_table('user_account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('username', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('email', sa.String(length=200), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('post', sa.String(length=80), nullable=True),
    sa.Column('department', sa.String(length=32), nullable=True),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('party_id', sa.Integer(), nullable=True),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('locale', sa.String(length=8), nullable=True),
    sa.Column('timezone', sa.String(length=40), nullable=True),
    sa.Column('theme', sa.String(length=8), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_user_account_role_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_user_account_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_account')),
    sa.UniqueConstraint('username', name=op.f('uq_user_account_username'))
    )
    with op.batch_alter_table('user_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_user_account_department'), ['department'], unique=False)
        batch_op.create_index(batch_op.f('ix_user_account_party_id'), ['party_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_user_account_team_id'), ['team_id'], unique=False)

    op.create_table('definition_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['published_by_id'], ['user_account.id'], name=op.f('fk_definition_version_published_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_definition_version')),
    sa.UniqueConstraint('key', 'version', name=op.f('uq_definition_version_key_version'))
    )
    op.create_table('event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('subject', sa.String(length=24), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_event_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index('ix_event_project', ['project_id', 'id'], unique=False)
        batch_op.create_index('ix_event_subject', ['subject', 'subject_id', 'id'], unique=False)

    op.create_table('import_run',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('file_key', sa.String(length=120), nullable=True),
    sa.Column('rejected_key', sa.String(length=120), nullable=True),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('rows_done', sa.Integer(), nullable=False),
    sa.Column('rows_total', sa.Integer(), nullable=False),
    sa.Column('created', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('beat_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fault', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_import_run_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_run'))
    )
    op.create_table('party',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('short_name', sa.String(length=80), nullable=True),
    sa.Column('name_key', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=True),
    sa.Column('address', sa.String(length=300), nullable=True),
    sa.Column('phone', sa.String(length=60), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_party_created_by_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_party_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party'))
    )
    with op.batch_alter_table('party', schema=None) as batch_op:
        batch_op.create_index('ix_party_kind', ['kind', 'name'], unique=False)
        batch_op.create_index(batch_op.f('ix_party_name'), ['name'], unique=False)
        batch_op.create_index(batch_op.f('ix_party_name_key'), ['name_key'], unique=False)

    op.create_table('password_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_password_link_created_by_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_password_link_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_password_link')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_password_link_token_hash'))
    )
    op.create_table('submission',
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('record_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_submission_user_id')),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_submission'))
    )
    op.create_table('user_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=True),
    sa.Column('agent', sa.Text(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_user_session_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_user_session_token_hash'))
    )
    with op.batch_alter_table('user_session', schema=None) as batch_op:
        batch_op.create_index('ix_user_session_live', ['user_id', 'revoked_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_user_session_user_id'), ['user_id'], unique=False)

    op.create_table('contact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('post', sa.String(length=80), nullable=True),
    sa.Column('phone', sa.String(length=60), nullable=True),
    sa.Column('email', sa.String(length=200), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('last_met_on', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_contact_created_by_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_contact_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact'))
    )
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_name'), ['name'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_party_id'), ['party_id'], unique=False)

    op.create_table('project',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('definition_key', sa.String(length=40), nullable=False),
    sa.Column('definition_version', sa.Integer(), nullable=False),
    sa.Column('route', sa.String(length=32), nullable=False),
    sa.Column('phase', sa.String(length=32), nullable=False),
    sa.Column('phase_since', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('region_id', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(length=32), nullable=True),
    sa.Column('address', sa.String(length=300), nullable=True),
    sa.Column('plot_number', sa.String(length=80), nullable=True),
    sa.Column('latitude', sa.Numeric(precision=9, scale=6, asdecimal=False), nullable=True),
    sa.Column('longitude', sa.Numeric(precision=9, scale=6, asdecimal=False), nullable=True),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('step_since', sa.Date(), nullable=False),
    sa.Column('developer_id', sa.Integer(), nullable=True),
    sa.Column('dealer_id', sa.Integer(), nullable=True),
    sa.Column('last_record_on', sa.Date(), nullable=True),
    sa.Column('silent_after', sa.Date(), nullable=True),
    sa.Column('next_due_on', sa.Date(), nullable=True),
    sa.Column('open_tasks', sa.Integer(), nullable=False),
    sa.Column('stranded_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_project_created_by_id')),
    sa.ForeignKeyConstraint(['dealer_id'], ['party.id'], name=op.f('fk_project_dealer_id')),
    sa.ForeignKeyConstraint(['developer_id'], ['party.id'], name=op.f('fk_project_developer_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['user_account.id'], name=op.f('fk_project_owner_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_project_region_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_project_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project'))
    )
    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.create_index('ix_project_cell', ['phase', 'step', 'last_record_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_dealer_id'), ['dealer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_developer_id'), ['developer_id'], unique=False)
        batch_op.create_index('ix_project_owner', ['owner_id', 'last_record_on'], unique=False)
        batch_op.create_index('ix_project_owner_due', ['owner_id', 'next_due_on'], unique=False)
        batch_op.create_index('ix_project_owner_silent', ['owner_id', 'silent_after'], unique=False)
        batch_op.create_index('ix_project_place', ['latitude', 'longitude'], unique=False)
        batch_op.create_index('ix_project_region', ['region_id', 'last_record_on'], unique=False)
        batch_op.create_index('ix_project_stalled', ['team_id', 'phase', 'step', 'silent_after'], unique=False)
        batch_op.create_index('ix_project_team', ['team_id', 'last_record_on'], unique=False)
        for name, column in ORDERS.items():
            rest = [] if column == 'silent_after' else ['silent_after']
            batch_op.create_index(name, [column, 'id', 'state', 'team_id', 'owner_id', *rest], unique=False)

    op.create_table('project_tally',
    sa.Column('phase', sa.String(length=32), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('projects', sa.Integer(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_project_tally_team_id')),
    sa.PrimaryKeyConstraint('phase', 'step', 'team_id', 'state', name=op.f('pk_project_tally')),
    sqlite_with_rowid=False,
    )
    op.create_table('approval',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('wish', sa.JSON(), nullable=False),
    sa.Column('fingerprint', sa.String(length=80), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('complete_by', sa.Date(), nullable=True),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user_account.id'], name=op.f('fk_approval_asked_by_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id'], name=op.f('fk_approval_decided_by_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_approval_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval'))
    )
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approval_asked_by_id'), ['asked_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_fingerprint'), ['fingerprint'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_approval_state'), ['state'], unique=False)

    op.create_table('building',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('step_since', sa.Date(), nullable=False),
    sa.Column('unverified', sa.Boolean(), nullable=False),
    sa.Column('floor', sa.Integer(), nullable=True),
    sa.Column('floors', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_building_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_building'))
    )
    with op.batch_alter_table('building', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_building_project_id'), ['project_id'], unique=False)

    op.create_table('category_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('main', sa.Boolean(), nullable=False),
    sa.Column('phase', sa.String(length=32), nullable=True),
    sa.Column('result', sa.String(length=16), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=True),
    sa.Column('unit', sa.String(length=16), nullable=True),
    sa.Column('value', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_category_line_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_category_line')),
    sa.UniqueConstraint('project_id', 'category', name=op.f('uq_category_line_project_id_category'))
    )
    with op.batch_alter_table('category_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_category_line_category'), ['category'], unique=False)

    op.create_table('lead',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=True),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('found_on', sa.Date(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('region_id', sa.Integer(), nullable=True),
    sa.Column('developer_id', sa.Integer(), nullable=True),
    sa.Column('dealer_id', sa.Integer(), nullable=True),
    sa.Column('address', sa.String(length=300), nullable=True),
    sa.Column('plot_number', sa.String(length=80), nullable=True),
    sa.Column('latitude', sa.Numeric(precision=9, scale=6, asdecimal=False), nullable=True),
    sa.Column('longitude', sa.Numeric(precision=9, scale=6, asdecimal=False), nullable=True),
    sa.Column('value', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('area', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('owes_evidence', sa.Boolean(), nullable=False),
    sa.Column('import_key', sa.String(length=80), nullable=True),
    sa.Column('import_run_id', sa.Integer(), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_lead_created_by_id')),
    sa.ForeignKeyConstraint(['dealer_id'], ['party.id'], name=op.f('fk_lead_dealer_id')),
    sa.ForeignKeyConstraint(['developer_id'], ['party.id'], name=op.f('fk_lead_developer_id')),
    sa.ForeignKeyConstraint(['import_run_id'], ['import_run.id'], name=op.f('fk_lead_import_run_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['user_account.id'], name=op.f('fk_lead_owner_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_lead_project_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_lead_region_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_lead_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead')),
    sa.UniqueConstraint('import_key', name=op.f('uq_lead_import_key'))
    )
    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lead_dealer_id'), ['dealer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_developer_id'), ['developer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_import_run_id'), ['import_run_id'], unique=False)
        batch_op.create_index('ix_lead_list', ['team_id', 'state', 'found_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_lead_place', ['latitude', 'longitude'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_plot_number'), ['plot_number'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_project_id'), ['project_id'], unique=False)

    op.create_table('project_contact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=True),
    sa.Column('attitude', sa.String(length=16), nullable=False),
    sa.Column('last_met_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_project_contact_contact_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_contact_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_contact')),
    sa.UniqueConstraint('project_id', 'contact_id', name=op.f('uq_project_contact_project_id_contact_id'))
    )
    with op.batch_alter_table('project_contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_contact_contact_id'), ['contact_id'], unique=False)

    op.create_table('project_desk',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('department', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_desk_project_id')),
    sa.PrimaryKeyConstraint('project_id', 'department', name=op.f('pk_project_desk'))
    )
    with op.batch_alter_table('project_desk', schema=None) as batch_op:
        batch_op.create_index('ix_project_desk_department', ['department', 'project_id'], unique=False)

    op.create_table('project_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('department', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_member_project_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_project_member_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_member')),
    sa.UniqueConstraint('project_id', 'user_id', name=op.f('uq_project_member_project_id_user_id'))
    )
    with op.batch_alter_table('project_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_member_user_id'), ['user_id'], unique=False)

    op.create_table('project_party',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_project_party_party_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_party_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_party')),
    sa.UniqueConstraint('project_id', 'party_id', 'role', name=op.f('uq_project_party_project_id_party_id_role'))
    )
    with op.batch_alter_table('project_party', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_party_party_id'), ['party_id'], unique=False)

    op.create_table('lead_party',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lead_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_lead_party_lead_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_lead_party_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead_party')),
    sa.UniqueConstraint('lead_id', 'party_id', 'role', name=op.f('uq_lead_party_lead_id_party_id_role'))
    )
    with op.batch_alter_table('lead_party', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lead_party_party_id'), ['party_id'], unique=False)

    op.create_table('move',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('building_id', sa.Integer(), nullable=True),
    sa.Column('axis', sa.String(length=8), nullable=False),
    sa.Column('source', sa.String(length=32), nullable=True),
    sa.Column('target', sa.String(length=32), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.Column('proof', sa.String(length=16), nullable=True),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('approval_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_move_building_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_move_by_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_move_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_move'))
    )
    with op.batch_alter_table('move', schema=None) as batch_op:
        batch_op.create_index('ix_move_project', ['project_id', 'axis', 'on'], unique=False)

    op.create_table('record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('lead_id', sa.Integer(), nullable=True),
    sa.Column('building_id', sa.Integer(), nullable=True),
    sa.Column('phase', sa.String(length=32), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('department', sa.String(length=32), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('is_plan', sa.Boolean(), nullable=False),
    sa.Column('late_entry', sa.Boolean(), nullable=False),
    sa.Column('next_step', sa.String(length=300), nullable=True),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_record_author_id')),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_record_building_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_record_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record'))
    )
    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.create_index('ix_record_author', ['author_id', 'happened_on'], unique=False)
        batch_op.create_index('ix_record_promised', ['author_id', 'next_on'], unique=False)
        batch_op.create_index('ix_record_cell', ['project_id', 'phase', 'step', 'happened_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_record_lead_id'), ['lead_id'], unique=False)

    op.create_table('correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('record_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_correction_by_id')),
    sa.ForeignKeyConstraint(['record_id'], ['record.id'], name=op.f('fk_correction_record_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_correction_record_id'), ['record_id'], unique=False)

    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('record_id', sa.Integer(), nullable=True),
    sa.Column('target', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('dated_on', sa.Date(), nullable=False),
    sa.Column('recorded_on', sa.Date(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_evidence_by_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_evidence_project_id')),
    sa.ForeignKeyConstraint(['record_id'], ['record.id'], name=op.f('fk_evidence_record_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_evidence_record_id'), ['record_id'], unique=False)

    op.create_table('photo',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('lead_id', sa.Integer(), nullable=True),
    sa.Column('building_id', sa.Integer(), nullable=True),
    sa.Column('record_id', sa.Integer(), nullable=True),
    sa.Column('phase', sa.String(length=32), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('uploader_id', sa.Integer(), nullable=True),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('taken_from', sa.String(length=8), nullable=True),
    sa.Column('latitude', sa.Numeric(precision=9, scale=6, asdecimal=False), nullable=True),
    sa.Column('longitude', sa.Numeric(precision=9, scale=6, asdecimal=False), nullable=True),
    sa.Column('place_from', sa.String(length=8), nullable=True),
    sa.Column('caption', sa.String(length=300), nullable=True),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('mime', sa.String(length=40), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('dhash', sa.BigInteger(), nullable=True),
    sa.Column('camera', sa.String(length=80), nullable=True),
    sa.Column('original_key', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_photo_building_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_photo_project_id')),
    sa.ForeignKeyConstraint(['record_id'], ['record.id'], name=op.f('fk_photo_record_id')),
    sa.ForeignKeyConstraint(['uploader_id'], ['user_account.id'], name=op.f('fk_photo_uploader_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo')),
    sa.UniqueConstraint('token', name=op.f('uq_photo_token'))
    )
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_lead_id'), ['lead_id'], unique=False)
        batch_op.create_index('ix_photo_project', ['project_id', 'phase', 'step', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_photo_record_id'), ['record_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_photo_sha256'), ['sha256'], unique=False)

    op.create_table('record_contact',
    sa.Column('record_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_record_contact_contact_id')),
    sa.ForeignKeyConstraint(['record_id'], ['record.id'], name=op.f('fk_record_contact_record_id')),
    sa.PrimaryKeyConstraint('record_id', 'contact_id', name=op.f('pk_record_contact'))
    )
    op.create_table('record_hint',
    sa.Column('record_id', sa.Integer(), nullable=False),
    sa.Column('hint_id', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['record_id'], ['record.id'], name=op.f('fk_record_hint_record_id')),
    sa.PrimaryKeyConstraint('record_id', 'hint_id', name=op.f('pk_record_hint'))
    )
    for name in WORDS:
        if op.get_bind().dialect.name == 'sqlite':
            # our tokens are cut and folded already: the tokenizer only parts them at spaces
            op.execute(f"CREATE VIRTUAL TABLE {name} USING fts5(words, tokenize='ascii', detail=none, columnsize=0)")
        else:
            op.execute(f'CREATE TABLE {name} (rowid bigint PRIMARY KEY, words tsvector NOT NULL)')
            op.execute(f'CREATE INDEX ix_{name} ON {name} USING gin (words)')
    # tables that refer to each other in a circle
    with op.batch_alter_table('team') as batch_op:
        batch_op.create_foreign_key(op.f('fk_team_supervisor_id'), 'user_account', ['supervisor_id'], ['id'])
    with op.batch_alter_table('user_account') as batch_op:
        batch_op.create_foreign_key(op.f('fk_user_account_party_id'), 'party', ['party_id'], ['id'])
    with op.batch_alter_table('move') as batch_op:
        batch_op.create_foreign_key(op.f('fk_move_approval_id'), 'approval', ['approval_id'], ['id'])
    with op.batch_alter_table('record') as batch_op:
        batch_op.create_foreign_key(op.f('fk_record_lead_id'), 'lead', ['lead_id'], ['id'])
    with op.batch_alter_table('photo') as batch_op:
        batch_op.create_foreign_key(op.f('fk_photo_lead_id'), 'lead', ['lead_id'], ['id'])


def downgrade():
    for name in reversed(WORDS):
        op.execute(f'DROP TABLE {name}')
    with op.batch_alter_table('team') as batch_op:
        batch_op.drop_constraint(op.f('fk_team_supervisor_id'), type_='foreignkey')
    with op.batch_alter_table('user_account') as batch_op:
        batch_op.drop_constraint(op.f('fk_user_account_party_id'), type_='foreignkey')
    with op.batch_alter_table('move') as batch_op:
        batch_op.drop_constraint(op.f('fk_move_approval_id'), type_='foreignkey')
    with op.batch_alter_table('record') as batch_op:
        batch_op.drop_constraint(op.f('fk_record_lead_id'), type_='foreignkey')
    with op.batch_alter_table('photo') as batch_op:
        batch_op.drop_constraint(op.f('fk_photo_lead_id'), type_='foreignkey')
    op.drop_table('record_hint')
    op.drop_table('record_contact')
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_photo_sha256'))
        batch_op.drop_index(batch_op.f('ix_photo_record_id'))
        batch_op.drop_index('ix_photo_project')
        batch_op.drop_index(batch_op.f('ix_photo_lead_id'))

    op.drop_table('photo')
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_record_id'))
        batch_op.drop_index(batch_op.f('ix_evidence_project_id'))

    op.drop_table('evidence')
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_correction_record_id'))

    op.drop_table('correction')
    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_record_lead_id'))
        batch_op.drop_index('ix_record_cell')
        batch_op.drop_index('ix_record_promised')
        batch_op.drop_index('ix_record_author')

    op.drop_table('record')
    with op.batch_alter_table('move', schema=None) as batch_op:
        batch_op.drop_index('ix_move_project')

    op.drop_table('move')
    with op.batch_alter_table('lead_party', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lead_party_party_id'))

    op.drop_table('lead_party')
    with op.batch_alter_table('project_party', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_party_party_id'))

    op.drop_table('project_party')
    with op.batch_alter_table('project_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_member_user_id'))

    op.drop_table('project_member')
    with op.batch_alter_table('project_desk', schema=None) as batch_op:
        batch_op.drop_index('ix_project_desk_department')

    op.drop_table('project_desk')
    with op.batch_alter_table('project_contact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_contact_contact_id'))

    op.drop_table('project_contact')
    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lead_project_id'))
        batch_op.drop_index(batch_op.f('ix_lead_plot_number'))
        batch_op.drop_index('ix_lead_place')
        batch_op.drop_index(batch_op.f('ix_lead_owner_id'))
        batch_op.drop_index('ix_lead_list')
        batch_op.drop_index(batch_op.f('ix_lead_import_run_id'))
        batch_op.drop_index(batch_op.f('ix_lead_developer_id'))
        batch_op.drop_index(batch_op.f('ix_lead_dealer_id'))

    op.drop_table('lead')
    with op.batch_alter_table('category_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_category_line_category'))

    op.drop_table('category_line')
    with op.batch_alter_table('building', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_building_project_id'))

    op.drop_table('building')
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approval_state'))
        batch_op.drop_index(batch_op.f('ix_approval_project_id'))
        batch_op.drop_index(batch_op.f('ix_approval_fingerprint'))
        batch_op.drop_index(batch_op.f('ix_approval_asked_by_id'))

    op.drop_table('approval')
    op.drop_table('project_tally')
    with op.batch_alter_table('project', schema=None) as batch_op:
        for name in reversed(ORDERS):
            batch_op.drop_index(name)
        batch_op.drop_index('ix_project_team')
        batch_op.drop_index('ix_project_stalled')
        batch_op.drop_index('ix_project_region')
        batch_op.drop_index('ix_project_place')
        batch_op.drop_index('ix_project_owner_silent')
        batch_op.drop_index('ix_project_owner_due')
        batch_op.drop_index('ix_project_owner')
        batch_op.drop_index(batch_op.f('ix_project_developer_id'))
        batch_op.drop_index(batch_op.f('ix_project_dealer_id'))
        batch_op.drop_index('ix_project_cell')

    op.drop_table('project')
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_party_id'))
        batch_op.drop_index(batch_op.f('ix_contact_name'))

    op.drop_table('contact')
    with op.batch_alter_table('user_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_user_session_user_id'))
        batch_op.drop_index('ix_user_session_live')

    op.drop_table('user_session')
    op.drop_table('submission')
    op.drop_table('password_link')
    with op.batch_alter_table('party', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_party_name_key'))
        batch_op.drop_index(batch_op.f('ix_party_name'))
        batch_op.drop_index('ix_party_kind')

    op.drop_table('party')
    op.drop_table('import_run')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index('ix_event_subject')
        batch_op.drop_index('ix_event_project')

    op.drop_table('event')
    op.drop_table('definition_version')
    with op.batch_alter_table('user_account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_user_account_team_id'))
        batch_op.drop_index(batch_op.f('ix_user_account_party_id'))
        batch_op.drop_index(batch_op.f('ix_user_account_department'))

    op.drop_table('user_account')
    with op.batch_alter_table('team', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_team_path'))

    op.drop_table('team')
    op.drop_table('role')
    op.drop_table('region')
