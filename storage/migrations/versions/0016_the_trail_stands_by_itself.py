"""The audit trail stands by itself, and keys of requests are cleared away without an index.

An audit entry is known by its chain and its number there and needs no number of its own beside that; the people it names are told by the chain, which the
hashes prove, not by foreign keys. All this was kept up by every change of the desk.

Revision: 0016, after 0015.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

ENTRY = ['workspace_id', 'chain', 'seq']
PEOPLE = ('actor_id', 'on_behalf_of_id')


def upgrade() -> None:
    """Go one step on."""
    op.drop_index('ix_processed_requests_at', 'processed_requests')
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        for column in PEOPLE:
            batch_op.drop_constraint(op.f(f'fk_audit_entries_{column}'), type_='foreignkey')
        batch_op.drop_constraint('pk_audit_entries', type_='primary')
        batch_op.drop_constraint('uq_audit_entries_workspace_id_chain_seq', type_='unique')
        batch_op.drop_column('id')
        batch_op.create_primary_key('pk_audit_entries', ENTRY)


def downgrade() -> None:
    """Go one step back. The entries are numbered anew."""
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_constraint('pk_audit_entries', type_='primary')
        batch_op.create_unique_constraint('uq_audit_entries_workspace_id_chain_seq', ENTRY)
        batch_op.add_column(sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(), nullable=False))
        batch_op.create_primary_key('pk_audit_entries', ['id'])
        for column in PEOPLE:
            batch_op.create_foreign_key(op.f(f'fk_audit_entries_{column}'), 'people', [column], ['id'])
    op.create_index('ix_processed_requests_at', 'processed_requests', ['at'])
