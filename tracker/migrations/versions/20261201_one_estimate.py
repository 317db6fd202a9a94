"""what an account buys is estimated of its firms

Revision ID: 20261201_one_estimate
Revises: 20261201_rewards
Create Date: 2026-12-01

"""
from datetime import date

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261201_one_estimate'
down_revision = '20261201_rewards'
branch_labels = None
depends_on = None

ACCOUNT = sa.table('key_account', sa.column('id'), sa.column('party_id'))
WALLET = sa.table('wallet_estimate', *(sa.column(name) for name in (
    'id', 'account_id', 'year', 'category', 'purchases', 'grounds', 'by_id', 'at')))
FIRMS = sa.table('party_estimate', *(sa.column(name) for name in (
    'id', 'party_id', 'category', 'volume', 'currency', 'grounds', 'by_id', 'at')), sa.column('on', sa.Date()))


def upgrade():
    """An account's estimate becomes one of the firm that leads it: as of the day it was made, of another year as of
    that year's last day, but never later than the day it was made. One that is there already is not doubled."""
    bind = op.get_bind()
    rows = bind.execute(sa.select(WALLET, ACCOUNT.c.party_id)
                        .join(ACCOUNT, ACCOUNT.c.id == WALLET.c.account_id).order_by(WALLET.c.id)).all()
    for row in rows:
        on = min(date.fromisoformat(str(row.at)[:10]), date(row.year, 12, 31))
        same = sa.select(FIRMS.c.id).where(
            FIRMS.c.party_id == row.party_id, FIRMS.c.category == row.category, FIRMS.c.volume == row.purchases,
            FIRMS.c.currency == 'CNY', FIRMS.c.on == on, FIRMS.c.grounds == row.grounds)
        if bind.execute(same.limit(1)).first() is None:
            bind.execute(FIRMS.insert().values(
                party_id=row.party_id, category=row.category, volume=row.purchases, currency='CNY', on=on,
                grounds=row.grounds, by_id=row.by_id, at=row.at))
    op.drop_table('wallet_estimate')


def downgrade():
    """The accounts' table again, with what is estimated of the firms that lead them; there it stays as well."""
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
    bind = op.get_bind()
    rows = bind.execute(sa.select(FIRMS, ACCOUNT.c.id.label('account')).where(FIRMS.c.currency == 'CNY')
                        .join(ACCOUNT, ACCOUNT.c.party_id == FIRMS.c.party_id).order_by(FIRMS.c.on, FIRMS.c.id)).all()
    for row in rows:
        bind.execute(WALLET.insert().values(
            account_id=row.account, year=row.on.year, category=row.category, purchases=row.volume,
            grounds=row.grounds[:300], by_id=row.by_id, at=row.at))
