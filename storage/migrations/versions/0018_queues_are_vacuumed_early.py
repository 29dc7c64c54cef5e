"""PostgreSQL clears the queues of dead rows early: what was taken leaves an entry at the head of a queue's index, and whoever looks for the next one walks past it.

Left to itself it would wait until a fifth of the table is dead, which is long where years of finished work are kept. SQLite keeps no dead rows.

Revision: 0018, after 0017.
"""

from __future__ import annotations

from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

QUEUES = ('review_tasks', 'roi_requests', 'notices')


def upgrade() -> None:
    """Go one step on."""
    _alter('SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)')


def downgrade() -> None:
    """Go one step back."""
    _alter('RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)')


def _alter(what: str) -> None:
    if op.get_context().dialect.name == 'postgresql':
        for table in QUEUES:
            op.execute(f'ALTER TABLE {table} {what}')
