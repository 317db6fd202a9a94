"""where projects stood when, and the corridor of those won

Revision ID: 20261126_history
Revises: 20261126
Create Date: 2026-11-26

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.orm import Session


# revision identifiers, used by Alembic.
revision = '20261126_history'
down_revision = '20261126'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('standing',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('to_day', sa.Date(), nullable=True),
    sa.Column('phase', sa.String(length=32), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_standing_project_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_standing_team_id')),
    sa.PrimaryKeyConstraint('project_id', 'from_day', name=op.f('pk_standing')),
    sqlite_with_rowid=False,
    )
    with op.batch_alter_table('standing', schema=None) as batch_op:
        batch_op.create_index('ix_standing_from_day', ['from_day'], unique=False)
        batch_op.create_index('ix_standing_cell', ['phase', 'step', 'value', 'project_id', 'from_day', 'to_day', 'state'], unique=False)

    op.create_table('standing_place',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('phase', sa.String(length=32), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_standing_place_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_place')),
    sa.UniqueConstraint('team_id', 'phase', 'step', 'state', name=op.f('uq_standing_place_team_id_phase_step_state'))
    )
    op.create_table('standing_sum',
    sa.Column('place_id', sa.Integer(), nullable=False),
    sa.Column('from_day', sa.Date(), nullable=False),
    sa.Column('projects', sa.Integer(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['place_id'], ['standing_place.id'], name=op.f('fk_standing_sum_place_id')),
    sa.PrimaryKeyConstraint('place_id', 'from_day', name=op.f('pk_standing_sum')),
    sqlite_with_rowid=False,
    )
    op.create_table('won_stop',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('phase', sa.String(length=32), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('hindmost', sa.Boolean(), nullable=False),
    sa.Column('final', sa.Boolean(), nullable=False),
    sa.Column('definition_key', sa.String(length=40), nullable=False),
    sa.Column('route', sa.String(length=32), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_won_stop_project_id')),
    sa.PrimaryKeyConstraint('project_id', 'phase', 'step', name=op.f('pk_won_stop')),
    sqlite_with_rowid=False,
    )
    op.create_table('corridor_cell',
    sa.Column('definition_key', sa.String(length=40), nullable=False),
    sa.Column('grouping', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('phase', sa.String(length=32), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('projects', sa.Integer(), nullable=False),
    sa.Column('hindmost', sa.Integer(), nullable=False),
    sa.Column('won', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('definition_key', 'grouping', 'name', 'phase', 'step', name=op.f('pk_corridor_cell')),
    sqlite_with_rowid=False,
    )
    op.create_table('outside_cell',
    sa.Column('definition_key', sa.String(length=40), nullable=False),
    sa.Column('grouping', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('phase', sa.String(length=32), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('definition_key', 'grouping', 'name', 'phase', 'step', name=op.f('pk_outside_cell')),
    sqlite_with_rowid=False,
    )
    op.create_table('off_corridor',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['project.id'], name=op.f('fk_off_corridor_project_id')),
    sa.PrimaryKeyConstraint('project_id', name=op.f('pk_off_corridor'))
    )
    _fill()


def _fill():
    """Replay what is there already, by the function that does it everywhere."""
    from tracker.history.keeping import rebuild

    if op.get_bind().scalar(sa.text('SELECT max(id) FROM project')):
        with Session(op.get_bind(), join_transaction_mode='create_savepoint') as session:
            rebuild(session)
            session.commit()


def downgrade():
    op.drop_table('off_corridor')
    op.drop_table('outside_cell')
    op.drop_table('corridor_cell')
    op.drop_table('won_stop')
    op.drop_table('standing_sum')
    op.drop_table('standing_place')
    with op.batch_alter_table('standing', schema=None) as batch_op:
        batch_op.drop_index('ix_standing_cell')
        batch_op.drop_index('ix_standing_from_day')

    op.drop_table('standing')
