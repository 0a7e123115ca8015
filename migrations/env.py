"""Runs the migrations on a connection that the program hands over; ``bot.storage.migrate`` prepares it."""

import warnings

from alembic import context

from bot.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    # The caller's transaction is the one: a migration that fails leaves nothing behind.
    transactional_ddl=True,
    transaction_per_migration=False,
)
with warnings.catch_warnings():
    # SQLite tells nothing of an index on an expression: a migration that rebuilds the table makes it anew.
    for index in ("uq_drafts_takes_text", "ix_imports_last_digits"):
        warnings.filterwarnings("ignore", f"Skipped unsupported reflection of expression-based index {index}")
    context.run_migrations()
