"""Recurring prompts, and what check-ins are answered with."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "prompt",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("cohort_id", sa.String(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("post_to", storage.types.JsonList(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("labels", storage.types.JsonList(), nullable=False),
        sa.Column("readers", sa.String(), nullable=False),
        sa.Column("often", sa.String(), nullable=False),
        sa.Column("weekday", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("late_h", sa.Integer(), nullable=False),
        sa.Column("started_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_prompt_cohort_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_prompt_community_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_prompt_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt")),
    )
    with op.batch_alter_table("prompt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prompt_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_prompt_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "prompt_rest",
        sa.Column("prompt_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_prompt_rest_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_prompt_rest_member_id")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_prompt_rest_prompt_id")),
        sa.PrimaryKeyConstraint("prompt_id", "member_id", name=op.f("pk_prompt_rest")),
    )
    with op.batch_alter_table("prompt_rest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prompt_rest_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_prompt_rest_member_id"), ["member_id"], unique=False)

    op.create_table(
        "prompt_run",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("prompt_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("wall", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("late_h", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("labels", storage.types.JsonList(), nullable=False),
        sa.Column("readers", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("cohort_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("due_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("from_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("until_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_prompt_run_cohort_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_prompt_run_community_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_prompt_run_programme_id")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_prompt_run_prompt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_run")),
    )
    with op.batch_alter_table("prompt_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prompt_run_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_prompt_run_prompt_id"), ["prompt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_prompt_run_status"), ["status"], unique=False)

    op.create_table(
        "prompt_answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("prompt_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("due_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("expires_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("answered_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_prompt_answer_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_prompt_answer_member_id")),
        sa.ForeignKeyConstraint(["prompt_id"], ["prompt.id"], name=op.f("fk_prompt_answer_prompt_id")),
        sa.ForeignKeyConstraint(["run_id"], ["prompt_run.id"], name=op.f("fk_prompt_answer_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_answer")),
        sa.UniqueConstraint(
            "prompt_id", "member_id", "day", "slot", name=op.f("uq_prompt_answer_prompt_id_member_id_day_slot")
        ),
    )
    with op.batch_alter_table("prompt_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prompt_answer_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_prompt_answer_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_prompt_answer_run_id"), ["run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_prompt_answer_status_due_at"), ["status", "due_at"], unique=False)

    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("labels", storage.types.JsonList(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("text", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take the schema back to the revision before."""
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_column("text")
        batch_op.drop_column("labels")

    with op.batch_alter_table("prompt_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prompt_answer_status_due_at"))
        batch_op.drop_index(batch_op.f("ix_prompt_answer_run_id"))
        batch_op.drop_index(batch_op.f("ix_prompt_answer_member_id"))
        batch_op.drop_index(batch_op.f("ix_prompt_answer_community_id"))

    op.drop_table("prompt_answer")
    with op.batch_alter_table("prompt_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prompt_run_status"))
        batch_op.drop_index(batch_op.f("ix_prompt_run_prompt_id"))
        batch_op.drop_index(batch_op.f("ix_prompt_run_community_id"))

    op.drop_table("prompt_run")
    with op.batch_alter_table("prompt_rest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prompt_rest_member_id"))
        batch_op.drop_index(batch_op.f("ix_prompt_rest_community_id"))

    op.drop_table("prompt_rest")
    with op.batch_alter_table("prompt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prompt_programme_id"))
        batch_op.drop_index(batch_op.f("ix_prompt_community_id"))

    op.drop_table("prompt")
