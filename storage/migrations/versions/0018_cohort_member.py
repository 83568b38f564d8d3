"""Who went through a cohort to its end."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "cohort_member",
        sa.Column("cohort_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_member_cohort_id")),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_cohort_member_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_cohort_member_member_id")),
        sa.PrimaryKeyConstraint("cohort_id", "member_id", name=op.f("pk_cohort_member")),
    )
    for column in ("community_id", "member_id"):
        op.create_index(f"ix_cohort_member_{column}", "cohort_member", [column], unique=False)
