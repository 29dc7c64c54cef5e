"""Audits of coding, and finished tasks in order of time.

Revision: 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step on."""
    op.create_table('audit_samples',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('workspace_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('basis', sa.String(40), nullable=False),
    sa.Column('seed', sa.String(200), nullable=True),
    sa.Column('per_coder', sa.Integer(), nullable=True),
    sa.Column('percent', sa.Integer(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('setting', sa.String(40), nullable=True),
    sa.Column('facility', sa.String(200), nullable=True),
    sa.Column('population', sa.Integer(), nullable=False),
    sa.Column('drawn_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['drawn_by_id'], ['people.id'], name=op.f('fk_audit_samples_drawn_by_id')),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspaces.id'], name=op.f('fk_audit_samples_workspace_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_samples')),
    sa.UniqueConstraint('workspace_id', 'number', name=op.f('uq_audit_samples_workspace_id_number'))
    )
    op.create_table('audit_cases',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('workspace_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sample_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('task_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('coder_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('auditor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('reviewer_codes', sa.Integer(), nullable=True),
    sa.Column('agreed', sa.Integer(), nullable=True),
    sa.Column('moved', sa.Integer(), nullable=True),
    sa.Column('added', sa.Integer(), nullable=True),
    sa.Column('removed', sa.Integer(), nullable=True),
    sa.Column('root_reason', sa.String(40), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('auditor_id IS NULL OR auditor_id <> coder_id', name=op.f('ck_audit_cases_never_own_work')),
    sa.ForeignKeyConstraint(['auditor_id'], ['people.id'], name=op.f('fk_audit_cases_auditor_id')),
    sa.ForeignKeyConstraint(['coder_id'], ['people.id'], name=op.f('fk_audit_cases_coder_id')),
    sa.ForeignKeyConstraint(['sample_id'], ['audit_samples.id'], name=op.f('fk_audit_cases_sample_id')),
    sa.ForeignKeyConstraint(['task_id'], ['review_tasks.id'], name=op.f('fk_audit_cases_task_id')),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspaces.id'], name=op.f('fk_audit_cases_workspace_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_cases')),
    sa.UniqueConstraint('workspace_id', 'sample_id', 'task_id', name=op.f('uq_audit_cases_workspace_id_sample_id_task_id'))
    )
    op.create_index('ix_audit_cases_finished', 'audit_cases', ['workspace_id', 'finished_at'], postgresql_where=sa.text("state <> 'open'"), sqlite_where=sa.text("state <> 'open'"))
    op.create_index('ix_audit_cases_open', 'audit_cases', ['workspace_id', 'auditor_id', 'id'], postgresql_where=sa.text("state = 'open'"), sqlite_where=sa.text("state = 'open'"))
    op.create_table('audit_codes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('workspace_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('system', sa.String(200), nullable=False),
    sa.Column('code', sa.String(200), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['audit_cases.id'], name=op.f('fk_audit_codes_case_id')),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspaces.id'], name=op.f('fk_audit_codes_workspace_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_codes')),
    sa.UniqueConstraint('workspace_id', 'case_id', 'position', name=op.f('uq_audit_codes_workspace_id_case_id_position'))
    )
    op.create_index('ix_review_tasks_completed', 'review_tasks', ['workspace_id', 'completed_at', 'type', 'created_at'], postgresql_where=sa.text("state = 'completed'"), sqlite_where=sa.text("state = 'completed'"))


def downgrade() -> None:
    """Go one step back."""
    op.drop_index('ix_review_tasks_completed', 'review_tasks')
    op.drop_table('audit_codes')
    op.drop_index('ix_audit_cases_open', 'audit_cases')
    op.drop_index('ix_audit_cases_finished', 'audit_cases')
    op.drop_table('audit_cases')
    op.drop_table('audit_samples')
