"""What the queries answer with and are asked by, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.records.forms import DecisionKind
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.rules.verdict import Verdict


class SenderGroup(StrEnum):
    """What a row of the sender table stands for."""

    SENDER = "sender"
    UNKNOWN = "unknown"  # the waybill is known, its sender is not
    UNATTRIBUTED = "unattributed"  # the photo belongs to no waybill


class FindingSort(StrEnum):
    """In which order findings come; equal ones by id."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LARGEST = "largest"  # by the interval's lower end
    SENDER = "sender"


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which current findings are meant; None leaves a condition out.

    Attributes:
        profile_id: the profile judged under.
        verdict: of the single rule.
        rule_id: of the profile.
        sender_id: the sender's row.
        sender_group: senders, unknown senders or unattributed photos only.
        waybill_number: exactly this number.
        since: photos received at that time or later; aware.
        until: photos received before that time; aware.
        scope: the jurisdiction that who asks may see; pages always set it.
    """

    profile_id: str | None = None
    verdict: Verdict | None = None
    rule_id: str | None = None
    sender_id: int | None = None
    sender_group: SenderGroup | None = None
    waybill_number: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    scope: Scope = EVERYTHING


@dataclass(frozen=True, slots=True)
class VerdictCounts:
    """How many parcels have which overall verdict; every verdict has a key."""

    parcels: int
    by_verdict: Mapping[Verdict, int]


@dataclass(frozen=True, slots=True)
class SenderRow:
    """One line of the sender table; ``sender_id``, ``code`` and ``name`` only for a sender."""

    group: SenderGroup
    sender_id: int | None
    code: str | None
    name: str | None
    platform: str | None
    counts: VerdictCounts


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A current finding with what a person needs to act on it."""

    id: int
    verdict: Verdict
    screening: Verdict | None
    reason: str
    quantity: Quantity
    interval: Interval | None
    limit: float | None
    explanation: str
    profile_id: str
    profile_version: str
    rule_id: str
    model_sha256: str
    evidence_sha256: str
    created_at: datetime
    photo_id: int
    photo_sha256: str
    source_name: str
    taken_at: datetime | None
    received_at: datetime
    waybill_id: int | None
    waybill_number: str | None
    packed_on: date | None
    sender_id: int | None
    sender_code: str | None
    sender_name: str | None
    platform: str | None
    hub: str | None
    municipality: str | None
    province: str | None
    decision: DecisionKind | None


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many photos gave no numbers for one reason.

    Attributes:
        reason: a key of ``REASONS``.
        photos: how many, by each photo's newest measurement.
        refused: whether the bytes were no usable image at all.
    """

    reason: str
    photos: int
    refused: bool
