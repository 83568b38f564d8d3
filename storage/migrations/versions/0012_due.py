"""What is due is found by its state and moment together; a pair's seats by their pair, however large the community."""

from collections.abc import Sequence

from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"], unique=False)
    op.create_index("ix_check_in_status_due_at", "check_in", ["status", "due_at"], unique=False)
    op.create_index("ix_pair_member_community_id_pair_id", "pair_member", ["community_id", "pair_id"], unique=False)
    op.drop_index("ix_outbox_state", table_name="outbox")
    op.drop_index("ix_check_in_status", table_name="check_in")
    op.drop_index("ix_pair_member_community_id", table_name="pair_member")
