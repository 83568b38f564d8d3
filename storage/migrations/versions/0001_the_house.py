"""Every table of the first release, and the append-only audit log."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "community",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("created_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community")),
    )
    op.create_table(
        "inbox",
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("received_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_inbox")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_received_at"), ["received_at"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("actor_id", sa.String(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_audit_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_community_id"), ["community_id"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("languages", storage.types.JsonList(), nullable=False),
        sa.Column("offers", storage.types.JsonList(), nullable=False),
        sa.Column("wants", storage.types.JsonList(), nullable=False),
        sa.Column("interests", storage.types.JsonList(), nullable=False),
        sa.Column("goals", storage.types.JsonList(), nullable=False),
        sa.Column("availability", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("grouping", sa.String(), nullable=False),
        sa.Column("avoid", storage.types.JsonList(), nullable=False),
        sa.Column("quiet_start", sa.String(), nullable=False),
        sa.Column("quiet_end", sa.String(), nullable=False),
        sa.Column("weekly_nudges", sa.Integer(), nullable=False),
        sa.Column("paused_until", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("dm_closed", sa.Boolean(), nullable=False),
        sa.Column("opted_in_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("left_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_member_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_member_handle"), ["handle"], unique=False)

    op.create_table(
        "programme",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file", storage.types.JsonDict(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("closed_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_programme_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("community_id", "slug", name=op.f("uq_programme_community_id_slug")),
    )
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_community_id"), ["community_id"], unique=False)

    op.create_table(
        "schedule",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("late_s", sa.Integer(), nullable=False),
        sa.Column("cursor", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("next_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("params", storage.types.JsonDict(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_schedule_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("community_id", "kind", "subject", name=op.f("uq_schedule_community_id_kind_subject")),
    )
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schedule_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_schedule_next_at"), ["next_at"], unique=False)

    op.create_table(
        "setting",
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", storage.types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_setting_community_id")),
        sa.PrimaryKeyConstraint("community_id", "key", name=op.f("pk_setting")),
    )
    op.create_table(
        "space",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("gone_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_space_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space")),
        sa.UniqueConstraint("platform", "external_id", name=op.f("uq_space_platform_external_id")),
    )
    with op.batch_alter_table("space", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_space_community_id"), ["community_id"], unique=False)

    op.create_table(
        "tombstone",
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_tombstone_community_id")),
        sa.PrimaryKeyConstraint("community_id", "digest", name=op.f("pk_tombstone")),
    )
    op.create_table(
        "cohort",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("opened_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("closed_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_cohort_community_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_cohort_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_cohort_programme_id_name")),
    )
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cohort_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cohort_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("answers", storage.types.JsonDict(), nullable=False),
        sa.Column("errors", storage.types.JsonDict(), nullable=False),
        sa.Column("updated_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_draft_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_draft_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("member_id", "form", "key", name=op.f("uq_draft_member_id_form_key")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "feedback_note",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("receipt_hash", sa.String(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_feedback_note_community_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_feedback_note_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_note")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_feedback_note_receipt_hash")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("feedback_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_note_community_id"), ["community_id"], unique=False)

    op.create_table(
        "identity",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("space_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("dm_channel", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_identity_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_identity_member_id")),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("fk_identity_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("space_id", "external_id", name=op.f("uq_identity_space_id_external_id")),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_external_id"), ["external_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_identity_space_id"), ["space_id"], unique=False)

    op.create_table(
        "kudos",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("giver_id", sa.String(), nullable=False),
        sa.Column("receiver_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("given_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_kudos_community_id")),
        sa.ForeignKeyConstraint(["giver_id"], ["member.id"], name=op.f("fk_kudos_giver_id")),
        sa.ForeignKeyConstraint(["receiver_id"], ["member.id"], name=op.f("fk_kudos_receiver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kudos")),
    )
    with op.batch_alter_table("kudos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kudos_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_kudos_given_at"), ["given_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_kudos_giver_id"), ["giver_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_kudos_receiver_id"), ["receiver_id"], unique=False)

    op.create_table(
        "link_code",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("expires_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_link_code_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_link_code_member_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_link_code")),
    )
    with op.batch_alter_table("link_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_code_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_code_member_id"), ["member_id"], unique=False)

    op.create_table(
        "occurrence",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("schedule_id", sa.String(), nullable=False),
        sa.Column("due_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_occurrence_community_id")),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedule.id"], name=op.f("fk_occurrence_schedule_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_occurrence")),
    )
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_occurrence_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_occurrence_schedule_id"), ["schedule_id"], unique=False)

    op.create_table(
        "round",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("result", storage.types.JsonDict(), nullable=False),
        sa.Column("created_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("published_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("ends_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_round_community_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_round_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_round_programme_id_number")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "pair",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("space_id", sa.String(), nullable=True),
        sa.Column("room", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", storage.types.JsonList(), nullable=False),
        sa.Column("met_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("ended_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_pair_community_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_pair_programme_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_pair_round_id")),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("fk_pair_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair")),
    )
    with op.batch_alter_table("pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pair_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pair_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pair_round_id"), ["round_id"], unique=False)

    op.create_table(
        "role",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=True),
        sa.Column("cohort_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.Column("since", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_role_cohort_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_role_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_role_member_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_role_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("member_id", "programme_id", "kind", name=op.f("uq_role_member_id_programme_id_kind")),
    )
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "check_in",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("pair_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("due_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("expires_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("asked_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("answered_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_check_in_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_check_in_member_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_check_in_pair_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_check_in_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint(
            "pair_id", "member_id", "question", "week", name=op.f("uq_check_in_pair_id_member_id_question_week")
        ),
    )
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_in_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_in_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_in_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_in_pair_id"), ["pair_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_in_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_in_status"), ["status"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("space_id", sa.String(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("to_kind", sa.String(), nullable=False),
        sa.Column("to_id", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("params", storage.types.JsonDict(), nullable=False),
        sa.Column("on_doubt", sa.String(), nullable=False),
        sa.Column("pair_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("expires_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("lease_until", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sending_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("sent_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("remote_channel", sa.String(), nullable=True),
        sa.Column("remote_message", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("created_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_outbox_community_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_outbox_pair_id")),
        sa.ForeignKeyConstraint(["space_id"], ["space.id"], name=op.f("fk_outbox_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_sent_at"), ["sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_space_id"), ["space_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_to_id"), ["to_id"], unique=False)

    op.create_table(
        "pair_member",
        sa.Column("pair_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("left_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_pair_member_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_pair_member_member_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_pair_member_pair_id")),
        sa.PrimaryKeyConstraint("pair_id", "member_id", name=op.f("pk_pair_member")),
    )
    with op.batch_alter_table("pair_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pair_member_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pair_member_member_id"), ["member_id"], unique=False)
    # The log of what coordinators and moderators did can be added to and read, never changed or cut.
    if op.get_context().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{what.lower()} BEFORE {what} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit "
            "FOR EACH ROW EXECUTE FUNCTION audit_append_only()"
        )
