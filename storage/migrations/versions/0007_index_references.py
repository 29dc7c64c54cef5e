"""The reference an index entry followed to its code; codes compared sign by sign, so that their beginnings are found on every PostgreSQL.

Revision: 0007, after 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.add_column('code_terms', sa.Column('see', sa.Text(), nullable=True))
    _compare_codes(sa.String(200, collation='C'))


def downgrade() -> None:
    """Go one step back."""
    _compare_codes(sa.String(200))
    op.drop_column('code_terms', 'see')


def _compare_codes(kind: sa.String) -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('code_concepts', 'code', type_=kind, existing_type=sa.String(200), existing_nullable=False)
