"""The weekly report of supervisors has a switch of its own; who had switched off the digest, and the report with it, keeps both off.

Revision: 0012, after 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.add_column('people', sa.Column('weekly_report', sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute("UPDATE people SET weekly_report = digest")


def downgrade() -> None:
    """Go one step back."""
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_column('weekly_report')
