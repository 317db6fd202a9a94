"""leads in full: other names, people, sharing, answers, scores, reviews, merging

Revision ID: 20261126_leads
Revises: 20261126_clocks
Create Date: 2026-11-26

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261126_leads'
down_revision = '20261126_clocks'
branch_labels = None
depends_on = None

RENAMED = {"nurture": "nurturing", "discarded": "invalid"}


def rename(states):
    lead = sa.table("lead", sa.column("state"))
    for old, new in states:
        op.execute(lead.update().where(lead.c.state == old).values(state=new))


def upgrade():
    op.create_table('site_name',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lead_id', sa.Integer(), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_site_name_by_id')),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_site_name_lead_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_site_name_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_name'))
    )
    with op.batch_alter_table('site_name', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_site_name_lead_id'), ['lead_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_site_name_project_id'), ['project_id'], unique=False)

    op.create_table('lead_contact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lead_id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_lead_contact_contact_id')),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_lead_contact_lead_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead_contact')),
    sa.UniqueConstraint('lead_id', 'contact_id', name=op.f('uq_lead_contact_lead_id_contact_id'))
    )
    with op.batch_alter_table('lead_contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lead_contact_contact_id'), ['contact_id'], unique=False)

    op.create_table('lead_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lead_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_lead_member_lead_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_lead_member_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead_member')),
    sa.UniqueConstraint('lead_id', 'user_id', name=op.f('uq_lead_member_lead_id_user_id'))
    )
    with op.batch_alter_table('lead_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lead_member_user_id'), ['user_id'], unique=False)

    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_contact_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_contact_merged_into_id'), 'contact', ['merged_into_id'], ['id'])

    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state_reason', sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column('review_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('phone', sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('answer_by', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('validity', sa.Numeric(precision=5, scale=1), nullable=True))
        batch_op.add_column(sa.Column('feasibility', sa.Numeric(precision=5, scale=1), nullable=True))
        batch_op.add_column(sa.Column('outcome', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('scored_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('duplicate_of_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('duplicate_project_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.create_index('ix_lead_answer', ['answer_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_duplicate_of_id'), ['duplicate_of_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_duplicate_project_id'), ['duplicate_project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index('ix_lead_review', ['review_on'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_lead_duplicate_of_id'), 'lead', ['duplicate_of_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_lead_duplicate_project_id'), 'project', ['duplicate_project_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_lead_merged_into_id'), 'lead', ['merged_into_id'], ['id'])

    with op.batch_alter_table('party', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_party_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_party_merged_into_id'), 'party', ['merged_into_id'], ['id'])

    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_project_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_project_merged_into_id'), 'project', ['merged_into_id'], ['id'])
    rename(RENAMED.items())


def downgrade():
    rename((new, old) for old, new in RENAMED.items())
    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_project_merged_into_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_project_merged_into_id'))
        batch_op.drop_column('merged_into_id')

    with op.batch_alter_table('party', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_party_merged_into_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_party_merged_into_id'))
        batch_op.drop_column('merged_into_id')

    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_lead_merged_into_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_lead_duplicate_project_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_lead_duplicate_of_id'), type_='foreignkey')
        batch_op.drop_index('ix_lead_review')
        batch_op.drop_index(batch_op.f('ix_lead_merged_into_id'))
        batch_op.drop_index(batch_op.f('ix_lead_duplicate_project_id'))
        batch_op.drop_index(batch_op.f('ix_lead_duplicate_of_id'))
        batch_op.drop_index('ix_lead_answer')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('duplicate_project_id')
        batch_op.drop_column('duplicate_of_id')
        batch_op.drop_column('scored_on')
        batch_op.drop_column('outcome')
        batch_op.drop_column('feasibility')
        batch_op.drop_column('validity')
        batch_op.drop_column('answered_at')
        batch_op.drop_column('answer_by')
        batch_op.drop_column('assigned_at')
        batch_op.drop_column('phone')
        batch_op.drop_column('review_on')
        batch_op.drop_column('state_reason')

    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_contact_merged_into_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_contact_merged_into_id'))
        batch_op.drop_column('merged_into_id')

    with op.batch_alter_table('lead_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lead_member_user_id'))

    op.drop_table('lead_member')
    with op.batch_alter_table('lead_contact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lead_contact_contact_id'))

    op.drop_table('lead_contact')
    with op.batch_alter_table('site_name', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_site_name_project_id'))
        batch_op.drop_index(batch_op.f('ix_site_name_lead_id'))

    op.drop_table('site_name')
