"""What Alembic runs around the revisions. `storage.migrate` calls it with a connection; there is no `alembic.ini`."""

from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from storage.tables import metadata


def _no_orphans(ctx: MigrationContext, *_: Any, **__: Any) -> None:
    """Refuse a revision, before it commits, that leaves rows pointing at nothing: keys are off while it runs."""
    connection = ctx.connection
    if connection is None or connection.dialect.name != "sqlite":
        return
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if orphans:
        named = sorted({f"{child} -> {parent}" for child, _, parent, _ in orphans})
        raise ValueError(f"it leaves {len(orphans)} rows that point at nothing ({', '.join(named)})")


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transaction_per_migration=True,
        on_version_apply=_no_orphans,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_run(context.config.attributes["connection"])
