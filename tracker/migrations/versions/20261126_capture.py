"""capture: documents, the materials and dates that a lead's picture needs

Revision ID: 20261126_capture
Revises: 20261126_leads
Create Date: 2026-11-26

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261126_capture'
down_revision = '20261126_imports'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('lead_category',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lead_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_lead_category_lead_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead_category')),
    sa.UniqueConstraint('lead_id', 'category', name=op.f('uq_lead_category_lead_id_category'))
    )
    op.create_table('document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('lead_id', sa.Integer(), nullable=True),
    sa.Column('record_id', sa.Integer(), nullable=True),
    sa.Column('uploader_id', sa.Integer(), nullable=True),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('storage_key', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['lead_id'], ['lead.id'], name=op.f('fk_document_lead_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_document_project_id')),
    sa.ForeignKeyConstraint(['record_id'], ['record.id'], name=op.f('fk_document_record_id')),
    sa.ForeignKeyConstraint(['uploader_id'], ['user_account.id'], name=op.f('fk_document_uploader_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sa.UniqueConstraint('token', name=op.f('uq_document_token'))
    )
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_lead_id'), ['lead_id'], unique=False)
        batch_op.create_index('ix_document_project', ['project_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_document_record_id'), ['record_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_document_sha256'), ['sha256'], unique=False)

    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.add_column(sa.Column('starts_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('finishes_on', sa.Date(), nullable=True))


def downgrade():
    with op.batch_alter_table('lead', schema=None) as batch_op:
        batch_op.drop_column('finishes_on')
        batch_op.drop_column('starts_on')

    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_document_sha256'))
        batch_op.drop_index(batch_op.f('ix_document_record_id'))
        batch_op.drop_index('ix_document_project')
        batch_op.drop_index(batch_op.f('ix_document_lead_id'))

    op.drop_table('document')
    op.drop_table('lead_category')
