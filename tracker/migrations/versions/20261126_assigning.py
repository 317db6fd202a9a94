"""who gets a lead: territories, skills, rules, limits of the pool, claims

Revision ID: 20261126_assigning
Revises: 20261126_judging
Create Date: 2026-11-26

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261126_assigning'
down_revision = '20261126_judging'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('pool_limit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=True),
    sa.Column('waiting', sa.Integer(), nullable=False),
    sa.Column('a_day', sa.Integer(), nullable=False),
    sa.Column('load', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_pool_limit_role_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pool_limit')),
    sa.UniqueConstraint('role_id', name=op.f('uq_pool_limit_role_id'))
    )
    op.create_table('assignment_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('region_id', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(length=32), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=True),
    sa.Column('least_value', sa.BigInteger(), nullable=True),
    sa.Column('to', sa.String(length=12), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('to_team_id', sa.Integer(), nullable=True),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_assignment_rule_region_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_assignment_rule_team_id')),
    sa.ForeignKeyConstraint(['to_team_id'], ['team.id'], name=op.f('fk_assignment_rule_to_team_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_assignment_rule_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment_rule'))
    )
    with op.batch_alter_table('assignment_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_rule_team_id'), ['team_id'], unique=False)

    op.create_table('skill',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=12), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_skill_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skill')),
    sa.UniqueConstraint('user_id', 'what', 'key', name=op.f('uq_skill_user_id_what_key'))
    )
    op.create_table('territory',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=True),
    sa.Column('district', sa.String(length=60), nullable=True),
    sa.Column('latitude', sa.Numeric(precision=9, scale=6, asdecimal=False), nullable=True),
    sa.Column('longitude', sa.Numeric(precision=9, scale=6, asdecimal=False), nullable=True),
    sa.Column('radius_km', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_territory_region_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_territory_team_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_territory_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_territory'))
    )
    with op.batch_alter_table('territory', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_territory_team_id'), ['team_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_territory_user_id'), ['user_id'], unique=False)

    op.create_table('lead_claim',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lead_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_lead_claim_lead_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_lead_claim_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead_claim'))
    )
    with op.batch_alter_table('lead_claim', schema=None) as batch_op:
        batch_op.create_index('ix_lead_claim_day', ['user_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_lead_claim_lead_id'), ['lead_id'], unique=False)


def downgrade():
    with op.batch_alter_table('lead_claim', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_lead_claim_lead_id'))
        batch_op.drop_index('ix_lead_claim_day')

    op.drop_table('lead_claim')
    with op.batch_alter_table('territory', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_territory_user_id'))
        batch_op.drop_index(batch_op.f('ix_territory_team_id'))

    op.drop_table('territory')
    op.drop_table('skill')
    with op.batch_alter_table('assignment_rule', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignment_rule_team_id'))

    op.drop_table('assignment_rule')
    op.drop_table('pool_limit')
