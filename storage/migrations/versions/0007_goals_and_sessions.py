"""Goals and sessions: their tables, and the reminders of both."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "goal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("pair_id", sa.String(), nullable=True),
        sa.Column("sight", sa.String(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("steps", storage.types.JsonList(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("reached_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_goal_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_goal_member_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_goal_pair_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_pair_id"), ["pair_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_status"), ["status"], unique=False)

    op.create_table(
        "session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("pair_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("starts_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("suggested_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("suggested_by", sa.String(), nullable=True),
        sa.Column("suggestion", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("logged_by", sa.String(), nullable=True),
        sa.Column("topics", sa.String(), nullable=False),
        sa.Column("next_step", sa.String(), nullable=False),
        sa.Column("shared", sa.String(), nullable=False),
        sa.Column("created_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("logged_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("confirmed_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_session_community_id")),
        sa.ForeignKeyConstraint(["logged_by"], ["member.id"], name=op.f("fk_session_logged_by")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_session_pair_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_session_programme_id")),
        sa.ForeignKeyConstraint(["suggested_by"], ["member.id"], name=op.f("fk_session_suggested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("pair_id", "met_on", name=op.f("uq_session_pair_id_met_on")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_confirmed_at"), ["confirmed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_logged_by"), ["logged_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_pair_id"), ["pair_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_status"), ["status"], unique=False)

    op.create_table(
        "goal_note",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("goal_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_goal_note_community_id")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_note_goal_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_goal_note_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_note")),
    )
    with op.batch_alter_table("goal_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_note_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_note_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_note_member_id"), ["member_id"], unique=False)

    op.create_table(
        "goal_reminder",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("goal_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("expires_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_goal_reminder_community_id")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_reminder_goal_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_goal_reminder_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_reminder")),
        sa.UniqueConstraint("goal_id", "member_id", "kind", name=op.f("uq_goal_reminder_goal_id_member_id_kind")),
    )
    with op.batch_alter_table("goal_reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_reminder_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_reminder_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_reminder_goal_id"), ["goal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_reminder_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_reminder_status"), ["status"], unique=False)

    op.create_table(
        "session_note",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("private", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_session_note_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_session_note_member_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_session_note_session_id")),
        sa.PrimaryKeyConstraint("session_id", "member_id", name=op.f("pk_session_note")),
    )
    with op.batch_alter_table("session_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_note_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_note_member_id"), ["member_id"], unique=False)

    op.create_table(
        "session_reminder",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("due_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_session_reminder_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_session_reminder_member_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_session_reminder_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_reminder")),
        sa.UniqueConstraint(
            "session_id",
            "member_id",
            "sequence",
            "hours",
            name=op.f("uq_session_reminder_session_id_member_id_sequence_hours"),
        ),
    )
    with op.batch_alter_table("session_reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_reminder_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_reminder_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_reminder_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_reminder_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_reminder_status"), ["status"], unique=False)
