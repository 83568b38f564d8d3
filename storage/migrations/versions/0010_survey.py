"""Surveys, ratings of sessions, scorecards."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "survey",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=True),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("questions", storage.types.JsonList(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("shown", storage.types.JsonDict(), nullable=False),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("next_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("opened_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("closes_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_survey_community_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_survey_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
    )
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_next_at"), ["next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_status"), ["status"], unique=False)

    op.create_table(
        "scorecard",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("survey_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("numbers", storage.types.JsonDict(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("seen_from", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_scorecard_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_scorecard_member_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_scorecard_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard")),
        sa.UniqueConstraint("survey_id", "member_id", name=op.f("uq_scorecard_survey_id_member_id")),
    )
    with op.batch_alter_table("scorecard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scorecard_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scorecard_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scorecard_survey_id"), ["survey_id"], unique=False)

    op.create_table(
        "survey_ballot",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("survey_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=True),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_survey_ballot_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_survey_ballot_member_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_ballot_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_ballot")),
        sa.UniqueConstraint("survey_id", "member_id", name=op.f("uq_survey_ballot_survey_id_member_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("survey_ballot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_ballot_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_ballot_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_ballot_survey_id"), ["survey_id"], unique=False)

    op.create_table(
        "survey_count",
        sa.Column("survey_id", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_survey_count_community_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_count_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", "question", "value", name=op.f("pk_survey_count")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("survey_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_count_community_id"), ["community_id"], unique=False)

    op.create_table(
        "survey_reply",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("survey_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_survey_reply_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_survey_reply_member_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_reply_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_reply")),
        sa.UniqueConstraint("survey_id", "member_id", name=op.f("uq_survey_reply_survey_id_member_id")),
    )
    with op.batch_alter_table("survey_reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_reply_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_reply_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_reply_survey_id"), ["survey_id"], unique=False)

    op.create_table(
        "survey_volunteer",
        sa.Column("survey_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("drawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_survey_volunteer_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_survey_volunteer_member_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_volunteer_survey_id")),
        sa.PrimaryKeyConstraint("survey_id", "member_id", name=op.f("pk_survey_volunteer")),
    )
    with op.batch_alter_table("survey_volunteer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_volunteer_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_volunteer_member_id"), ["member_id"], unique=False)

    op.create_table(
        "survey_word",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("survey_id", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_survey_word_community_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_word_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_word")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("survey_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_word_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_word_survey_id"), ["survey_id"], unique=False)

    op.create_table(
        "session_rating",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("pair_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("next_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_session_rating_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_session_rating_member_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_session_rating_pair_id")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_session_rating_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_rating")),
        sa.UniqueConstraint("session_id", "member_id", name=op.f("uq_session_rating_session_id_member_id")),
    )
    with op.batch_alter_table("session_rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_rating_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_rating_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_rating_next_at"), ["next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_rating_pair_id"), ["pair_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_rating_session_id"), ["session_id"], unique=False)
