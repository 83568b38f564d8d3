"""Outcomes, when a role ended and how it came, the parts of a pair's score, indexes for figures; entries of the log
may stop naming somebody who was forgotten."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.types

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FIGURES = (
    ("check_in", ("programme_id", "asked_at", "answer", "pair_id")),
    ("check_in", ("programme_id", "answered_at", "member_id")),
    ("session", ("programme_id", "met_on", "status", "pair_id")),
    ("session", ("programme_id", "logged_at", "logged_by")),
    ("session_note", ("community_id", "answered_at")),
    ("prompt_answer", ("prompt_id", "answered_at", "member_id")),
    ("pair", ("programme_id", "created_at", "ended_at")),
)
"""What measures look through: no row has to be opened for it."""

FORGOTTEN = "SELECT 1 FROM member WHERE handle = '' AND left_at IS NOT NULL AND"


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "outcome",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("programme_id", sa.String(), nullable=False),
        sa.Column("member_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name=op.f("fk_outcome_community_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_outcome_member_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_outcome_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("programme_id", "member_id", "key", name=op.f("uq_outcome_programme_id_member_id_key")),
    )
    for column in ("community_id", "programme_id", "member_id"):
        op.create_index(f"ix_outcome_{column}", "outcome", [column], unique=False)
    op.add_column("role", sa.Column("left_at", storage.types.UtcDateTime(length=27), nullable=True))
    op.add_column("role", sa.Column("source", sa.String(), nullable=False, server_default="self"))
    op.add_column("pair", sa.Column("parts", storage.types.JsonDict(), nullable=False, server_default="{}"))
    # When a role ended that ended before this was noted: with its cohort, with the last pair of its member, with
    # their leaving the community, or, where nothing is known, at once.
    op.execute(
        "UPDATE role SET left_at = COALESCE("
        "(SELECT closed_at FROM cohort WHERE cohort.id = role.cohort_id AND role.status = 'finished'), "
        "(SELECT MAX(COALESCE(pair_member.left_at, pair.ended_at)) FROM pair_member "
        "JOIN pair ON pair.id = pair_member.pair_id "
        "WHERE pair_member.member_id = role.member_id AND pair.programme_id = role.programme_id "
        "AND COALESCE(pair_member.left_at, pair.ended_at) > role.since), "
        "(SELECT left_at FROM member WHERE member.id = role.member_id), since) "
        "WHERE status IN ('left', 'finished')"
    )
    for table, columns in FIGURES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), unique=False)
    # What the new ones begin with.
    for table, column in (
        ("check_in", "programme_id"),
        ("session", "programme_id"),
        ("pair", "programme_id"),
        ("session_note", "community_id"),
    ):
        op.drop_index(f"ix_{table}_{column}", table_name=table)
    _let_the_forgotten_go()


def _let_the_forgotten_go() -> None:
    """Allow one change of the log: an entry names a forgotten member's empty row in the place of their old id."""
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_no_update")
        same = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in ("id", "community_id", "at", "act", "reason"))
        others = " OR ".join(
            f"(NEW.{name} IS NOT OLD.{name} AND NOT EXISTS ({FORGOTTEN} instr(NEW.{name}, id) > 0))"
            for name in ("actor_id", "subject")
        )
        op.execute(
            f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit WHEN {same} OR {others} "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )
        return
    same = " OR ".join(
        f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in ("id", "community_id", "at", "act", "reason")
    )
    others = " OR ".join(
        f"(NEW.{name} IS DISTINCT FROM OLD.{name} AND NOT EXISTS ({FORGOTTEN} position(id in NEW.{name}) > 0))"
        for name in ("actor_id", "subject")
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'DELETE' OR {same} OR {others} THEN "
        "RAISE EXCEPTION 'the audit log is append-only'; END IF; RETURN NEW; END $$"
    )
