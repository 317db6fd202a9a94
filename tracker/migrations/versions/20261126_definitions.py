"""drafts and publications of definitions; a published version never changes

Revision ID: 20261126_definitions
Revises: 20261126
Create Date: 2026-11-26

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261126_definitions'
down_revision = '20261126'
branch_labels = None
depends_on = None

# A restored backup brings its own rows: it is written with foreign keys off (SQLite) or says so (PostgreSQL).
SQLITE = """
CREATE TRIGGER definition_version_{what} BEFORE {what} ON definition_version
WHEN (SELECT foreign_keys FROM pragma_foreign_keys)
BEGIN SELECT RAISE(ABORT, 'a published definition never changes'); END
"""
FUNCTION = """
CREATE FUNCTION definition_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('tracker.restoring', true), '') = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'a published definition never changes';
END $$
"""
POSTGRESQL = """
CREATE TRIGGER definition_version_{what} BEFORE {what} ON definition_version
FOR EACH ROW EXECUTE FUNCTION definition_version_stays()
"""


def upgrade():
    op.create_table('definition_draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('base_version', sa.Integer(), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('started_by_id', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changes', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['started_by_id'], ['user_account.id'], name=op.f('fk_definition_draft_started_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_definition_draft'))
    )
    op.create_index(
        'uq_definition_draft_open', 'definition_draft', ['key'], unique=True,
        sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table('definition_publication',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('follow', sa.JSON(), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('after_id', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('moved', sa.Integer(), nullable=False),
    sa.Column('kept', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('beat_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_definition_publication_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_definition_publication')),
    sa.UniqueConstraint('key', 'version', name=op.f('uq_definition_publication_key_version'))
    )
    op.create_table('definition_choice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_definition_choice_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_definition_choice'))
    )
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(FUNCTION)
    trigger = POSTGRESQL if op.get_bind().dialect.name == 'postgresql' else SQLITE
    for what in ('UPDATE', 'DELETE'):
        op.execute(trigger.format(what=what))


def downgrade():
    on = ' ON definition_version' if op.get_bind().dialect.name == 'postgresql' else ''
    for what in ('UPDATE', 'DELETE'):
        op.execute(f'DROP TRIGGER definition_version_{what}{on}')
    if on:
        op.execute('DROP FUNCTION definition_version_stays()')
    op.drop_table('definition_choice')
    op.drop_table('definition_publication')
    op.drop_index('uq_definition_draft_open', table_name='definition_draft')
    op.drop_table('definition_draft')
