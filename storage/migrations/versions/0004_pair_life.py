"""The life of a pair: agreements, trials, contacts, latecomers, and the questions to begin with."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "pair_agreement",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("pair_id", sa.String(), nullable=False),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("confidentiality", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("agreed_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_pair_agreement_community_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_pair_agreement_pair_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_agreement")),
        sa.UniqueConstraint("pair_id", name=op.f("uq_pair_agreement_pair_id")),
    )
    with op.batch_alter_table("pair_agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pair_agreement_community_id"), ["community_id"], unique=False)
    op.create_table(
        "agreement_seat",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("agreement_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("hope", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("due_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("expires_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_agreement_seat_community_id")),
        sa.ForeignKeyConstraint(["agreement_id"], ["pair_agreement.id"], name=op.f("fk_agreement_seat_agreement_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_agreement_seat_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_seat")),
        sa.UniqueConstraint("agreement_id", "member_id", name=op.f("uq_agreement_seat_agreement_id_member_id")),
    )
    with op.batch_alter_table("agreement_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_seat_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_seat_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_seat_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_seat_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_seat_status"), ["status"], unique=False)
    op.create_table(
        "trial",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("pair_id", sa.String(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("decides_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_trial_community_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_trial_pair_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial")),
        sa.UniqueConstraint("pair_id", name=op.f("uq_trial_pair_id")),
    )
    with op.batch_alter_table("trial", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trial_community_id"), ["community_id"], unique=False)
    op.create_table(
        "trial_answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("trial_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("due_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("expires_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_trial_answer_community_id")),
        sa.ForeignKeyConstraint(["trial_id"], ["trial.id"], name=op.f("fk_trial_answer_trial_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_trial_answer_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_answer")),
        sa.UniqueConstraint("trial_id", "member_id", name=op.f("uq_trial_answer_trial_id_member_id")),
    )
    with op.batch_alter_table("trial_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trial_answer_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trial_answer_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_trial_answer_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trial_answer_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_trial_answer_trial_id"), ["trial_id"], unique=False)
    op.create_table(
        "pair_contact",
        sa.Column("pair_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("shared_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_pair_contact_community_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_pair_contact_pair_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_pair_contact_member_id")),
        sa.PrimaryKeyConstraint("pair_id", "member_id", name=op.f("pk_pair_contact")),
    )
    with op.batch_alter_table("pair_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pair_contact_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pair_contact_member_id"), ["member_id"], unique=False)
    op.create_table(
        "latecomer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("due_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("offered", sa.String(), nullable=False),
        sa.Column("tried", storage.types.JsonList(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", storage.types.JsonList(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_latecomer_community_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_latecomer_programme_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_latecomer_round_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_latecomer_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_latecomer")),
        sa.UniqueConstraint("round_id", "member_id", name=op.f("uq_latecomer_round_id_member_id")),
    )
    with op.batch_alter_table("latecomer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_latecomer_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_latecomer_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_latecomer_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_latecomer_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_latecomer_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_latecomer_status"), ["status"], unique=False)
    op.create_table(
        "late_question",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("latecomer_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("offered", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("due_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("expires_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_late_question_community_id")),
        sa.ForeignKeyConstraint(["latecomer_id"], ["latecomer.id"], name=op.f("fk_late_question_latecomer_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_late_question_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_question")),
    )
    with op.batch_alter_table("late_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_late_question_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_late_question_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_late_question_latecomer_id"), ["latecomer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_late_question_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_late_question_status"), ["status"], unique=False)
    op.add_column("pair", sa.Column("icebreakers", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("pair", sa.Column("frozen_by", storage.types.JsonList(), nullable=False, server_default="[]"))
    op.add_column("rematch", sa.Column("kind", sa.String(), nullable=False, server_default="rematch"))
