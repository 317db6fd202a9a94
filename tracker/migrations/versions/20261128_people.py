"""Contacts in full: posts over time, numbers and addresses, links, consents, birthdays, cards; forgetting and purging

Revision ID: 20261128_people
Revises: 20261128_dealers
"""

import json

from alembic import op
import sqlalchemy as sa

from tracker.database import UtcDateTime

revision = '20261128_people'
down_revision = '20261128_dealers'
branch_labels = None
depends_on = None

GAINED = {'administrator': ['contact.forget', 'purge'], 'compliance': ['contact.forget']}


def upgrade():
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_column('last_met_on')  # nothing ever wrote it
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('last_met_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('birth_month', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('birth_day', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('birth_year', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('preferred_way', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('cares', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('care_note', sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column('forgotten_at', UtcDateTime(), nullable=True))
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.alter_column('cares', server_default=None)
        batch_op.create_index('ix_contact_last_met_on', ['last_met_on', 'id'], unique=False)
        batch_op.drop_index('ix_contact_merged_into_id')
        some = sa.text('merged_into_id IS NOT NULL')
        batch_op.create_index('ix_contact_merged_into_id', ['merged_into_id'], unique=False, sqlite_where=some,
                              postgresql_where=some)
        batch_op.create_index('ix_contact_birth', ['birth_month', 'birth_day'], unique=False)
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.add_column(sa.Column('contact_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('purged_at', UtcDateTime(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_photo_contact_id'), 'contact', ['contact_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_photo_contact_id'), ['contact_id'], unique=False)
    with op.batch_alter_table('record_contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_contact_contact_id'), ['contact_id'], unique=False)
    _posts_and_ways()
    _links_and_consents()
    _capabilities(lambda key, held: [*held, *(one for one in GAINED.get(key, ()) if one not in held)])


def _posts_and_ways():
    op.create_table('contact_post',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('post', sa.String(length=80), nullable=True),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('present', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_contact_post_contact_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_contact_post_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_post'))
    )
    with op.batch_alter_table('contact_post', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_post_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_post_party_id'), ['party_id'], unique=False)
    op.create_table('contact_way',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('main', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_contact_way_contact_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_way')),
    sa.UniqueConstraint('contact_id', 'kind', 'key', name=op.f('uq_contact_way_contact_id_kind_key'))
    )
    with op.batch_alter_table('contact_way', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_way_key'), ['key'], unique=False)


def _links_and_consents():
    op.create_table('contact_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('from_contact_id', sa.Integer(), nullable=True),
    sa.Column('from_user_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('strength', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_contact_link_by_id')),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_contact_link_contact_id')),
    sa.ForeignKeyConstraint(['from_contact_id'], ['contact.id'], name=op.f('fk_contact_link_from_contact_id')),
    sa.ForeignKeyConstraint(['from_user_id'], ['user_account.id'], name=op.f('fk_contact_link_from_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_link')),
    sa.UniqueConstraint('from_contact_id', 'contact_id', 'kind',
                        name=op.f('uq_contact_link_from_contact_id_contact_id_kind')),
    sa.UniqueConstraint('from_user_id', 'contact_id', 'kind', name=op.f('uq_contact_link_from_user_id_contact_id_kind'))
    )
    with op.batch_alter_table('contact_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_link_contact_id'), ['contact_id'], unique=False)
    op.create_table('contact_consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=16), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('how', sa.String(length=300), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_contact_consent_by_id')),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_contact_consent_contact_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_consent'))
    )
    with op.batch_alter_table('contact_consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_consent_contact_id'), ['contact_id'], unique=False)


def downgrade():
    gained = {one for each in GAINED.values() for one in each}
    _capabilities(lambda _key, held: [one for one in held if one not in gained])
    for table in ('contact_consent', 'contact_link', 'contact_way', 'contact_post'):
        op.drop_table(table)
    with op.batch_alter_table('record_contact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_record_contact_contact_id'))
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_photo_contact_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_photo_contact_id'))
        batch_op.drop_column('purged_at')
        batch_op.drop_column('contact_id')
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_index('ix_contact_birth')
        batch_op.drop_index('ix_contact_merged_into_id')
        batch_op.create_index('ix_contact_merged_into_id', ['merged_into_id'], unique=False)
        batch_op.drop_index('ix_contact_last_met_on')
        for name in ('forgotten_at', 'care_note', 'cares', 'preferred_way', 'birth_year', 'birth_day', 'birth_month',
                     'last_met_on'):
            batch_op.drop_column(name)
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('last_met_on', UtcDateTime(), nullable=True))


def _capabilities(change):
    """What the built-in roles may do beside what they may already."""
    role = sa.table('role', sa.column('id', sa.Integer), sa.column('key', sa.String), sa.column('capabilities', sa.JSON))
    connection = op.get_bind()
    for role_id, key, held in connection.execute(sa.select(role.c.id, role.c.key, role.c.capabilities)).all():
        held = json.loads(held) if isinstance(held, str) else held
        changed = change(key, held)
        if changed != held:
            connection.execute(role.update().where(role.c.id == role_id).values(capabilities=changed))
