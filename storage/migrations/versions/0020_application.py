"""Applications, their reviews, agreements by version; pronouns, needs, a pause of one programme, planned surveys."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXED = {
    "application": ("community_id", "programme_id", "cohort_id", "member_id", "remind_at"),
    "application_review": ("community_id", "application_id", "reviewer_id"),
    "application_word": ("community_id", "application_id", "author_id"),
    "agreement_accepted": ("community_id", "member_id", "programme_id"),
}


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "application",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("cohort_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("kinds", storage.types.JsonList(), nullable=False),
        sa.Column("answers", storage.types.JsonDict(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        sa.Column("slots", storage.types.JsonList(), nullable=False),
        sa.Column("talk_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("talk_with", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("remind_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_application_community_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_application_programme_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_application_cohort_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_application_member_id")),
        sa.ForeignKeyConstraint(["talk_with"], ["member.id"], name=op.f("fk_application_talk_with")),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_application_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("member_id", "cohort_id", name=op.f("uq_application_member_id_cohort_id")),
    )
    op.create_table(
        "application_review",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("reviewer_id", sa.String(), nullable=False),
        sa.Column("scores", storage.types.JsonDict(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("updated_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_application_review_community_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_review_application_id")
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["member.id"], name=op.f("fk_application_review_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_review")),
        sa.UniqueConstraint(
            "application_id", "reviewer_id", name=op.f("uq_application_review_application_id_reviewer_id")
        ),
    )
    op.create_table(
        "application_word",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("application_id", sa.String(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_application_word_community_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_word_application_id")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_application_word_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_word")),
    )
    op.create_table(
        "agreement_accepted",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_agreement_accepted_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_agreement_accepted_member_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_agreement_accepted_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_accepted")),
        sa.UniqueConstraint(
            "member_id",
            "programme_id",
            "kind",
            "version",
            name=op.f("uq_agreement_accepted_member_id_programme_id_kind_version"),
        ),
    )
    op.create_index("ix_application_queue", "application", ["community_id", "programme_id", "status", "created_at"])
    for table, columns in INDEXED.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
    op.add_column("member", sa.Column("pronouns", sa.String(), nullable=False, server_default=""))
    op.add_column("member", sa.Column("needs", sa.String(), nullable=False, server_default=""))
    op.add_column("role", sa.Column("paused_until", storage.types.UtcDateTime(length=27), nullable=True))
    op.add_column("survey", sa.Column("planned", sa.String(), nullable=True))
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_survey_planned"), ["planned"])
