"""What is in somebody's hands is found by whose hands they are: a claim counts it, and must not walk through everybody's.

Revision: 0009, after 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

IN_HAND = sa.text("state IN ('claimed', 'in_progress')")


def upgrade() -> None:
    """Go one step on."""
    op.drop_index('ix_review_tasks_lease', table_name='review_tasks', postgresql_where=IN_HAND, sqlite_where=IN_HAND)
    op.create_index(
        'ix_review_tasks_in_hand', 'review_tasks', ['workspace_id', 'owner_id', 'look_at'], unique=False, postgresql_where=IN_HAND, sqlite_where=IN_HAND
    )


def downgrade() -> None:
    """Go one step back."""
    op.drop_index('ix_review_tasks_in_hand', table_name='review_tasks', postgresql_where=IN_HAND, sqlite_where=IN_HAND)
    op.create_index(
        'ix_review_tasks_lease', 'review_tasks', ['workspace_id', 'look_at'], unique=False, postgresql_where=IN_HAND, sqlite_where=IN_HAND
    )
