"""What Alembic runs for every command: our tables, on the connection the caller opened."""

from __future__ import annotations

from alembic import context

from storage.migrations.comparing import options

context.configure(connection=context.config.attributes["connection"], **options())
with context.begin_transaction():
    context.run_migrations()
