"""Three tables that every change writes to no longer point at the workspace itself.

Every such row locked the workspace's row, the one row all people share, against deletion; the more people at work, the more that cost each of them. What the
rows belong to (the task, the person) still points at it.

Revision: 0015, after 0014.
"""

from __future__ import annotations

from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

TABLES = ('audit_entries', 'processed_requests', 'task_history')


def upgrade() -> None:
    """Go one step on."""
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f'fk_{table}_workspace_id'), type_='foreignkey')


def downgrade() -> None:
    """Go one step back."""
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_foreign_key(op.f(f'fk_{table}_workspace_id'), 'workspaces', ['workspace_id'], ['id'])
