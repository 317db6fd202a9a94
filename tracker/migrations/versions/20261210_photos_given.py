"""pictures: put together into files, in pairs, drawn on, consented to; documents: what they are, their versions

Revision ID: 20261210_photos_given
Revises: 20261210_registrations_complain
Create Date: 2026-12-10

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261210_photos_given'
down_revision = '20261210_registrations_complain'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('photo_pair',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('before_id', sa.Integer(), nullable=False),
    sa.Column('after_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['after_id'], ['photo.id'], name=op.f('fk_photo_pair_after_id')),
    sa.ForeignKeyConstraint(['before_id'], ['photo.id'], name=op.f('fk_photo_pair_before_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_photo_pair_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo_pair')),
    sa.UniqueConstraint('before_id', 'after_id', name=op.f('uq_photo_pair_before_id_after_id'))
    )
    with op.batch_alter_table('photo_pair', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_pair_after_id'), ['after_id'], unique=False)

    op.create_table('photo_parcel',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('wishes', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('file_key', sa.String(length=120), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_photo_parcel_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo_parcel')),
    sa.UniqueConstraint('token', name=op.f('uq_photo_parcel_token'))
    )
    with op.batch_alter_table('photo_parcel', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_parcel_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_photo_parcel_state'), ['state'], unique=False)

    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.add_column(sa.Column('publish_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('publish_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('publish_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('drawn_from_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_photo_drawn_from_id'), ['drawn_from_id'], unique=False)
        batch_op.create_index('ix_photo_sent', ['uploaded_at', 'uploader_id', 'size'], unique=False)
        batch_op.create_index('ix_photo_place', ['latitude', 'longitude'], unique=False)
        batch_op.create_index('ix_photo_spot', ['project_id', 'latitude', 'longitude'], unique=False)
        agreed = sa.text('publish_note IS NOT NULL')
        batch_op.create_index('ix_photo_publish', ['id'], unique=False, sqlite_where=agreed, postgresql_where=agreed)
        batch_op.create_foreign_key(batch_op.f('fk_photo_publish_by_id'), 'user_account', ['publish_by_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_photo_drawn_from_id'), 'photo', ['drawn_from_id'], ['id'])

    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sort', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('newer', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('previous_id', sa.Integer(), nullable=True))
        batch_op.create_index('ix_document_sent', ['uploaded_at', 'uploader_id', 'size'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_document_previous_id'), ['previous_id'])
        batch_op.create_foreign_key(batch_op.f('fk_document_previous_id'), 'document', ['previous_id'], ['id'])
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.alter_column('version', server_default=None)
        batch_op.alter_column('newer', server_default=None)


def downgrade():
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_document_previous_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_document_previous_id'), type_='unique')
        batch_op.drop_index('ix_document_sent')
        batch_op.drop_column('previous_id')
        batch_op.drop_column('newer')
        batch_op.drop_column('version')
        batch_op.drop_column('sort')

    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_photo_drawn_from_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_photo_publish_by_id'), type_='foreignkey')
        batch_op.drop_index('ix_photo_publish')
        batch_op.drop_index('ix_photo_spot')
        batch_op.drop_index('ix_photo_place')
        batch_op.drop_index('ix_photo_sent')
        batch_op.drop_index(batch_op.f('ix_photo_drawn_from_id'))
        batch_op.drop_column('drawn_from_id')
        batch_op.drop_column('publish_by_id')
        batch_op.drop_column('publish_until')
        batch_op.drop_column('publish_on')

    with op.batch_alter_table('photo_parcel', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_photo_parcel_state'))
        batch_op.drop_index(batch_op.f('ix_photo_parcel_by_id'))

    op.drop_table('photo_parcel')
    with op.batch_alter_table('photo_pair', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_photo_pair_after_id'))

    op.drop_table('photo_pair')
