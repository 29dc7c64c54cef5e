"""The audit trail is read chain by chain; two indexes for other ways were kept up by every change of the desk and read by none.

Revision: 0014, after 0013.
"""

from __future__ import annotations

from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.drop_index('ix_audit_entries_subject', 'audit_entries')
    op.drop_index('ix_audit_entries_at', 'audit_entries')


def downgrade() -> None:
    """Go one step back."""
    op.create_index('ix_audit_entries_at', 'audit_entries', ['workspace_id', 'at'])
    op.create_index('ix_audit_entries_subject', 'audit_entries', ['workspace_id', 'subject', 'reference'])
