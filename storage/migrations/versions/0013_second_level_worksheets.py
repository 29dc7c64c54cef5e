"""Second-level reviews have a worksheet: a review knows the coding it looks at, and what it found is a case without a sample.

Revision: 0013, after 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
#: A review was made in the transaction that finished the coding, so it looks at what its coder finished last on that record.
REVIEWED = """
UPDATE review_tasks SET reviewed_id = (
  SELECT max(coded.id) FROM review_tasks AS coded
  WHERE coded.record_id = review_tasks.record_id AND coded.workspace_id = review_tasks.workspace_id AND coded.type = 'coding'
    AND coded.state = 'completed' AND coded.owner_id = review_tasks.worked_by_id AND coded.completed_at <= review_tasks.created_at
) WHERE type = 'second_level_review' AND worked_by_id IS NOT NULL AND state NOT IN ('completed', 'cancelled')
"""


def upgrade() -> None:
    """Go one step on."""
    with op.batch_alter_table('review_tasks', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reviewed_id', KEY, nullable=True))
        batch_op.create_foreign_key(op.f('fk_review_tasks_reviewed_id'), 'review_tasks', ['reviewed_id'], ['id'])
    op.execute(REVIEWED)
    with op.batch_alter_table('audit_cases', schema=None) as batch_op:
        batch_op.add_column(sa.Column('review_id', KEY, nullable=True))
        batch_op.alter_column('sample_id', existing_type=KEY, nullable=True)
        batch_op.create_foreign_key(op.f('fk_audit_cases_review_id'), 'review_tasks', ['review_id'], ['id'])
        batch_op.create_unique_constraint(op.f('uq_audit_cases_review_id'), ['review_id'])
        batch_op.create_check_constraint(op.f('ck_audit_cases_of_a_sample_or_a_review'), '(sample_id IS NULL) <> (review_id IS NULL)')


def downgrade() -> None:
    """Go one step back. What second-level reviews found has no place below."""
    op.execute("DELETE FROM audit_codes WHERE case_id IN (SELECT id FROM audit_cases WHERE sample_id IS NULL)")
    op.execute("DELETE FROM audit_cases WHERE sample_id IS NULL")
    with op.batch_alter_table('audit_cases', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_audit_cases_of_a_sample_or_a_review'), type_='check')
        batch_op.drop_constraint(op.f('uq_audit_cases_review_id'), type_='unique')
        batch_op.drop_constraint(op.f('fk_audit_cases_review_id'), type_='foreignkey')
        batch_op.alter_column('sample_id', existing_type=KEY, nullable=False)
        batch_op.drop_column('review_id')
    with op.batch_alter_table('review_tasks', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('fk_review_tasks_reviewed_id'), type_='foreignkey')
        batch_op.drop_column('reviewed_id')
