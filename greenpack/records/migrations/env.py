"""Runs the migrations on the connection and in the transaction that ``migrating`` hands in."""

from __future__ import annotations

from alembic import context

from greenpack.records.tables import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,  # SQLite cannot alter a table in place
)
with context.begin_transaction():
    context.run_migrations()
