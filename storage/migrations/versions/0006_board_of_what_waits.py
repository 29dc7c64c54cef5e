"""An index that holds all the team's board counts of what waits, so that it is counted in one pass over the index alone.

Revision: 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'available'")
COLUMNS = ['workspace_id', 'type', 'facility', 'aged_from', 'due_at', 'bill_hold_until']


def upgrade() -> None:
    """Go one step on."""
    op.create_index('ix_review_tasks_board', 'review_tasks', COLUMNS, unique=False, postgresql_where=WAITING, sqlite_where=WAITING)


def downgrade() -> None:
    """Go one step back."""
    op.drop_index('ix_review_tasks_board', table_name='review_tasks', postgresql_where=WAITING, sqlite_where=WAITING)
