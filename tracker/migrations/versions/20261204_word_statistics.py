"""PostgreSQL counts more of the words that search looks for, so that it knows the rare ones

Revision ID: 20261204_word_statistics
Revises: 20261203_registrations
Create Date: 2026-12-04

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '20261204_word_statistics'
down_revision = '20261203_registrations'
branch_labels = None
depends_on = None

TABLES = ('project_words', 'lead_words', 'party_words', 'contact_words', 'record_words')
MANY = 1000  # a hundred, the default, makes it take a word that stands nowhere for one of every two-hundredth row
BY_DEFAULT = -1


def upgrade():
    _count(MANY)


def downgrade():
    _count(BY_DEFAULT)


def _count(words):
    if op.get_bind().dialect.name == 'postgresql':
        for table in TABLES:
            op.execute(f'ALTER TABLE {table} ALTER COLUMN words SET STATISTICS {words}')
