"""dealers: standing, territory, papers, contracts, figures, evaluations, quotas, support

Revision ID: 20261128_dealers
Revises: 20261128_accounts
Create Date: 2026-11-28

"""
import json

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261128_dealers'
down_revision = '20261128_accounts'
branch_labels = None
depends_on = None

NEW = ('dealer.manage', 'dealer.decide', 'stock.report')
OURS = ('specialist', 'supervisor', 'director', 'general_manager', 'administrator')


def upgrade():
    op.create_table('supply_quota',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('unit', sa.String(length=16), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['user_account.id'], name=op.f('fk_supply_quota_made_by_id')),
    sa.ForeignKeyConstraint(['told_by_id'], ['user_account.id'], name=op.f('fk_supply_quota_told_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supply_quota')),
    sa.UniqueConstraint('category', 'month', 'unit', name=op.f('uq_supply_quota_category_month_unit'))
    )
    with op.batch_alter_table('supply_quota', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_supply_quota_month'), ['month'], unique=False)

    op.create_table('dealer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('state_since', sa.Date(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('keeper_id', sa.Integer(), nullable=True),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('looked_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_dealer_created_by_id')),
    sa.ForeignKeyConstraint(['keeper_id'], ['user_account.id'], name=op.f('fk_dealer_keeper_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_dealer_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dealer')),
    sa.UniqueConstraint('party_id', name=op.f('uq_dealer_party_id'))
    )
    with op.batch_alter_table('dealer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dealer_state'), ['state'], unique=False)
        batch_op.create_index('ix_dealer_waiting', ['looked_on', 'id'], unique=False)

    op.create_table('dealer_evaluation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dealer_id', sa.Integer(), nullable=False),
    sa.Column('quarter', sa.Date(), nullable=False),
    sa.Column('definition_key', sa.String(length=40), nullable=False),
    sa.Column('definition_version', sa.Integer(), nullable=False),
    sa.Column('vetoes', sa.JSON(), nullable=False),
    sa.Column('points', sa.Numeric(precision=4, scale=1), nullable=True),
    sa.Column('grade', sa.String(length=8), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('improve_by', sa.Date(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['user_account.id'], name=op.f('fk_dealer_evaluation_confirmed_by_id')),
    sa.ForeignKeyConstraint(['dealer_id'], ['dealer.id'], name=op.f('fk_dealer_evaluation_dealer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dealer_evaluation')),
    sa.UniqueConstraint('dealer_id', 'quarter', name=op.f('uq_dealer_evaluation_dealer_id_quarter'))
    )
    with op.batch_alter_table('dealer_evaluation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dealer_evaluation_quarter'), ['quarter'], unique=False)

    op.create_table('dealer_region',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dealer_id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['dealer_id'], ['dealer.id'], name=op.f('fk_dealer_region_dealer_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_dealer_region_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dealer_region')),
    sa.UniqueConstraint('dealer_id', 'region_id', name=op.f('uq_dealer_region_dealer_id_region_id'))
    )
    with op.batch_alter_table('dealer_region', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dealer_region_region_id'), ['region_id'], unique=False)

    op.create_table('dealer_standing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dealer_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.String(length=16), nullable=False),
    sa.Column('after', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('improve_by', sa.Date(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_dealer_standing_by_id')),
    sa.ForeignKeyConstraint(['dealer_id'], ['dealer.id'], name=op.f('fk_dealer_standing_dealer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dealer_standing'))
    )
    with op.batch_alter_table('dealer_standing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dealer_standing_dealer_id'), ['dealer_id'], unique=False)

    op.create_table('dealer_support',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dealer_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('what', sa.String(length=200), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=True),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('result', sa.Text(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_dealer_support_by_id')),
    sa.ForeignKeyConstraint(['dealer_id'], ['dealer.id'], name=op.f('fk_dealer_support_dealer_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_dealer_support_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dealer_support'))
    )
    with op.batch_alter_table('dealer_support', schema=None) as batch_op:
        batch_op.create_index('ix_dealer_support_day', ['dealer_id', 'on'], unique=False)
        batch_op.create_index(batch_op.f('ix_dealer_support_project_id'), ['project_id'], unique=False)

    op.create_table('quota_share',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('quota_id', sa.Integer(), nullable=False),
    sa.Column('dealer_id', sa.Integer(), nullable=False),
    sa.Column('proposed', sa.Integer(), nullable=False),
    sa.Column('granted', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.Column('basis', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['dealer_id'], ['dealer.id'], name=op.f('fk_quota_share_dealer_id')),
    sa.ForeignKeyConstraint(['quota_id'], ['supply_quota.id'], name=op.f('fk_quota_share_quota_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quota_share')),
    sa.UniqueConstraint('quota_id', 'dealer_id', name=op.f('uq_quota_share_quota_id_dealer_id'))
    )
    with op.batch_alter_table('quota_share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quota_share_dealer_id'), ['dealer_id'], unique=False)

    op.create_table('signal_finding',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dealer_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_signal_finding_by_id')),
    sa.ForeignKeyConstraint(['dealer_id'], ['dealer.id'], name=op.f('fk_signal_finding_dealer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signal_finding')),
    sa.UniqueConstraint('dealer_id', 'key', name=op.f('uq_signal_finding_dealer_id_key'))
    )
    op.create_table('stock_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dealer_id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('collected', sa.BigInteger(), nullable=True),
    sa.Column('source', sa.String(length=8), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_by_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['dealer_id'], ['dealer.id'], name=op.f('fk_stock_report_dealer_id')),
    sa.ForeignKeyConstraint(['sent_by_id'], ['user_account.id'], name=op.f('fk_stock_report_sent_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_report')),
    sa.UniqueConstraint('dealer_id', 'month', name=op.f('uq_stock_report_dealer_id_month'))
    )
    with op.batch_alter_table('stock_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stock_report_month'), ['month'], unique=False)

    op.create_table('dealer_mark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('criterion', sa.String(length=40), nullable=False),
    sa.Column('points', sa.Integer(), nullable=True),
    sa.Column('suggested', sa.Integer(), nullable=True),
    sa.Column('grounds', sa.Text(), nullable=True),
    sa.Column('evidence', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['evaluation_id'], ['dealer_evaluation.id'], name=op.f('fk_dealer_mark_evaluation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dealer_mark')),
    sa.UniqueConstraint('evaluation_id', 'criterion', name=op.f('uq_dealer_mark_evaluation_id_criterion'))
    )
    op.create_table('dealer_release',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('standing_id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('returned', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_dealer_release_project_id')),
    sa.ForeignKeyConstraint(['standing_id'], ['dealer_standing.id'], name=op.f('fk_dealer_release_standing_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dealer_release'))
    )
    with op.batch_alter_table('dealer_release', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dealer_release_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dealer_release_standing_id'), ['standing_id'], unique=False)

    op.create_table('stock_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('product', sa.String(length=80), nullable=False),
    sa.Column('unit', sa.String(length=16), nullable=False),
    sa.Column('opening', sa.BigInteger(), nullable=False),
    sa.Column('bought', sa.BigInteger(), nullable=False),
    sa.Column('sold', sa.BigInteger(), nullable=False),
    sa.Column('stock', sa.BigInteger(), nullable=False),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['stock_report.id'], name=op.f('fk_stock_line_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_line')),
    sa.UniqueConstraint('report_id', 'category', 'product', 'unit', name=op.f('uq_stock_line_report_id_category_product_unit'))
    )
    op.create_table('stock_flow',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('site', sa.String(length=120), nullable=True),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('outside', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['line_id'], ['stock_line.id'], name=op.f('fk_stock_flow_line_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_stock_flow_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_flow'))
    )
    with op.batch_alter_table('stock_flow', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stock_flow_line_id'), ['line_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_stock_flow_project_id'), ['project_id'], unique=False)

    op.create_table('dealer_contract',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dealer_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('exclusive', sa.Boolean(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('document_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_dealer_contract_by_id')),
    sa.ForeignKeyConstraint(['dealer_id'], ['dealer.id'], name=op.f('fk_dealer_contract_dealer_id')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_dealer_contract_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dealer_contract'))
    )
    with op.batch_alter_table('dealer_contract', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dealer_contract_dealer_id'), ['dealer_id'], unique=False)

    op.create_table('dealer_paper',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dealer_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('text', sa.String(length=300), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('document_id', sa.Integer(), nullable=True),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['checked_by_id'], ['user_account.id'], name=op.f('fk_dealer_paper_checked_by_id')),
    sa.ForeignKeyConstraint(['dealer_id'], ['dealer.id'], name=op.f('fk_dealer_paper_dealer_id')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_dealer_paper_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dealer_paper')),
    sa.UniqueConstraint('dealer_id', 'kind', name=op.f('uq_dealer_paper_dealer_id_kind'))
    )
    op.create_table('dealer_target',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('quarter', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['contract_id'], ['dealer_contract.id'], name=op.f('fk_dealer_target_contract_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dealer_target')),
    sa.UniqueConstraint('contract_id', 'year', 'quarter', name=op.f('uq_dealer_target_contract_id_year_quarter'))
    )
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.add_column(sa.Column('dealer_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_document_dealer_id'), ['dealer_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_document_dealer_id'), 'dealer', ['dealer_id'], ['id'])

    with op.batch_alter_table('due_thing', schema=None) as batch_op:
        batch_op.add_column(sa.Column('dealer_id', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_due_thing_dealer_id_key'), ['dealer_id', 'key'])
        batch_op.create_foreign_key(batch_op.f('fk_due_thing_dealer_id'), 'dealer', ['dealer_id'], ['id'])

    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.add_column(sa.Column('dealer_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_notification_dealer_id'), ['dealer_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_notification_dealer_id'), 'dealer', ['dealer_id'], ['id'])

    _capabilities(lambda key, held: [*held, *(one for one in _gained(key) if one not in held)])


def downgrade():
    _capabilities(lambda _key, held: [one for one in held if one not in NEW])
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notification_dealer_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_notification_dealer_id'))
        batch_op.drop_column('dealer_id')

    with op.batch_alter_table('due_thing', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_due_thing_dealer_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_due_thing_dealer_id_key'), type_='unique')
        batch_op.drop_column('dealer_id')

    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_document_dealer_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_document_dealer_id'))
        batch_op.drop_column('dealer_id')

    op.drop_table('dealer_target')
    op.drop_table('dealer_paper')
    with op.batch_alter_table('dealer_contract', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dealer_contract_dealer_id'))

    op.drop_table('dealer_contract')
    with op.batch_alter_table('stock_flow', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stock_flow_project_id'))
        batch_op.drop_index(batch_op.f('ix_stock_flow_line_id'))

    op.drop_table('stock_flow')
    op.drop_table('stock_line')
    with op.batch_alter_table('dealer_release', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dealer_release_standing_id'))
        batch_op.drop_index(batch_op.f('ix_dealer_release_project_id'))

    op.drop_table('dealer_release')
    op.drop_table('dealer_mark')
    with op.batch_alter_table('stock_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stock_report_month'))

    op.drop_table('stock_report')
    op.drop_table('signal_finding')
    with op.batch_alter_table('quota_share', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quota_share_dealer_id'))

    op.drop_table('quota_share')
    with op.batch_alter_table('dealer_support', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dealer_support_project_id'))
        batch_op.drop_index('ix_dealer_support_day')

    op.drop_table('dealer_support')
    with op.batch_alter_table('dealer_standing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dealer_standing_dealer_id'))

    op.drop_table('dealer_standing')
    with op.batch_alter_table('dealer_region', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dealer_region_region_id'))

    op.drop_table('dealer_region')
    with op.batch_alter_table('dealer_evaluation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dealer_evaluation_quarter'))

    op.drop_table('dealer_evaluation')
    with op.batch_alter_table('dealer', schema=None) as batch_op:
        batch_op.drop_index('ix_dealer_waiting')
        batch_op.drop_index(batch_op.f('ix_dealer_state'))

    op.drop_table('dealer')
    with op.batch_alter_table('supply_quota', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_supply_quota_month'))

    op.drop_table('supply_quota')


def _gained(key):
    """What a built-in role gains."""
    return NEW if key in OURS else ('stock.report',) if key == 'dealer' else ()


def _capabilities(changed):
    role = sa.table('role', sa.column('id', sa.Integer), sa.column('key', sa.String), sa.column('built_in', sa.Boolean),
                    sa.column('capabilities', sa.JSON))
    connection = op.get_bind()
    rows = sa.select(role.c.id, role.c.key, role.c.capabilities).where(role.c.built_in)
    for role_id, key, held in connection.execute(rows).all():
        held = json.loads(held) if isinstance(held, str) else held
        if changed(key, held) != held:
            connection.execute(role.update().where(role.c.id == role_id).values(capabilities=changed(key, held)))
