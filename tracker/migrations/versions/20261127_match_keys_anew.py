"""match keys anew: names are taken apart otherwise

Revision ID: 20261127_match_keys_anew
Revises: 20261126_assigning
Create Date: 2026-11-27

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '20261127_match_keys_anew'
down_revision = '20261126_assigning'
branch_labels = None
depends_on = None


def upgrade():
    # They are derived: the `tracker serve` that migrates writes them again, a restore and `tracker doctor --mend` too.
    op.execute("DELETE FROM match_key")


def downgrade():
    """What stands there serves the older version too, until `tracker doctor --mend` writes its own."""
