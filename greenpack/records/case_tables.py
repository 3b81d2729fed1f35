"""The tables of cases: which sender, under which rules, and everything that happened to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint

from greenpack.records.case_forms import AppealOutcome, CaseEventKind, CaseState
from greenpack.records.columns import Row, UtcDateTime, column, key, one_of, sha256_of


class ComplianceCase(Row, table=True):
    """Findings of one sender under one profile, kept together. Never changed or removed."""

    __tablename__: ClassVar[str] = "compliance_case"
    __table_args__ = (
        UniqueConstraint("number"),
        sha256_of("profile_sha256"),
        CheckConstraint(
            "(municipality IS NULL OR province IS NOT NULL)"
            " AND (hub IS NULL OR municipality IS NOT NULL)",
            name="scope",
        ),
        Index("ix_compliance_case_sender", "sender_id", "profile_id"),
    )

    id: int | None = key()
    number: str = column("what letters name it by, for example GP-2026-000017")
    sender_id: int = column("whose parcels it is about", foreign_key="sender.id")
    profile_id: str = column("profile that its findings were judged under")
    profile_version: str = column("version of that profile")
    profile_sha256: str = column("SHA-256 of that profile's file; the file is kept beside the case")
    province: str | None = column("jurisdiction that keeps it; NULL for everything", default=None)
    municipality: str | None = column(
        "municipality of that jurisdiction; NULL where it is larger", default=None
    )
    hub: str | None = column("hub of that jurisdiction; NULL where it is larger", default=None)
    opened_by: str = column("who opened it")
    opened_at: datetime = column("when it was opened, UTC", sa_type=UtcDateTime)


class CaseEvent(Row, table=True):
    """Something that happened to a case. Never changed or removed; undoing is an event too."""

    __tablename__: ClassVar[str] = "case_event"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        one_of("kind", CaseEventKind),
        one_of("state", CaseState),
        one_of("outcome", AppealOutcome),
        sha256_of("file_sha256"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(
            "(finding_id IS NOT NULL) = (kind IN ('finding_added', 'finding_removed'))",
            name="finding",
        ),
        CheckConstraint("(undoes IS NOT NULL) = (kind = 'undone')", name="undoes"),
        CheckConstraint("undoes < number", name="undoes_earlier"),
        CheckConstraint("(outcome IS NOT NULL) = (kind = 'appeal_decided')", name="outcome"),
        CheckConstraint("(fine_low IS NULL) = (fine_high IS NULL)", name="range"),
        CheckConstraint("fine_low >= 0 AND fine_low <= fine_high", name="range_order"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint(
            "(currency IS NULL) = (fine_low IS NULL AND amount IS NULL)", name="currency"
        ),
        CheckConstraint(
            "(file_sha256 IS NULL) = (file_name IS NULL)"
            " AND (file_sha256 IS NULL) = (file_bytes IS NULL)",
            name="file",
        ),
        CheckConstraint("file_bytes >= 0", name="file_bytes"),
    )

    id: int | None = key()
    case_id: int = column("case it happened to", foreign_key="compliance_case.id")
    number: int = column("place among the case's events, from 1 without gaps")
    kind: str = column("what happened, for example correction_ordered")
    state: str = column("how the case stands after it")
    recorded_at: datetime = column("when it was recorded, UTC", sa_type=UtcDateTime)
    recorded_by: str = column("who recorded it")
    account_id: int | None = column(
        "account of who recorded it; NULL where nobody was asked who they are",
        default=None,
        foreign_key="user_account.id",
    )
    note: str = column("the reasons, or what the sender answered; may be empty")
    finding_id: int | None = column(
        "finding added or removed; NULL for other events",
        default=None,
        foreign_key="finding.id",
        index=True,
    )
    due_on: date | None = column(
        "last day to correct, as it stands after this event; NULL where no order stands",
        default=None,
    )
    addressed_to: str | None = column(
        "name and address as the letter is to show them; NULL where the event sends none",
        default=None,
    )
    consequence: str | None = column(
        "consequence of the profile that the event rests on; NULL for other events", default=None
    )
    fine_low: int | None = column(
        "least fine that the profile states, whole units of currency; NULL for other events",
        default=None,
        sa_type=BigInteger,
    )
    fine_high: int | None = column(
        "greatest fine that the profile states, whole units of currency; NULL for other events",
        default=None,
        sa_type=BigInteger,
    )
    amount: int | None = column(
        "fine, whole units of currency; NULL for other events", default=None, sa_type=BigInteger
    )
    currency: str | None = column("ISO 4217 code of the amounts; NULL without any", default=None)
    outcome: str | None = column(
        "of an appeal: upheld, changed or set_aside; NULL for other events", default=None
    )
    undoes: int | None = column(
        "number of the case's event that this one undoes; NULL for other events", default=None
    )
    file_sha256: str | None = column(
        "SHA-256 of a file that came with it, kept in the store; NULL without one", default=None
    )
    file_name: str | None = column("that file's name as it came; NULL without one", default=None)
    file_bytes: int | None = column(
        "that file's size in bytes; NULL without one", default=None, sa_type=BigInteger
    )
