"""Milestones, and the days on which members joined."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision. Who joined before has their day from now on, too."""
    op.create_table(
        "milestone",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("reached_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_milestone_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_milestone_member_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_milestone_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("member_id", "key", "count", name=op.f("uq_milestone_member_id_key_count")),
    )
    for column in ("community_id", "member_id", "programme_id"):
        op.create_index(f"ix_milestone_{column}", "milestone", [column], unique=False)
    op.create_table(
        "anniversary",
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("due_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_anniversary_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_anniversary_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_anniversary")),
    )
    op.create_index("ix_anniversary_community_id", "anniversary", ["community_id"], unique=False)
    op.create_index("ix_anniversary_due_at", "anniversary", ["due_at"], unique=False)
    # Due at once: the sweep says nothing of a day that has passed, and writes down when the next one is.
    op.execute(
        "INSERT INTO anniversary (member_id, community_id, due_at) "
        "SELECT id, community_id, opted_in_at FROM member WHERE opted_in_at IS NOT NULL AND left_at IS NULL"
    )
