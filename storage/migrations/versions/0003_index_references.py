"""The reference an index entry followed to its code.

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.add_column('code_terms', sa.Column('see', sa.Text(), nullable=True))


def downgrade() -> None:
    """Go one step back."""
    op.drop_column('code_terms', 'see')
