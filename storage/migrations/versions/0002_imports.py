"""Imports: how far each is, and what headers mean.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import storage.columns
import storage.words.intake

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "column_mappings",
        sa.Column("workspace_id", storage.columns.BigId(), nullable=False),
        sa.Column("kind", storage.columns.Slug(), nullable=False),
        sa.Column("header", storage.columns.Digest(), nullable=False),
        sa.Column("field", storage.columns.Slug(), nullable=False),
        sa.Column("mapped_by_id", storage.columns.BigId(), nullable=True),
        sa.Column("at", storage.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["mapped_by_id"], ["people.id"], name=op.f("fk_column_mappings_mapped_by_id")),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_column_mappings_workspace_id")),
        sa.PrimaryKeyConstraint("workspace_id", "kind", "header", name=op.f("pk_column_mappings")),
    )
    op.create_table(
        "import_runs",
        sa.Column("id", storage.columns.BigId(), nullable=False),
        sa.Column("workspace_id", storage.columns.BigId(), nullable=False),
        sa.Column("started_by_id", storage.columns.BigId(), nullable=True),
        sa.Column("kind", storage.columns.Slug(), nullable=False),
        sa.Column("digest", storage.columns.Digest(), nullable=False),
        sa.Column("state", storage.columns.Word(storage.words.intake.ImportState), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("total", "done", "new", "updated", "unchanged", "rejected")),
        sa.Column("started_at", storage.columns.UtcDateTime(), nullable=False),
        sa.Column("moved_at", storage.columns.UtcDateTime(), nullable=False),
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
