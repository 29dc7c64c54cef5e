"""Imports: how far each is, and what headers mean.

Revision: 0005, after 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "column_mappings",
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("header", sa.String(64), nullable=False),
        sa.Column("field", sa.String(200), nullable=False),
        sa.Column("mapped_by_id", _KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mapped_by_id"], ["people.id"], name=op.f("fk_column_mappings_mapped_by_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_column_mappings_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "header", name=op.f("pk_column_mappings")),
    )
    op.create_table(
        "import_runs",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("workspace_id", _KEY, nullable=False),
        sa.Column("started_by_id", _KEY, nullable=True),
        sa.Column("kind", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("total", "done", "new", "updated", "unchanged", "rejected")),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["started_by_id"], ["people.id"], name=op.f("fk_import_runs_started_by_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_import_runs_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
    )
    op.create_index(
        "ix_import_runs_running", "import_runs", ["moved_at"], postgresql_where=_RUNNING, sqlite_where=_RUNNING
    )
    op.create_index("ix_import_runs_person", "import_runs", ["workspace_id", "started_by_id", "state"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("import_runs")
    op.drop_table("column_mappings")
