"""documents can be purged as pictures can

Revision ID: 20261202_purged_documents
Revises: 20261201_one_estimate
Create Date: 2026-12-02

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261202_purged_documents'
down_revision = '20261201_one_estimate'
branch_labels = None
depends_on = None


def upgrade():
    """When a document's bytes were destroyed; none was before."""
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.add_column(sa.Column('purged_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    """What is gone stays gone; its row then only names a file that is not there."""
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_column('purged_at')
