"""Audits that can be cancelled or chosen by a code, and flags in order of time for reports.

Revision: 0010, after 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.add_column('audit_samples', sa.Column('code', sa.String(200), nullable=True))
    op.add_column('audit_samples', sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('audit_samples', sa.Column('cancel_note', sa.Text(), nullable=True))
    op.create_index('ix_accuracy_flags_created', 'accuracy_flags', ['workspace_id', 'created_at', 'root_reason', 'error_type', 'state'])
    op.create_index('ix_flag_history_at', 'flag_history', ['workspace_id', 'at', 'to_state', 'from_state'])


def downgrade() -> None:
    """Go one step back."""
    op.drop_index('ix_flag_history_at', 'flag_history')
    op.drop_index('ix_accuracy_flags_created', 'accuracy_flags')
    for column in ('cancel_note', 'cancelled_at', 'code'):
        op.drop_column('audit_samples', column)
