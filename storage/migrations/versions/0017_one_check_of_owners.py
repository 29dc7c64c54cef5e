"""Whether a task has an owner where it needs one, and none while it waits, is one check: every change of a task reads the text of each check anew.

Revision: 0017, after 0016.
"""

from __future__ import annotations

from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

FITS = "CASE WHEN owner_id IS NULL THEN state <> 'claimed' AND state <> 'in_progress' ELSE state <> 'available' END"
OWNED = "state NOT IN ('claimed', 'in_progress') OR owner_id IS NOT NULL"
UNOWNED = "state <> 'available' OR owner_id IS NULL"


def upgrade() -> None:
    """Go one step on."""
    with op.batch_alter_table('review_tasks', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_review_tasks_owned_while_worked'), type_='check')
        batch_op.drop_constraint(op.f('ck_review_tasks_unowned_in_queue'), type_='check')
        batch_op.create_check_constraint(op.f('ck_review_tasks_owner_fits_state'), FITS)


def downgrade() -> None:
    """Go one step back."""
    with op.batch_alter_table('review_tasks', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_review_tasks_owner_fits_state'), type_='check')
        batch_op.create_check_constraint(op.f('ck_review_tasks_owned_while_worked'), OWNED)
        batch_op.create_check_constraint(op.f('ck_review_tasks_unowned_in_queue'), UNOWNED)
