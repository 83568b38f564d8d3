"""Requests for help, and who was asked to take them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "request",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("asker_id", sa.String(), nullable=False),
        sa.Column("mentor_id", sa.String(), nullable=True),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("asked_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.Column("due_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.Column("solved_at", storage.types.UtcDateTime(length=27), nullable=True),
        sa.ForeignKeyConstraint(["asker_id"], ["member.id"], name=op.f("fk_request_asker_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_request_community_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["member.id"], name=op.f("fk_request_mentor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_asker_id"), ["asker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_mentor_id"), ["mentor_id"], unique=False)

    op.create_table(
        "request_offer",
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("mentor_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("offered_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_request_offer_community_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["member.id"], name=op.f("fk_request_offer_mentor_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_request_offer_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", "mentor_id", name=op.f("pk_request_offer")),
    )
    with op.batch_alter_table("request_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_offer_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_offer_mentor_id"), ["mentor_id"], unique=False)
