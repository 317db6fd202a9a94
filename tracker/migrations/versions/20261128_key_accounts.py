"""key accounts, frame agreements and partner makers

Revision ID: 20261128_accounts
Revises: 20261127_parties
Create Date: 2026-11-28

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261128_accounts'
down_revision = '20261127_parties'
branch_labels = None
depends_on = None

GAINS = {
    'key_accounts': ('account.edit', 'account.prices'),
    'supervisor': ('account.edit', 'account.prices'),
    'director': ('account.edit', 'account.prices'),
    'general_manager': ('account.edit', 'account.prices'),
    'administrator': ('account.edit', 'account.prices'),
    'compliance': ('account.prices',),
}


def change_roles(gain):
    """Let the roles that the product brings look after accounts and know their prices, or take it from them again."""
    role = sa.table('role', sa.column('key'), sa.column('built_in'), sa.column('capabilities', sa.JSON))
    connection = op.get_bind()
    rows = connection.execute(sa.select(role.c.key, role.c.capabilities).where(role.c.built_in, role.c.key.in_(GAINS)))
    for key, capabilities in rows.all():
        changed = [name for name in capabilities if name not in GAINS[key]] + list(GAINS[key] if gain else ())
        connection.execute(role.update().where(role.c.key == key).values(capabilities=sorted(changed)))


def upgrade():
    change_roles(gain=True)
    op.create_table('key_account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('wake_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_key_account_created_by_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['user_account.id'], name=op.f('fk_key_account_owner_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_key_account_party_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_key_account_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_account')),
    sa.UniqueConstraint('party_id', name=op.f('uq_key_account_party_id'))
    )
    with op.batch_alter_table('key_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_key_account_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_key_account_wake_on'), ['wake_on'], unique=False)

    op.create_table('account_goal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('step', sa.String(length=16), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.Column('dropped', sa.String(length=300), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['key_account.id'], name=op.f('fk_account_goal_account_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_account_goal_by_id')),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_account_goal_contact_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_goal'))
    )
    with op.batch_alter_table('account_goal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_goal_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index('ix_account_goal_year', ['account_id', 'year'], unique=False)

    op.create_table('account_party',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['key_account.id'], name=op.f('fk_account_party_account_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_account_party_by_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_account_party_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_party')),
    sa.UniqueConstraint('account_id', 'party_id', name=op.f('uq_account_party_account_id_party_id'))
    )
    with op.batch_alter_table('account_party', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_party_party_id'), ['party_id'], unique=False)

    op.create_table('account_relation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('market', sa.String(length=12), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('why', sa.String(length=300), nullable=True),
    sa.Column('gone_on', sa.Date(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['key_account.id'], name=op.f('fk_account_relation_account_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_account_relation_by_id')),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_account_relation_contact_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_account_relation_party_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_account_relation_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_relation'))
    )
    with op.batch_alter_table('account_relation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_relation_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_relation_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_relation_party_id'), ['party_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_relation_user_id'), ['user_id'], unique=False)

    op.create_table('account_review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['key_account.id'], name=op.f('fk_account_review_account_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_account_review_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_review'))
    )
    with op.batch_alter_table('account_review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_review_account_id'), ['account_id'], unique=False)

    op.create_table('frame_agreement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('terms', sa.Text(), nullable=True),
    sa.Column('renews_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['key_account.id'], name=op.f('fk_frame_agreement_account_id')),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_frame_agreement_created_by_id')),
    sa.ForeignKeyConstraint(['renews_id'], ['frame_agreement.id'], name=op.f('fk_frame_agreement_renews_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frame_agreement')),
    sa.UniqueConstraint('number', name=op.f('uq_frame_agreement_number'))
    )
    with op.batch_alter_table('frame_agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_frame_agreement_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_frame_agreement_renews_id'), ['renews_id'], unique=False)
        batch_op.create_index('ix_frame_agreement_until', ['valid_until'], unique=False)

    op.create_table('ladder_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('step', sa.String(length=16), nullable=True),
    sa.Column('before', sa.String(length=16), nullable=True),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('evidence', sa.String(length=300), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['key_account.id'], name=op.f('fk_ladder_entry_account_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_ladder_entry_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ladder_entry'))
    )
    with op.batch_alter_table('ladder_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ladder_entry_account_id'), ['account_id'], unique=False)

    op.create_table('wallet_estimate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('purchases', sa.BigInteger(), nullable=False),
    sa.Column('grounds', sa.String(length=300), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['key_account.id'], name=op.f('fk_wallet_estimate_account_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_wallet_estimate_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wallet_estimate'))
    )
    with op.batch_alter_table('wallet_estimate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wallet_estimate_account_id'), ['account_id'], unique=False)

    op.create_table('account_action',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('relation_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('text', sa.String(length=300), nullable=False),
    sa.Column('with_whom', sa.String(length=200), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['key_account.id'], name=op.f('fk_account_action_account_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_account_action_by_id')),
    sa.ForeignKeyConstraint(['relation_id'], ['account_relation.id'], name=op.f('fk_account_action_relation_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_account_action_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_action'))
    )
    with op.batch_alter_table('account_action', schema=None) as batch_op:
        batch_op.create_index('ix_account_action_due', ['account_id', 'due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_action_relation_id'), ['relation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_action_user_id'), ['user_id'], unique=False)

    op.create_table('agreement_category',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('price_basis', sa.String(length=16), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=True),
    sa.Column('unit', sa.String(length=16), nullable=True),
    sa.Column('value', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['frame_agreement.id'], name=op.f('fk_agreement_category_agreement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_category')),
    sa.UniqueConstraint('agreement_id', 'category', name=op.f('uq_agreement_category_agreement_id_category'))
    )
    op.create_table('agreement_price',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('product', sa.String(length=200), nullable=False),
    sa.Column('unit', sa.String(length=16), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['frame_agreement.id'], name=op.f('fk_agreement_price_agreement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_price'))
    )
    with op.batch_alter_table('agreement_price', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agreement_price_agreement_id'), ['agreement_id'], unique=False)

    op.create_table('call_off',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('product', sa.String(length=200), nullable=True),
    sa.Column('quantity', sa.BigInteger(), nullable=True),
    sa.Column('unit', sa.String(length=16), nullable=True),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.Column('void', sa.String(length=300), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['frame_agreement.id'], name=op.f('fk_call_off_agreement_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_call_off_by_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_call_off_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_off'))
    )
    with op.batch_alter_table('call_off', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_off_agreement_id'), ['agreement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_call_off_project_id'), ['project_id'], unique=False)

    op.create_table('project_share',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('building_id', sa.Integer(), nullable=True),
    sa.Column('quantity', sa.BigInteger(), nullable=True),
    sa.Column('unit', sa.String(length=16), nullable=True),
    sa.Column('agreed_on', sa.Date(), nullable=False),
    sa.Column('terms', sa.Text(), nullable=True),
    sa.Column('named_only', sa.Boolean(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('ended_why', sa.String(length=300), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['building_id'], ['building.id'], name=op.f('fk_project_share_building_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_project_share_by_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_project_share_party_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_project_share_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_share'))
    )
    with op.batch_alter_table('project_share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_share_party_id'), ['party_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_share_project_id'), ['project_id'], unique=False)

    op.create_table('share_viewer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('share_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['share_id'], ['project_share.id'], name=op.f('fk_share_viewer_share_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_share_viewer_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_share_viewer')),
    sa.UniqueConstraint('share_id', 'user_id', name=op.f('uq_share_viewer_share_id_user_id'))
    )
    with op.batch_alter_table('share_viewer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_share_viewer_user_id'), ['user_id'], unique=False)

    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.add_column(sa.Column('agreement_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('share_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_document_agreement_id'), ['agreement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_document_share_id'), ['share_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_document_agreement_id'), 'frame_agreement', ['agreement_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_document_share_id'), 'project_share', ['share_id'], ['id'])

    with op.batch_alter_table('due_thing', schema=None) as batch_op:
        batch_op.add_column(sa.Column('account_id', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_due_thing_account_id_key'), ['account_id', 'key'])
        batch_op.create_foreign_key(batch_op.f('fk_due_thing_account_id'), 'key_account', ['account_id'], ['id'])

    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.add_column(sa.Column('account_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_notification_account_id'), ['account_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_notification_account_id'), 'key_account', ['account_id'], ['id'])


def downgrade():
    op.execute('DELETE FROM notification WHERE account_id IS NOT NULL')
    op.execute('DELETE FROM due_thing WHERE account_id IS NOT NULL')
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notification_account_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_notification_account_id'))
        batch_op.drop_column('account_id')

    with op.batch_alter_table('due_thing', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_due_thing_account_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_due_thing_account_id_key'), type_='unique')
        batch_op.drop_column('account_id')

    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_document_share_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_document_agreement_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_document_share_id'))
        batch_op.drop_index(batch_op.f('ix_document_agreement_id'))
        batch_op.drop_column('share_id')
        batch_op.drop_column('agreement_id')

    op.drop_table('share_viewer')
    op.drop_table('project_share')
    op.drop_table('call_off')
    op.drop_table('agreement_price')
    op.drop_table('agreement_category')
    op.drop_table('account_action')
    op.drop_table('wallet_estimate')
    op.drop_table('ladder_entry')
    op.drop_table('frame_agreement')
    op.drop_table('account_review')
    op.drop_table('account_relation')
    op.drop_table('account_party')
    op.drop_table('account_goal')
    op.drop_table('key_account')
    change_roles(gain=False)
