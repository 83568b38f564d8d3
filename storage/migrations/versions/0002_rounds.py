"""Rounds apart from pairs: why a pair ended, and who asked for another partner."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "rematch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("pair_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("done_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_rematch_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_rematch_member_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_rematch_pair_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_rematch_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rematch")),
    )
    with op.batch_alter_table("rematch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rematch_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rematch_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rematch_pair_id"), ["pair_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rematch_programme_id"), ["programme_id"], unique=False)
    op.add_column("pair", sa.Column("ended_why", sa.String(), nullable=False, server_default=""))
