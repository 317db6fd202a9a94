"""pictures: how they come in, what is said of them, by what copies are found, what is given out

Revision ID: 20261202_photos
Revises: 20261202_purged_documents
Create Date: 2026-12-02

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261202_photos'
down_revision = '20261202_purged_documents'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('photo_share',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=48), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('views', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_photo_share_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo_share')),
    sa.UniqueConstraint('token', name=op.f('uq_photo_share_token'))
    )
    with op.batch_alter_table('photo_share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_share_by_id'), ['by_id'], unique=False)

    op.create_table('photo_band',
    sa.Column('band', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('photo_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('hash', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_photo_band_photo_id')),
    sa.PrimaryKeyConstraint('band', 'photo_id', name=op.f('pk_photo_band')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('photo_band', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_band_photo_id'), ['photo_id'], unique=False)

    op.create_table('photo_share_item',
    sa.Column('share_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('photo_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_photo_share_item_photo_id')),
    sa.ForeignKeyConstraint(['share_id'], ['photo_share.id'], name=op.f('fk_photo_share_item_share_id')),
    sa.PrimaryKeyConstraint('share_id', 'position', name=op.f('pk_photo_share_item')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('photo_share_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_share_item_photo_id'), ['photo_id'], unique=False)

    op.create_table('photo_signal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('photo_id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('lead_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=True),
    sa.Column('other_id', sa.Integer(), nullable=True),
    sa.Column('seen', sa.String(length=80), nullable=True),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_photo_signal_lead_id')),
    sa.ForeignKeyConstraint(['other_id'], ['photo.id'], name=op.f('fk_photo_signal_other_id')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_photo_signal_photo_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_photo_signal_project_id')),
    sa.ForeignKeyConstraint(['settled_by_id'], ['user_account.id'], name=op.f('fk_photo_signal_settled_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo_signal'))
    )
    with op.batch_alter_table('photo_signal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_signal_lead_id'), ['lead_id'], unique=False)
        batch_op.create_index('ix_photo_signal_open', ['settled_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_photo_signal_other_id'), ['other_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_photo_signal_photo_id'), ['photo_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_photo_signal_project_id'), ['project_id'], unique=False)

    op.create_table('photo_tag',
    sa.Column('tag', sa.String(length=40), nullable=False),
    sa.Column('photo_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_photo_tag_photo_id')),
    sa.PrimaryKeyConstraint('tag', 'photo_id', name=op.f('pk_photo_tag')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('photo_tag', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_tag_photo_id'), ['photo_id'], unique=False)

    op.create_table('upload',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('received', sa.Integer(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('photo_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_upload_photo_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_upload_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload')),
    sa.UniqueConstraint('token', name=op.f('uq_upload_token'))
    )
    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_upload_photo_id'), ['photo_id'], unique=False)
        batch_op.create_index('ix_upload_resumed', ['user_id', 'sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_upload_user_id'), ['user_id'], unique=False)

    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.add_column(sa.Column('browser_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('browser_latitude', sa.Numeric(precision=9, scale=6, asdecimal=False), nullable=True))
        batch_op.add_column(sa.Column('browser_longitude', sa.Numeric(precision=9, scale=6, asdecimal=False), nullable=True))
        batch_op.add_column(sa.Column('floor', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('category', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('seen_step', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('software', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('publish_note', sa.String(length=300), nullable=True))
        batch_op.create_index('ix_photo_building', ['building_id', 'id'], unique=False)
        batch_op.create_index('ix_photo_category', ['category', 'id'], unique=False)
        batch_op.create_index('ix_photo_of_project', ['project_id', 'id'], unique=False)
        batch_op.create_index('ix_photo_step', ['step', 'id'], unique=False)
        batch_op.create_index('ix_photo_taken', ['taken_at', 'id'], unique=False)
        batch_op.create_index('ix_photo_uploader', ['uploader_id', 'id'], unique=False)


def downgrade():
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_index('ix_photo_uploader')
        batch_op.drop_index('ix_photo_taken')
        batch_op.drop_index('ix_photo_step')
        batch_op.drop_index('ix_photo_of_project')
        batch_op.drop_index('ix_photo_category')
        batch_op.drop_index('ix_photo_building')
        batch_op.drop_column('publish_note')
        batch_op.drop_column('software')
        batch_op.drop_column('seen_step')
        batch_op.drop_column('category')
        batch_op.drop_column('floor')
        batch_op.drop_column('browser_longitude')
        batch_op.drop_column('browser_latitude')
        batch_op.drop_column('browser_at')

    with op.batch_alter_table('upload', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_upload_user_id'))
        batch_op.drop_index('ix_upload_resumed')
        batch_op.drop_index(batch_op.f('ix_upload_photo_id'))

    op.drop_table('upload')
    with op.batch_alter_table('photo_tag', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_photo_tag_photo_id'))

    op.drop_table('photo_tag')
    with op.batch_alter_table('photo_signal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_photo_signal_project_id'))
        batch_op.drop_index(batch_op.f('ix_photo_signal_photo_id'))
        batch_op.drop_index(batch_op.f('ix_photo_signal_other_id'))
        batch_op.drop_index('ix_photo_signal_open')
        batch_op.drop_index(batch_op.f('ix_photo_signal_lead_id'))

    op.drop_table('photo_signal')
    with op.batch_alter_table('photo_share_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_photo_share_item_photo_id'))

    op.drop_table('photo_share_item')
    with op.batch_alter_table('photo_band', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_photo_band_photo_id'))

    op.drop_table('photo_band')
    with op.batch_alter_table('photo_share', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_photo_share_by_id'))

    op.drop_table('photo_share')
