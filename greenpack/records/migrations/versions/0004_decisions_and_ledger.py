"""Decisions and the ledger, which the database itself keeps from being changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


# What no one may do to which table.
PROTECTED = {
    "decision": ("UPDATE", "DELETE"),
    "ledger": ("UPDATE", "DELETE"),
    "ledger_head": ("DELETE",),
}


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column("finding_id", sa.Integer(), nullable=False, comment="finding decided about"),
        sa.Column(
            "kind",
            sa.String(),
            nullable=False,
            comment="confirmed, dismissed, correction_ordered, rectified, refused or fined",
        ),
        sa.Column("decided_by", sa.String(), nullable=False, comment="who decided"),
        sa.Column(
            "note", sa.String(), nullable=False, comment="the person's reasons; may be empty"
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was decided, UTC",
        ),
        sa.CheckConstraint(
            "kind IN ('confirmed', 'dismissed', 'correction_ordered', 'rectified', "
            "'refused', 'fined')",
            name=op.f("ck_decision_kind_word"),
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_decision_finding_id_finding")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_finding_id", "decision", ["finding_id"], unique=False)
    op.create_table(
        "ledger",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            comment="place in the chain, from 1 without gaps",
        ),
        sa.Column(
            "at", sa.DateTime(timezone=True), nullable=False, comment="when it was written, UTC"
        ),
        sa.Column(
            "kind",
            sa.String(),
            nullable=False,
            comment="what happened, for example finding or superseded",
        ),
        sa.Column(
            "subject",
            sa.String(),
            nullable=False,
            comment="row it is about, for example finding/17",
        ),
        sa.Column(
            "payload",
            sa.String(),
            nullable=False,
            comment="canonical JSON with the row's digest and what else must be kept",
        ),
        sa.Column(
            "prev_hash",
            sa.String(),
            nullable=False,
            comment="hash of the entry before, 64 zeros for the first",
        ),
        sa.Column(
            "hash",
            sa.String(),
            nullable=False,
            comment="SHA-256 over the other columns, which chains the entries",
        ),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_ledger_hash_length")),
        sa.CheckConstraint("length(prev_hash) = 64", name=op.f("ck_ledger_prev_hash_length")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger")),
        sa.UniqueConstraint("hash", name=op.f("uq_ledger_hash")),
    )
    op.create_index("ix_ledger_subject", "ledger", ["kind", "subject", "seq"], unique=False)
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False, comment="always 1"),
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="place of the last entry, 0 while there is none",
        ),
        sa.Column(
            "hash",
            sa.String(),
            nullable=False,
            comment="hash of the last entry, 64 zeros while there is none",
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_head_single")),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_ledger_head_hash_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
    )
    op.execute(f"INSERT INTO ledger_head (id, seq, hash) VALUES (1, 0, '{'0' * 64}')")
    if op.get_bind().dialect.name == "sqlite":
        _protect_sqlite()
    else:
        _protect_postgresql()


def _protect_sqlite() -> None:
    for table, acts in PROTECTED.items():
        for act in acts:
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _protect_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION greenpack_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table, acts in PROTECTED.items():
        for act in (*acts, "TRUNCATE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION greenpack_append_only()"
            )
