"""Thanks to several people, their values, what is shown to others, and who wants to be thanked in public."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision. Thanks from before stay between the two of them."""
    op.create_table(
        "recognition",
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("in_public", sa.Boolean(), nullable=False),
        sa.Column("decided_at", storage.types.UtcDateTime(length=27), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_recognition_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_recognition_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_recognition")),
    )
    op.create_index("ix_recognition_community_id", "recognition", ["community_id"], unique=False)
    with op.batch_alter_table("kudos", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gift_id", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("value", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("posted_as", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE kudos SET gift_id = id")
    with op.batch_alter_table("kudos", schema=None) as batch_op:
        for column in ("gift_id", "value", "posted_as"):
            batch_op.alter_column(column, existing_type=sa.String(), server_default=None)
        batch_op.drop_index("ix_kudos_community_id")
        batch_op.drop_index("ix_kudos_giver_id")
        batch_op.drop_index("ix_kudos_given_at")
        batch_op.create_index("ix_kudos_gift_id", ["gift_id"], unique=False)
        batch_op.create_index("ix_kudos_community_id_given_at", ["community_id", "given_at"], unique=False)
        batch_op.create_index("ix_kudos_giver_id_given_at", ["giver_id", "given_at"], unique=False)
