"""Sharing out work: assignments that can be undone, leave, restricted records, limits of a workspace, and new work told in a channel.

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True).with_variant(sa.DateTime(), 'sqlite')
URGENT = sa.text("state = 'available' AND priority_rank <= 1")
LIMITS = {
    'nudge_hours': '4', 'return_hours': '8', 'query_hours': '48', 'chart_days': '30', 'new_coder_days': '90', 'sample_percent': '5',
    'queue_minutes': '15',
}


def upgrade() -> None:
    """Go one step on."""
    for name, default in LIMITS.items():
        op.add_column('workspaces', sa.Column(name, sa.Integer(), nullable=False, server_default=default))
    op.add_column('workspaces', sa.Column('queue_channel', sa.String(64), nullable=True))
    op.add_column('workspaces', sa.Column('queue_told_at', MOMENT, nullable=True))
    op.add_column('workspaces', sa.Column('queue_told_id', KEY, nullable=True))
    op.add_column('people', sa.Column('works_restricted', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('people', sa.Column('away_from', MOMENT, nullable=True))
    op.add_column('review_tasks', sa.Column('final_drg', sa.String(200), nullable=True))
    op.create_index('ix_review_tasks_urgent', 'review_tasks', ['workspace_id', 'id'], unique=False, postgresql_where=URGENT, sqlite_where=URGENT)
    op.create_table('assignments',
    sa.Column('id', KEY, nullable=False),
    sa.Column('workspace_id', KEY, nullable=False),
    sa.Column('by_id', KEY, nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('undone_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_assignments_by_id')),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspaces.id'], name=op.f('fk_assignments_workspace_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignments'))
    )
    op.create_table('assigned_tasks',
    sa.Column('id', KEY, nullable=False),
    sa.Column('workspace_id', KEY, nullable=False),
    sa.Column('assignment_id', KEY, nullable=False),
    sa.Column('task_id', KEY, nullable=False),
    sa.Column('to_id', KEY, nullable=False),
    sa.Column('from_id', KEY, nullable=True),
    sa.Column('from_state', sa.String(40), nullable=False),
    sa.Column('claimed_at', MOMENT, nullable=True),
    sa.Column('started_at', MOMENT, nullable=True),
    sa.Column('wake_at', MOMENT, nullable=True),
    sa.Column('history_id', KEY, nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignments.id'], name=op.f('fk_assigned_tasks_assignment_id')),
    sa.ForeignKeyConstraint(['from_id'], ['people.id'], name=op.f('fk_assigned_tasks_from_id')),
    sa.ForeignKeyConstraint(['task_id'], ['review_tasks.id'], name=op.f('fk_assigned_tasks_task_id')),
    sa.ForeignKeyConstraint(['to_id'], ['people.id'], name=op.f('fk_assigned_tasks_to_id')),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspaces.id'], name=op.f('fk_assigned_tasks_workspace_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assigned_tasks')),
    sa.UniqueConstraint('workspace_id', 'assignment_id', 'task_id', name=op.f('uq_assigned_tasks_workspace_id_assignment_id_task_id'))
    )
    op.create_table('assigned_requests',
    sa.Column('id', KEY, nullable=False),
    sa.Column('workspace_id', KEY, nullable=False),
    sa.Column('assignment_id', KEY, nullable=False),
    sa.Column('request_id', KEY, nullable=False),
    sa.Column('to_id', KEY, nullable=False),
    sa.Column('from_id', KEY, nullable=True),
    sa.Column('history_id', KEY, nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignments.id'], name=op.f('fk_assigned_requests_assignment_id')),
    sa.ForeignKeyConstraint(['from_id'], ['people.id'], name=op.f('fk_assigned_requests_from_id')),
    sa.ForeignKeyConstraint(['request_id'], ['roi_requests.id'], name=op.f('fk_assigned_requests_request_id')),
    sa.ForeignKeyConstraint(['to_id'], ['people.id'], name=op.f('fk_assigned_requests_to_id')),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspaces.id'], name=op.f('fk_assigned_requests_workspace_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assigned_requests')),
    sa.UniqueConstraint('workspace_id', 'assignment_id', 'request_id', name=op.f('uq_assigned_requests_workspace_id_assignment_id_request_id'))
    )


def downgrade() -> None:
    """Go one step back."""
    op.drop_table('assigned_requests')
    op.drop_table('assigned_tasks')
    op.drop_table('assignments')
    op.drop_index('ix_review_tasks_urgent', table_name='review_tasks', postgresql_where=URGENT, sqlite_where=URGENT)
    op.drop_column('review_tasks', 'final_drg')
    op.drop_column('people', 'away_from')
    op.drop_column('people', 'works_restricted')
    for name in ('queue_told_id', 'queue_told_at', 'queue_channel', *LIMITS):
        op.drop_column('workspaces', name)
