"""search of everything: records' texts, notes, other names, pinyin

Revision ID: 20261126_search
Revises: 20261126_capture
Create Date: 2026-11-26

"""
from alembic import op
import sqlalchemy as sa

from tracker.search.words import name_words, words_of


# revision identifiers, used by Alembic.
revision = '20261126_search'
down_revision = '20261126_capture'
branch_labels = None
depends_on = None

# by which columns a thing is found, and which of them are names: before and after this revision
BEFORE = {
    'project': (('name', 'address', 'plot_number'), ()),
    'lead': (('name', 'address', 'plot_number'), ()),
    'party': (('name', 'short_name', 'phone'), ()),
    'contact': (('name', 'phone'), ()),
}
AFTER = {
    'project': (('name', 'address', 'plot_number', 'note'), ('name',)),
    'lead': (('name', 'address', 'plot_number', 'phone', 'note'), ('name',)),
    'party': (('name', 'short_name', 'phone', 'address', 'note'), ('name', 'short_name')),
    'contact': (('name', 'phone', 'post', 'email', 'note'), ('name',)),
    'record': (('text', 'next_step'), ()),
}
CHUNK = 2000


def fill(searched):
    """Write the words of all rows anew."""
    bind = op.get_bind()
    for name, (columns, names) in searched.items():
        words = sa.table(f'{name}_words', sa.column('rowid'), sa.column('words'))
        put = sa.text(f"INSERT INTO {name}_words (rowid, words) VALUES (:rowid, "
                      f"{':words' if bind.dialect.name == 'sqlite' else 'CAST(:words AS tsvector)'})")
        bind.execute(words.delete())
        thing = sa.table(name, sa.column('id'), *map(sa.column, columns))
        last = 0
        while rows := bind.execute(sa.select(thing).where(thing.c.id > last).order_by(thing.c.id).limit(CHUNK)).all():
            last = rows[-1].id
            bind.execute(put, [{'rowid': row.id, 'words': all_words(row, columns, names)} for row in rows])


def all_words(row, columns, names):
    plain = words_of(*(getattr(row, one) for one in columns))
    return f'{plain} {name_words(*(getattr(row, one) for one in names))}'.strip()


def upgrade():
    if op.get_bind().dialect.name == 'sqlite':
        op.execute("CREATE VIRTUAL TABLE record_words USING fts5(words, tokenize='ascii', detail=none, columnsize=0)")
    else:
        op.execute('CREATE TABLE record_words (rowid bigint PRIMARY KEY, words tsvector NOT NULL)')
        op.execute('CREATE INDEX ix_record_words ON record_words USING gin (words)')
    fill(AFTER)


def downgrade():
    op.execute('DROP TABLE record_words')
    fill(BEFORE)
