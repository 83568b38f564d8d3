"""Indexes in which whether pairs met is read without opening a row."""

from collections.abc import Sequence

from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WIDER = (
    ("check_in", ("programme_id", "answered_at", "member_id"), ("pair_id",)),
    ("pair", ("programme_id", "created_at", "ended_at"), ("met_at", "score")),
)


def upgrade() -> None:
    """Bring the schema to this revision."""
    for table, columns, more in WIDER:
        op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)
        op.create_index(f"ix_{table}_{'_'.join(columns + more)}", table, [*columns, *more])
