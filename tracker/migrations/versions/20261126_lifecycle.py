"""states and results with their history, circumstances, own tasks, signatures

Revision ID: 20261126
Revises: 20261124
Create Date: 2026-11-26

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '20261126'
down_revision = '20261124'
branch_labels = None
depends_on = None


# what the roles that come with the installation may do from now on
FIELD = ['project.state', 'circumstance.state', 'task.add']
GAINED = {
    'salesperson': FIELD,
    'key_accounts': FIELD,
    'specialist': [*FIELD, 'lead.convert'],
    'supervisor': FIELD,
    'director': [*FIELD, 'sign.director'],
    'general_manager': [*FIELD, 'sign.director', 'sign.general'],
    'compliance': ['sign.compliance'],
    'administrator': FIELD,
}


def change_roles(gain):
    """Give the built-in roles what they gain, or take it from them again."""
    role = sa.table('role', sa.column('id'), sa.column('key'), sa.column('built_in'), sa.column('capabilities', sa.JSON))
    connection = op.get_bind()
    for key, capabilities in connection.execute(sa.select(role.c.key, role.c.capabilities).where(role.c.built_in)).all():
        changed = [name for name in capabilities if name not in GAINED.get(key, ())]
        if gain:
            changed += GAINED.get(key, ())
        connection.execute(role.update().where(role.c.key == key).values(capabilities=sorted(changed)))


def upgrade():
    change_roles(gain=True)
    op.create_table('circumstance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=24), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_by_id', sa.Integer(), nullable=True),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lifted_note', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_circumstance_by_id')),
    sa.ForeignKeyConstraint(['lifted_by_id'], ['user_account.id'], name=op.f('fk_circumstance_lifted_by_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_circumstance_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circumstance'))
    )
    with op.batch_alter_table('circumstance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_circumstance_project_id'), ['project_id'], unique=False)

    op.create_table('own_task',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('phase', sa.String(length=32), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('department', sa.String(length=32), nullable=False),
    sa.Column('evidence', sa.String(length=16), nullable=False),
    sa.Column('text', sa.String(length=300), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('added_on', sa.Date(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dropped_reason', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_own_task_by_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_own_task_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_own_task'))
    )
    with op.batch_alter_table('own_task', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_own_task_project_id'), ['project_id'], unique=False)

    op.create_table('lifecycle_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=True),
    sa.Column('source', sa.String(length=24), nullable=False),
    sa.Column('target', sa.String(length=24), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('reason_key', sa.String(length=40), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('told', sa.JSON(), nullable=False),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('approval_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['approval_id'], ['approval.id'], name=op.f('fk_lifecycle_change_approval_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_lifecycle_change_by_id')),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_lifecycle_change_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lifecycle_change'))
    )
    with op.batch_alter_table('lifecycle_change', schema=None) as batch_op:
        batch_op.create_index('ix_lifecycle_project', ['project_id', 'id'], unique=False)

    op.create_table('signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('approval_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=24), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['approval_id'], ['approval.id'], name=op.f('fk_signature_approval_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_signature_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signature')),
    sa.UniqueConstraint('approval_id', 'part', name=op.f('uq_signature_approval_id_part'))
    )
    # until now every request was the supervisor's alone to decide
    op.execute(
        "INSERT INTO signature (approval_id, part, by_id, at, answer) "
        "SELECT id, 'supervisor', decided_by_id, decided_at, answer FROM approval"
    )
    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.alter_column('fingerprint',
               existing_type=sa.VARCHAR(length=80),
               type_=sa.String(length=200),
               existing_nullable=False)

    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.add_column(sa.Column('parent_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('key_project', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('frame_agreement', sa.String(length=60), nullable=True))
        batch_op.create_index(batch_op.f('ix_project_parent_id'), ['parent_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_project_parent_id'), 'project', ['parent_id'], ['id'])



def downgrade():
    change_roles(gain=False)
    with op.batch_alter_table('project', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_project_parent_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_project_parent_id'))
        batch_op.drop_column('frame_agreement')
        batch_op.drop_column('key_project')
        batch_op.drop_column('parent_id')

    with op.batch_alter_table('approval', schema=None) as batch_op:
        batch_op.alter_column('fingerprint',
               existing_type=sa.String(length=200),
               type_=sa.VARCHAR(length=80),
               existing_nullable=False)

    op.drop_table('signature')
    with op.batch_alter_table('lifecycle_change', schema=None) as batch_op:
        batch_op.drop_index('ix_lifecycle_project')

    op.drop_table('lifecycle_change')
    with op.batch_alter_table('own_task', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_own_task_project_id'))

    op.drop_table('own_task')
    with op.batch_alter_table('circumstance', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_circumstance_project_id'))

    op.drop_table('circumstance')
