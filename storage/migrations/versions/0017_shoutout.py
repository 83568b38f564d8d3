"""Shoutouts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "shoutout",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("goes_to", storage.types.JsonList(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("due_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("waits_until", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("written_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_shoutout_author_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_shoutout_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shoutout")),
    )
    for column in ("author_id", "community_id", "due_at", "status"):
        op.create_index(f"ix_shoutout_{column}", "shoutout", [column], unique=False)
    op.create_table(
        "shoutout_member",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("shoutout_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("says", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_shoutout_member_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_shoutout_member_member_id")),
        sa.ForeignKeyConstraint(
            ["shoutout_id"], ["shoutout.id"], name=op.f("fk_shoutout_member_shoutout_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shoutout_member")),
    )
    for column in ("community_id", "member_id", "shoutout_id"):
        op.create_index(f"ix_shoutout_member_{column}", "shoutout_member", [column], unique=False)
