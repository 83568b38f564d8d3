"""Nudges of one day as one message, the planner's decisions, who was last seen, the response clock, words on pairs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MOMENT = storage.types.UtcDateTime(length=27)


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_seen_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("inactive_at", MOMENT, nullable=True))
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unavailable_at", MOMENT, nullable=True))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("parts", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("shown", storage.types.JsonDict(), nullable=False, server_default="{}"))
        batch_op.create_foreign_key(batch_op.f("fk_outbox_merged_into"), "outbox", ["merged_into"], ["id"])
        batch_op.create_index(batch_op.f("ix_outbox_merged_into"), ["merged_into"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_remote_message"), ["remote_message"], unique=False)
    op.create_table(
        "nudge",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("behind", sa.String(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_nudge_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_nudge_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
        sa.UniqueConstraint("community_id", "key", name=op.f("uq_nudge_community_id_key")),
    )
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        for column in ("community_id", "decided_at", "member_id"):
            batch_op.create_index(batch_op.f(f"ix_nudge_{column}"), [column], unique=False)
    op.create_table(
        "response",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_response_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_response_member_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_response_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("kind", "subject", "member_id", name=op.f("uq_response_kind_subject_member_id")),
    )
    with op.batch_alter_table("response", schema=None) as batch_op:
        for column in ("community_id", "due_at", "member_id", "programme_id", "status", "subject"):
            batch_op.create_index(batch_op.f(f"ix_response_{column}"), [column], unique=False)
    op.create_table(
        "pair_word",
        sa.Column("pair_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_pair_word_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_pair_word_member_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_pair_word_pair_id")),
        sa.PrimaryKeyConstraint("pair_id", "member_id", name=op.f("pk_pair_word")),
    )
    with op.batch_alter_table("pair_word", schema=None) as batch_op:
        for column in ("community_id", "member_id"):
            batch_op.create_index(batch_op.f(f"ix_pair_word_{column}"), [column], unique=False)
