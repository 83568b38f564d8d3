"""Drafts of rounds, who sits one out, weights of their own, why a pair ended, who asked for another partner."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "rematch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("pair_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("done_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_rematch_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_rematch_member_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["pair.id"], name=op.f("fk_rematch_pair_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_rematch_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rematch")),
    )
    with op.batch_alter_table("rematch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rematch_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rematch_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rematch_pair_id"), ["pair_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rematch_programme_id"), ["programme_id"], unique=False)
    op.add_column("pair", sa.Column("ended_why", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "round_draft",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=True),
        sa.Column("made_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("people", storage.types.JsonDict(), nullable=False),
        sa.Column("result", storage.types.JsonDict(), nullable=False),
        sa.Column("locks", storage.types.JsonList(), nullable=False),
        sa.Column("forbids", storage.types.JsonList(), nullable=False),
        sa.Column("proposal", storage.types.JsonDict(), nullable=False),
        sa.Column("undo", storage.types.JsonDict(), nullable=False),
        sa.Column("publish_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("tell_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_round_draft_community_id")),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_round_draft_made_by")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_round_draft_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_draft")),
        sa.UniqueConstraint("programme_id", name=op.f("uq_round_draft_programme_id")),
    )
    with op.batch_alter_table("round_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_draft_community_id"), ["community_id"], unique=False)
    op.create_table(
        "round_skip",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_round_skip_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_round_skip_member_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_round_skip_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_skip")),
        sa.UniqueConstraint(
            "programme_id", "member_id", "number", name=op.f("uq_round_skip_programme_id_member_id_number")
        ),
    )
    with op.batch_alter_table("round_skip", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_skip_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_skip_member_id"), ["member_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_skip_programme_id"), ["programme_id"], unique=False)
    op.create_table(
        "round_weights",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("weights", storage.types.JsonDict(), nullable=False),
        sa.Column("proposed", storage.types.JsonDict(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.Column("changed_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["member.id"], name=op.f("fk_round_weights_changed_by")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_round_weights_community_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_round_weights_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_weights")),
        sa.UniqueConstraint("programme_id", name=op.f("uq_round_weights_programme_id")),
    )
    with op.batch_alter_table("round_weights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_weights_community_id"), ["community_id"], unique=False)
