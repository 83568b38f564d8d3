"""What mentors say about questions, and the library of answers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "request_helper",
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("at_once", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_request_helper_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_request_helper_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_request_helper")),
    )
    op.create_index("ix_request_helper_community_id", "request_helper", ["community_id"], unique=False)
    op.create_table(
        "library_entry",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("asker_id", sa.String(), nullable=False),
        sa.Column("mentor_id", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("written_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["asker_id"], ["member.id"], name=op.f("fk_library_entry_asker_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_library_entry_community_id")),
        sa.ForeignKeyConstraint(["mentor_id"], ["member.id"], name=op.f("fk_library_entry_mentor_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_library_entry_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_entry")),
        sa.UniqueConstraint("request_id", name=op.f("uq_library_entry_request_id")),
    )
    for column in ("asker_id", "community_id", "mentor_id", "tag"):
        op.create_index(f"ix_library_entry_{column}", "library_entry", [column], unique=False)
