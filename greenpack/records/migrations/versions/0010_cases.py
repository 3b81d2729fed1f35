"""Cases and what happened to them, which the database keeps from being changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PROTECTED = ("compliance_case", "case_event")


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    op.create_table(
        "compliance_case",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column(
            "number",
            sa.String(),
            nullable=False,
            comment="what letters name it by, for example GP-2026-000017",
        ),
        sa.Column("sender_id", sa.Integer(), nullable=False, comment="whose parcels it is about"),
        sa.Column(
            "profile_id",
            sa.String(),
            nullable=False,
            comment="profile that its findings were judged under",
        ),
        sa.Column(
            "profile_version", sa.String(), nullable=False, comment="version of that profile"
        ),
        sa.Column(
            "profile_sha256",
            sa.String(),
            nullable=False,
            comment="SHA-256 of that profile's file; the file is kept beside the case",
        ),
        sa.Column(
            "province",
            sa.String(),
            nullable=True,
            comment="jurisdiction that keeps it; NULL for everything",
        ),
        sa.Column(
            "municipality",
            sa.String(),
            nullable=True,
            comment="municipality of that jurisdiction; NULL where it is larger",
        ),
        sa.Column(
            "hub",
            sa.String(),
            nullable=True,
            comment="hub of that jurisdiction; NULL where it is larger",
        ),
        sa.Column("opened_by", sa.String(), nullable=False, comment="who opened it"),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was opened, UTC",
        ),
        sa.CheckConstraint(
            "(municipality IS NULL OR province IS NOT NULL) AND (hub IS NULL OR municipality IS "
            "NOT NULL)",
            name=op.f("ck_compliance_case_scope"),
        ),
        sa.CheckConstraint(
            "length(profile_sha256) = 64", name=op.f("ck_compliance_case_profile_sha256_length")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["sender.id"], name=op.f("fk_compliance_case_sender_id_sender")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compliance_case")),
        sa.UniqueConstraint("number", name=op.f("uq_compliance_case_number")),
    )
    op.create_index(
        "ix_compliance_case_sender", "compliance_case", ["sender_id", "profile_id"], unique=False
    )
    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column("case_id", sa.Integer(), nullable=False, comment="case it happened to"),
        sa.Column(
            "number",
            sa.Integer(),
            nullable=False,
            comment="place among the case's events, from 1 without gaps",
        ),
        sa.Column(
            "kind",
            sa.String(),
            nullable=False,
            comment="what happened, for example correction_ordered",
        ),
        sa.Column("state", sa.String(), nullable=False, comment="how the case stands after it"),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was recorded, UTC",
        ),
        sa.Column("recorded_by", sa.String(), nullable=False, comment="who recorded it"),
        sa.Column(
            "account_id",
            sa.Integer(),
            nullable=True,
            comment="account of who recorded it; NULL where nobody was asked who they are",
        ),
        sa.Column(
            "note",
            sa.String(),
            nullable=False,
            comment="the reasons, or what the sender answered; may be empty",
        ),
        sa.Column(
            "finding_id",
            sa.Integer(),
            nullable=True,
            comment="finding added or removed; NULL for other events",
        ),
        sa.Column(
            "due_on",
            sa.Date(),
            nullable=True,
            comment="last day to correct, as it stands after this event; NULL where no order "
            "stands",
        ),
        sa.Column(
            "addressed_to",
            sa.String(),
            nullable=True,
            comment="name and address as the letter is to show them; NULL where the event sends "
            "none",
        ),
        sa.Column(
            "consequence",
            sa.String(),
            nullable=True,
            comment="consequence of the profile that the event rests on; NULL for other events",
        ),
        sa.Column(
            "fine_low",
            sa.BigInteger(),
            nullable=True,
            comment="least fine that the profile states, whole units of currency; NULL for other "
            "events",
        ),
        sa.Column(
            "fine_high",
            sa.BigInteger(),
            nullable=True,
            comment="greatest fine that the profile states, whole units of currency; NULL for "
            "other events",
        ),
        sa.Column(
            "amount",
            sa.BigInteger(),
            nullable=True,
            comment="fine, whole units of currency; NULL for other events",
        ),
        sa.Column(
            "currency",
            sa.String(),
            nullable=True,
            comment="ISO 4217 code of the amounts; NULL without any",
        ),
        sa.Column(
            "outcome",
            sa.String(),
            nullable=True,
            comment="of an appeal: upheld, changed or set_aside; NULL for other events",
        ),
        sa.Column(
            "undoes",
            sa.Integer(),
            nullable=True,
            comment="number of the case's event that this one undoes; NULL for other events",
        ),
        sa.Column(
            "file_sha256",
            sa.String(),
            nullable=True,
            comment="SHA-256 of a file that came with it, kept in the store; NULL without one",
        ),
        sa.Column(
            "file_name",
            sa.String(),
            nullable=True,
            comment="that file's name as it came; NULL without one",
        ),
        sa.Column(
            "file_bytes",
            sa.BigInteger(),
            nullable=True,
            comment="that file's size in bytes; NULL without one",
        ),
        sa.CheckConstraint(
            "(finding_id IS NOT NULL) = (kind IN ('finding_added', 'finding_removed'))",
            name=op.f("ck_case_event_finding"),
        ),
        sa.CheckConstraint(
            "(outcome IS NOT NULL) = (kind = 'appeal_decided')", name=op.f("ck_case_event_outcome")
        ),
        sa.CheckConstraint(
            "(undoes IS NOT NULL) = (kind = 'undone')", name=op.f("ck_case_event_undoes")
        ),
        sa.CheckConstraint(
            "kind IN ('opened', 'finding_added', 'finding_removed', 'recommended', "
            "'correction_ordered', 'answered', 'extended', 'rectified', 'refused', "
            "'fine_proposed', 'fined', 'appealed', 'appeal_decided', 'closed', 'reopened', "
            "'undone')",
            name=op.f("ck_case_event_kind_word"),
        ),
        sa.CheckConstraint(
            "outcome IN ('upheld', 'changed', 'set_aside')", name=op.f("ck_case_event_outcome_word")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'recommended', 'ordered', 'rectified', 'refused', 'fine_proposed', "
            "'fined', 'appealed', 'set_aside', 'closed')",
            name=op.f("ck_case_event_state_word"),
        ),
        sa.CheckConstraint(
            "(currency IS NULL) = (fine_low IS NULL AND amount IS NULL)",
            name=op.f("ck_case_event_currency"),
        ),
        sa.CheckConstraint(
            "(file_sha256 IS NULL) = (file_name IS NULL) AND (file_sha256 IS NULL) = (file_bytes "
            "IS NULL)",
            name=op.f("ck_case_event_file"),
        ),
        sa.CheckConstraint(
            "(fine_low IS NULL) = (fine_high IS NULL)", name=op.f("ck_case_event_range")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_case_event_amount")),
        sa.CheckConstraint("file_bytes >= 0", name=op.f("ck_case_event_file_bytes")),
        sa.CheckConstraint(
            "fine_low >= 0 AND fine_low <= fine_high", name=op.f("ck_case_event_range_order")
        ),
        sa.CheckConstraint(
            "length(file_sha256) = 64", name=op.f("ck_case_event_file_sha256_length")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_case_event_number")),
        sa.CheckConstraint("undoes < number", name=op.f("ck_case_event_undoes_earlier")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["user_account.id"], name=op.f("fk_case_event_account_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["compliance_case.id"], name=op.f("fk_case_event_case_id_compliance_case")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_case_event_finding_id_finding")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_case_event_case_id_number")),
    )
    op.create_index(op.f("ix_case_event_finding_id"), "case_event", ["finding_id"], unique=False)
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in PROTECTED:
        for act in ("UPDATE", "DELETE") if sqlite else ("UPDATE", "DELETE", "TRUNCATE"):
            what = f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            op.execute(
                f"{what} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                if sqlite
                else f"{what} FOR EACH STATEMENT EXECUTE FUNCTION greenpack_append_only()"
            )
