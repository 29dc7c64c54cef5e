"""Reports of flags count by what was decided, also after a flag is closed.

Revision: 0011, after 0010.
"""

from __future__ import annotations

from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.drop_index('ix_accuracy_flags_created', 'accuracy_flags')
    op.create_index('ix_accuracy_flags_created', 'accuracy_flags', ['workspace_id', 'created_at', 'root_reason', 'error_type', 'outcome'])


def downgrade() -> None:
    """Go one step back."""
    op.drop_index('ix_accuracy_flags_created', 'accuracy_flags')
    op.create_index('ix_accuracy_flags_created', 'accuracy_flags', ['workspace_id', 'created_at', 'root_reason', 'error_type', 'state'])
