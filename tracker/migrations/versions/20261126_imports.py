"""Imports of every kind: what each run changed, remembered mappings, and firms and people that can be withdrawn

Revision ID: 20261126_imports
Revises: 20261126_duplicates
"""

import json

from alembic import op
import sqlalchemy as sa

from tracker.database import UtcDateTime

revision = '20261126_imports'
down_revision = '20261126_duplicates'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('updated', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('undone_at', UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('undone_by_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_import_run_undone_by_id'), 'user_account', ['undone_by_id'], ['id'])
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.alter_column('updated', server_default=None)
    for table in ('party', 'contact'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('withdrawn', sa.Boolean(), nullable=False, server_default=sa.false()))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column('withdrawn', server_default=None)
    op.create_table('import_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=24), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('action', sa.String(length=8), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.Column('fate', sa.String(length=8), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['import_run.id'], name=op.f('fk_import_change_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_change'))
    )
    with op.batch_alter_table('import_change', schema=None) as batch_op:
        batch_op.create_index('ix_import_change_run', ['run_id', 'id'], unique=False)
        batch_op.create_index('ix_import_change_subject', ['subject', 'subject_id'], unique=False)
    op.create_table('import_mapping',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('shape', sa.String(length=64), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_import_mapping_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_mapping')),
    sa.UniqueConstraint('kind', 'shape', name=op.f('uq_import_mapping_kind_shape'))
    )
    _capabilities(lambda held: [*held, 'data.import'] if 'lead.import' in held else held)


def downgrade():
    _capabilities(lambda held: [one for one in held if one != 'data.import'])
    op.drop_table('import_mapping')
    op.drop_table('import_change')
    for table in ('contact', 'party'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('withdrawn')
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_import_run_undone_by_id'), type_='foreignkey')
        batch_op.drop_column('undone_by_id')
        batch_op.drop_column('undone_at')
        batch_op.drop_column('updated')


def _capabilities(changed):
    """Whoever imports leads imports the rest, too."""
    role = sa.table('role', sa.column('id', sa.Integer), sa.column('capabilities', sa.JSON))
    connection = op.get_bind()
    for role_id, held in connection.execute(sa.select(role.c.id, role.c.capabilities)).all():
        held = json.loads(held) if isinstance(held, str) else held
        if changed(held) != held:
            connection.execute(role.update().where(role.c.id == role_id).values(capabilities=changed(held)))
