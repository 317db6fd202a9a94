"""designers' levels, occasions and what people are given

Revision ID: 20261201_rewards
Revises: 20261130_firms_tally
Create Date: 2026-12-01

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261201_rewards'
down_revision = '20261130_firms_tally'
branch_labels = None
depends_on = None

GAINING = ('salesperson', 'key_accounts', 'specialist', 'supervisor', 'director', 'general_manager', 'administrator')
NEW = 'reward.enter'


def change_roles(gain):
    """Let the roles that the product brings enter what people are given, or take it from them again."""
    role = sa.table('role', sa.column('key'), sa.column('built_in'), sa.column('capabilities', sa.JSON))
    connection = op.get_bind()
    rows = connection.execute(sa.select(role.c.key, role.c.capabilities).where(role.c.built_in, role.c.key.in_(GAINING)))
    for key, capabilities in rows.all():
        changed = [name for name in capabilities if name != NEW] + ([NEW] if gain else [])
        connection.execute(role.update().where(role.c.key == key).values(capabilities=sorted(changed)))


def upgrade():
    change_roles(gain=True)
    op.create_table('advocacy_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=16), nullable=False),
    sa.Column('before', sa.String(length=16), nullable=True),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_advocacy_entry_by_id')),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_advocacy_entry_contact_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advocacy_entry'))
    )
    with op.batch_alter_table('advocacy_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_advocacy_entry_contact_id'), ['contact_id'], unique=False)
    op.create_table('occasion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('place', sa.String(length=120), nullable=True),
    sa.Column('programme', sa.Text(), nullable=False),
    sa.Column('per_head', sa.BigInteger(), nullable=False),
    sa.Column('called_off', sa.String(length=300), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_occasion_by_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_occasion_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_occasion'))
    )
    with op.batch_alter_table('occasion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_occasion_on'), ['on'], unique=False)
    op.create_table('reward',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('occasion_id', sa.Integer(), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('what', sa.String(length=200), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('needs_papers', sa.Boolean(), nullable=False),
    sa.Column('approval_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.String(length=12), nullable=True),
    sa.Column('given_on', sa.Date(), nullable=True),
    sa.Column('given_value', sa.BigInteger(), nullable=True),
    sa.Column('papers_on', sa.Date(), nullable=True),
    sa.Column('papers_note', sa.String(length=300), nullable=True),
    sa.Column('called_off', sa.String(length=300), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['approval_id'], ['approval.id'], name=op.f('fk_reward_approval_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_reward_by_id')),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_reward_contact_id')),
    sa.ForeignKeyConstraint(['occasion_id'], ['occasion.id'], name=op.f('fk_reward_occasion_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_reward_project_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_reward_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reward')),
    sa.UniqueConstraint('occasion_id', 'contact_id', name=op.f('uq_reward_occasion_id_contact_id'))
    )
    with op.batch_alter_table('reward', schema=None) as batch_op:
        for name in ('approval_id', 'by_id', 'contact_id', 'project_id'):
            batch_op.create_index(batch_op.f(f'ix_reward_{name}'), [name], unique=False)
        batch_op.create_index('ix_reward_planned', ['given_on', 'on'], unique=False)
    with op.batch_alter_table('project_contact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('leads_design', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    with op.batch_alter_table('document', schema=None) as batch_op:
        for name in ('reward', 'occasion'):
            batch_op.add_column(sa.Column(f'{name}_id', sa.Integer(), nullable=True))
            batch_op.create_index(batch_op.f(f'ix_document_{name}_id'), [f'{name}_id'], unique=False)
            batch_op.create_foreign_key(batch_op.f(f'fk_document_{name}_id'), name, [f'{name}_id'], ['id'])
    with op.batch_alter_table('due_thing', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reward_id', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_due_thing_reward_id_key'), ['reward_id', 'key'])
        batch_op.create_foreign_key(batch_op.f('fk_due_thing_reward_id'), 'reward', ['reward_id'], ['id'])
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reward_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_notification_reward_id'), ['reward_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_notification_reward_id'), 'reward', ['reward_id'], ['id'])


def downgrade():
    op.execute('DELETE FROM notification WHERE reward_id IS NOT NULL')
    op.execute('DELETE FROM due_thing WHERE reward_id IS NOT NULL')
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notification_reward_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_notification_reward_id'))
        batch_op.drop_column('reward_id')
    with op.batch_alter_table('due_thing', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_due_thing_reward_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_due_thing_reward_id_key'), type_='unique')
        batch_op.drop_column('reward_id')
    with op.batch_alter_table('document', schema=None) as batch_op:
        for name in ('occasion', 'reward'):
            batch_op.drop_constraint(batch_op.f(f'fk_document_{name}_id'), type_='foreignkey')
            batch_op.drop_index(batch_op.f(f'ix_document_{name}_id'))
            batch_op.drop_column(f'{name}_id')
    with op.batch_alter_table('project_contact', schema=None) as batch_op:
        batch_op.drop_column('leads_design')
    op.drop_table('reward')
    op.drop_table('occasion')
    op.drop_table('advocacy_entry')
    change_roles(gain=False)
