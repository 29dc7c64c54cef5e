"""Releases logged in Slack: purpose, facility, extension letters, and rules of deadlines that an admin can change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ADDED = (
    ("roi_requests", "purpose", sa.String(40)),
    ("roi_requests", "purpose_note", sa.Text()),
    ("roi_requests", "facility", sa.String(200)),
    ("roi_requests", "extend_by", sa.Date()),
    ("roi_requests", "extended_on", sa.Date()),
    ("roi_requests", "extension_reason", sa.String(40)),
    ("roi_requests", "promised_on", sa.Date()),
    ("disclosures", "purpose", sa.String(40)),
)
#: Requests of before can be extended as long as the rule of their time allowed: thirty days from receipt.
_EXTEND_BY = {
    "sqlite": "UPDATE roi_requests SET extend_by = date(received_on, '+30 days') WHERE due_rule = 'HIPAA-30C' AND extended = 0",
    "postgresql": "UPDATE roi_requests SET extend_by = received_on + 30 WHERE due_rule = 'HIPAA-30C' AND NOT extended",
}


def upgrade() -> None:
    for table, column, kind in _ADDED:
        op.add_column(table, sa.Column(column, kind, nullable=True))
    op.execute(_EXTEND_BY[op.get_bind().dialect.name])
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "due_rule_versions",
        sa.Column("id", key, nullable=False),
        sa.Column("workspace_id", key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(200), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.String(200), nullable=True),
        sa.Column("changed_by_id", key, nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("reckon_after", key, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_due_rule_versions_changed_by_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_due_rule_versions_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_rule_versions")),
        sa.UniqueConstraint("workspace_id", "version", name=op.f("uq_due_rule_versions_workspace_id_version")),
    )
    op.create_index(
        "ix_due_rule_versions_number",
        "due_rule_versions",
        ["workspace_id", "number"],
        unique=True,
        postgresql_where=sa.text("number > 0"),
        sqlite_where=sa.text("number > 0"),
    )


def downgrade() -> None:
    op.drop_index("ix_due_rule_versions_number", "due_rule_versions")
    op.drop_table("due_rule_versions")
    for table, column, _ in reversed(_ADDED):
        op.drop_column(table, column)
