"""dealers' registrations, their papers, conflicts and the register, which is only added to

Revision ID: 20261203_registrations
Revises: 20261202_photos
Create Date: 2026-12-01

"""
import json

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261203_registrations'
down_revision = '20261202_photos'
branch_labels = None
depends_on = None

# A restored backup brings its own rows: it is written with foreign keys off (SQLite) or says so (PostgreSQL).
SQLITE = """
CREATE TRIGGER register_entry_{what} BEFORE {what} ON register_entry
WHEN (SELECT foreign_keys FROM pragma_foreign_keys)
BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END
"""
FUNCTION = """
CREATE FUNCTION register_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('tracker.restoring', true), '') = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'the register is only added to';
END $$
"""
POSTGRESQL = """
CREATE TRIGGER register_entry_{what} BEFORE {what} ON register_entry
FOR EACH ROW EXECUTE FUNCTION register_entry_stays()
"""


def upgrade():
    op.create_table('registration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dealer_id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=True),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=True),
    sa.Column('plot_number', sa.String(length=80), nullable=True),
    sa.Column('latitude', sa.Numeric(precision=9, scale=6, asdecimal=False), nullable=True),
    sa.Column('longitude', sa.Numeric(precision=9, scale=6, asdecimal=False), nullable=True),
    sa.Column('developer', sa.String(length=200), nullable=True),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('buildings', sa.JSON(), nullable=False),
    sa.Column('quantity', sa.String(length=200), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('word', sa.String(length=8), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_due', sa.Date(), nullable=True),
    sa.Column('protected_to', sa.Date(), nullable=True),
    sa.Column('progress_on', sa.Date(), nullable=True),
    sa.Column('progress_days', sa.Integer(), nullable=True),
    sa.Column('renewals', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('looked_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['user_account.id'], name=op.f('fk_registration_created_by_id')),
    sa.ForeignKeyConstraint(['dealer_id'], ['dealer.id'], name=op.f('fk_registration_dealer_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_registration_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration'))
    )
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_dealer_id'), ['dealer_id'], unique=False)
        batch_op.create_index('ix_registration_due', ['answer_due', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registration_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registration_state'), ['state'], unique=False)
        batch_op.create_index('ix_registration_waiting', ['looked_on', 'id'], unique=False)

    op.create_table('claim_conflict',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('other_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('evidence_by', sa.Date(), nullable=False),
    sa.Column('rule_by', sa.Date(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('winner', sa.String(length=12), nullable=True),
    sa.Column('order_key', sa.String(length=32), nullable=True),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('shares', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('ruled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ruled_by_id', sa.Integer(), nullable=True),
    sa.Column('appeal', sa.Text(), nullable=True),
    sa.Column('appealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('appealed_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['appealed_by_id'], ['user_account.id'], name=op.f('fk_claim_conflict_appealed_by_id')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['user_account.id'], name=op.f('fk_claim_conflict_opened_by_id')),
    sa.ForeignKeyConstraint(['other_id'], ['registration.id'], name=op.f('fk_claim_conflict_other_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_claim_conflict_project_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_claim_conflict_registration_id')),
    sa.ForeignKeyConstraint(['ruled_by_id'], ['user_account.id'], name=op.f('fk_claim_conflict_ruled_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claim_conflict'))
    )
    with op.batch_alter_table('claim_conflict', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claim_conflict_other_id'), ['other_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claim_conflict_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claim_conflict_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_claim_conflict_state'), ['state'], unique=False)

    op.create_table('register_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('deed', sa.String(length=16), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_register_entry_by_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_register_entry_registration_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_entry')),
    sa.UniqueConstraint('hash', name=op.f('uq_register_entry_hash')),
    sa.UniqueConstraint('previous', name=op.f('uq_register_entry_previous'))
    )
    with op.batch_alter_table('register_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_register_entry_registration_id'), ['registration_id'], unique=False)

    op.create_table('registration_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('conflict_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('what', sa.String(length=16), nullable=True),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_registration_note_by_id')),
    sa.ForeignKeyConstraint(['conflict_id'], ['claim_conflict.id'], name=op.f('fk_registration_note_conflict_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_registration_note_registration_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration_note'))
    )
    with op.batch_alter_table('registration_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_note_conflict_id'), ['conflict_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registration_note_registration_id'), ['registration_id'], unique=False)

    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.add_column(sa.Column('registration_note_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_document_registration_note_id'), ['registration_note_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_document_registration_note_id'), 'registration_note', ['registration_note_id'], ['id'])

    with op.batch_alter_table('due_thing', schema=None) as batch_op:
        batch_op.add_column(sa.Column('registration_id', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_due_thing_registration_id_key'), ['registration_id', 'key'])
        batch_op.create_foreign_key(batch_op.f('fk_due_thing_registration_id'), 'registration', ['registration_id'], ['id'])

    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.add_column(sa.Column('registration_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_notification_registration_id'), ['registration_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_notification_registration_id'), 'registration', ['registration_id'], ['id'])

    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.add_column(sa.Column('registration_note_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_photo_registration_note_id'), ['registration_note_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_photo_registration_note_id'), 'registration_note', ['registration_note_id'], ['id'])

    if op.get_bind().dialect.name == 'postgresql':
        op.execute(FUNCTION)
    trigger = POSTGRESQL if op.get_bind().dialect.name == 'postgresql' else SQLITE
    for what in ('UPDATE', 'DELETE'):
        op.execute(trigger.format(what=what))
    _capabilities(lambda held: held if 'registration.file' in held else [*held, 'registration.file'])


def downgrade():
    _capabilities(lambda held: [one for one in held if one != 'registration.file'])
    on = ' ON register_entry' if op.get_bind().dialect.name == 'postgresql' else ''
    for what in ('UPDATE', 'DELETE'):
        op.execute(f'DROP TRIGGER register_entry_{what}{on}')
    if on:
        op.execute('DROP FUNCTION register_entry_stays()')
    op.execute('DELETE FROM notification WHERE registration_id IS NOT NULL')
    op.execute('DELETE FROM due_thing WHERE registration_id IS NOT NULL')
    op.execute("DELETE FROM match_key WHERE kind = 'registration'")
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_photo_registration_note_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_photo_registration_note_id'))
        batch_op.drop_column('registration_note_id')

    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notification_registration_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_notification_registration_id'))
        batch_op.drop_column('registration_id')

    with op.batch_alter_table('due_thing', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_due_thing_registration_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_due_thing_registration_id_key'), type_='unique')
        batch_op.drop_column('registration_id')

    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_document_registration_note_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_document_registration_note_id'))
        batch_op.drop_column('registration_note_id')

    with op.batch_alter_table('registration_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_registration_note_registration_id'))
        batch_op.drop_index(batch_op.f('ix_registration_note_conflict_id'))

    op.drop_table('registration_note')
    with op.batch_alter_table('register_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_register_entry_registration_id'))

    op.drop_table('register_entry')
    with op.batch_alter_table('claim_conflict', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claim_conflict_state'))
        batch_op.drop_index(batch_op.f('ix_claim_conflict_registration_id'))
        batch_op.drop_index(batch_op.f('ix_claim_conflict_project_id'))
        batch_op.drop_index(batch_op.f('ix_claim_conflict_other_id'))

    op.drop_table('claim_conflict')
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_index('ix_registration_waiting')
        batch_op.drop_index(batch_op.f('ix_registration_state'))
        batch_op.drop_index(batch_op.f('ix_registration_project_id'))
        batch_op.drop_index('ix_registration_due')
        batch_op.drop_index(batch_op.f('ix_registration_dealer_id'))

    op.drop_table('registration')


def _capabilities(changed):
    """What dealers may do."""
    role = sa.table('role', sa.column('id', sa.Integer), sa.column('key', sa.String), sa.column('built_in', sa.Boolean),
                    sa.column('capabilities', sa.JSON))
    connection = op.get_bind()
    rows = sa.select(role.c.id, role.c.capabilities).where(role.c.built_in, role.c.key == 'dealer')
    for role_id, held in connection.execute(rows).all():
        held = json.loads(held) if isinstance(held, str) else held
        connection.execute(role.update().where(role.c.id == role_id).values(capabilities=changed(held)))
