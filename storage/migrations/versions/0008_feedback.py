"""Feedback: two ways of sending, a conversation, moderation. Words are sealed from here on.

What stood in the old columns was not sealed, so it is not taken over: notes of a version that was never released go.
"""

import sqlalchemy as sa
from alembic import op

import storage.sealed
import storage.types

revision = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables anew."""
    op.drop_table("feedback_note")
    op.create_table(
        "feedback_note",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("text", storage.sealed.Sealed(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("receipt_hash", sa.String(), nullable=False),
        sa.Column("pseudonym", sa.String(), nullable=True),
        sa.Column("window_until", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("published_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_feedback_note_community_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_feedback_note_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_note")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_feedback_note_receipt_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_feedback_note_community_id", "feedback_note", ["community_id"], unique=False)
    op.create_table(
        "feedback_message",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("note_id", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", storage.sealed.Sealed(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_feedback_message_community_id")),
        sa.ForeignKeyConstraint(["note_id"], ["feedback_note.id"], name=op.f("fk_feedback_message_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_message")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_feedback_message_community_id", "feedback_message", ["community_id"], unique=False)
    op.create_index("ix_feedback_message_note_id", "feedback_message", ["note_id"], unique=False)
