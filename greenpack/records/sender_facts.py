"""What the page of one sender shows: how its void ratios lie, its worst parcels, its decisions.

Every statement begins with the sender's judged parcels, to which an index leads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, cast, func, literal, select
from sqlmodel import Session

from greenpack.language.speaking import mark
from greenpack.measure.measurement import Quantity
from greenpack.records.forms import DecisionKind
from greenpack.records.scope import Scope
from greenpack.records.selecting import decision, finding, in_scope, platform, sender, waybill
from greenpack.records.sender_sums import RATED, standing_violation
from greenpack.records.tables import Row

_PARCEL = Row.metadata.tables["judged_parcel"]
# Bins of the void ratio: twenty of 5 %.
BINS = 20
# Limits between parcels' sizes, litres: about those of postal cartons 7, 5 and 3.
SIZE_CLASSES = (5.0, 10.0, 25.0)
_VOID = (Quantity.VOID_RATIO, Quantity.VOID_RATIO_INNER, Quantity.VOID_RATIO_OUTER)
_CM3_PER_LITRE = 1000


class GroupedBy(StrEnum):
    """By what a sender's parcels are told apart."""

    NOTHING = mark("all parcels")
    GOODS = mark("class of goods")
    SIZE = mark("size of the parcel")


@dataclass(frozen=True, slots=True)
class OneSender:
    """Which parcels of which sender are meant.

    Attributes:
        sender_id: the sender's row.
        profile_id: the profile judged under.
        first: the first day of receipt, in the profile's days.
        last: the last day, that day included.
    """

    sender_id: int
    profile_id: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class SenderName:
    """Who a sender is."""

    sender_id: int
    code: str
    name: str | None
    platform: str | None


@dataclass(frozen=True, slots=True)
class BinCount:
    """Parcels of one group whose void ratio begins, or ends, in one bin.

    Attributes:
        group: the class of goods (empty: unknown), or the number of the class of size (0 to
            ``len(SIZE_CLASSES)``, -1: unknown) as text; empty where nothing tells them apart.
        upper: whether the interval's upper end is counted, else its lower.
        bin: 0 to ``BINS - 1``; the last holds 100 % too.
        parcels: how many.
    """

    group: str
    upper: bool
    bin: int
    parcels: int


@dataclass(frozen=True, slots=True)
class GroupCount:
    """Parcels of one group, and how many of them are violations that stand."""

    group: str
    parcels: int
    rated: int
    violations: int


@dataclass(frozen=True, slots=True)
class WorstParcel:
    """A parcel with a violation that stands, and the picture that proves it."""

    finding_id: int
    evidence_sha256: str
    low: float | None
    high: float | None
    limit: float | None
    waybill: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class SenderDecision:
    """A decision about a parcel of a sender."""

    finding_id: int
    waybill: str | None
    kind: DecisionKind
    by: str
    note: str
    at: datetime


def sender_name(
    session: Session, sender_id: int, profile_id: str, *, scope: Scope
) -> SenderName | None:
    """Who a sender is; None where nothing of it was judged in the scope.

    Whoever may not see its parcels does not learn that it exists.
    """
    judged = (
        select(_PARCEL.c.id)
        .where(
            _PARCEL.c.profile_id == profile_id,
            _PARCEL.c.sender_id == sender_id,
            *in_scope(scope, _PARCEL.c.hub_id),
        )
        .limit(1)
    )
    statement = (
        select(sender.c.id, sender.c.code, sender.c.name, platform.c.name.label("platform"))
        .select_from(sender)
        .outerjoin(platform, platform.c.id == sender.c.platform_id)
        .where(sender.c.id == sender_id, judged.exists())
    )
    row = session.connection().execute(statement).first()
    return None if row is None else SenderName(row.id, row.code, row.name, row.platform)


def void_histogram(
    session: Session, wanted: OneSender, by: GroupedBy = GroupedBy.NOTHING, *, scope: Scope
) -> list[BinCount]:
    """Where the void ratios' intervals begin and end, by group, in order."""
    group = _group(by)
    counts = []
    for upper, end in ((False, _PARCEL.c.low), (True, _PARCEL.c.high)):
        place = _bin(end)
        statement = _of(
            select(group.label("group"), place.label("bin"), func.count().label("parcels")),
            wanted,
            scope,
        )
        statement = statement.where(end.is_not(None)).group_by("group", "bin")
        counts += [
            BinCount(str(row.group), upper, int(row.bin), int(row.parcels))
            for row in session.connection().execute(statement)
        ]
    return sorted(counts, key=lambda count: (count.group, count.upper, count.bin))


def group_counts(
    session: Session, wanted: OneSender, by: GroupedBy, *, scope: Scope
) -> list[GroupCount]:
    """Parcels and violations by group, most parcels first."""
    group = _group(by)
    rated = _PARCEL.c.verdict.in_([verdict.value for verdict in RATED])
    columns = (
        group.label("group"),
        func.count().label("parcels"),
        func.sum(case((rated, 1), else_=0)).label("rated"),
        func.sum(case((standing_violation(_PARCEL), 1), else_=0)).label("violations"),
    )
    statement = _of(select(*columns), wanted, scope).group_by("group")
    found = [
        GroupCount(str(row.group), int(row.parcels), int(row.rated), int(row.violations))
        for row in session.connection().execute(statement)
    ]
    return sorted(found, key=lambda count: (-count.parcels, count.group))


def limits_applied(session: Session, wanted: OneSender, *, scope: Scope) -> list[float]:
    """The limits that the sender's void ratios were held against, sorted."""
    statement = (
        _of(select(finding.c.limit_value).distinct(), wanted, scope)
        .join(finding, finding.c.id == _PARCEL.c.finding_id)
        .where(
            finding.c.limit_value.is_not(None),
            finding.c.quantity.in_([quantity.value for quantity in _VOID]),
        )
    )
    return sorted(session.connection().execute(statement).scalars())


def worst_parcels(
    session: Session, wanted: OneSender, *, scope: Scope, limit: int, offset: int = 0
) -> tuple[list[WorstParcel], int]:
    """Parcels whose violation stands, the emptiest first, and how many there are in all."""
    statement = (
        _of(
            select(
                _PARCEL.c.finding_id,
                finding.c.evidence_sha256,
                _PARCEL.c.low,
                _PARCEL.c.high,
                finding.c.limit_value,
                waybill.c.number,
                _PARCEL.c.received_at,
                func.count().over().label("all"),
            ),
            wanted,
            scope,
        )
        .join(finding, finding.c.id == _PARCEL.c.finding_id)
        .outerjoin(waybill, waybill.c.id == _PARCEL.c.waybill_id)
        .where(standing_violation(_PARCEL))
        .order_by(_PARCEL.c.low.desc().nulls_last(), _PARCEL.c.id)
        .limit(limit)
        .offset(offset)
    )
    rows = session.connection().execute(statement).mappings().all()
    found = [
        WorstParcel(
            finding_id=row["finding_id"],
            evidence_sha256=row["evidence_sha256"],
            low=row["low"],
            high=row["high"],
            limit=row["limit_value"],
            waybill=row["number"],
            received_at=row["received_at"],
        )
        for row in rows
    ]
    return found, int(rows[0]["all"]) if rows else 0


def sender_decisions(
    session: Session, wanted: OneSender, *, scope: Scope, limit: int, offset: int = 0
) -> tuple[list[SenderDecision], int]:
    """Decisions about the sender's parcels, the newest first, and how many there are in all.

    Those about findings that a newer one has replaced are among them.
    """
    statement = (
        _of(
            select(
                decision.c.id,
                decision.c.finding_id,
                waybill.c.number,
                decision.c.kind,
                decision.c.decided_by,
                decision.c.note,
                decision.c.created_at,
                func.count().over().label("all"),
            ),
            wanted,
            scope,
        )
        .join(waybill, waybill.c.id == _PARCEL.c.waybill_id)
        .join(finding, finding.c.waybill_id == waybill.c.id)
        .join(decision, decision.c.finding_id == finding.c.id)
        .where(finding.c.profile_id == wanted.profile_id)
        .order_by(decision.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    rows = session.connection().execute(statement).mappings().all()
    found = [
        SenderDecision(
            finding_id=row["finding_id"],
            waybill=row["number"],
            kind=DecisionKind(row["kind"]),
            by=row["decided_by"],
            note=row["note"],
            at=row["created_at"],
        )
        for row in rows
    ]
    return found, int(rows[0]["all"]) if rows else 0


def _of(statement: Select[Any], wanted: OneSender, scope: Scope) -> Select[Any]:
    """The sender's judged parcels of the period that lie in the scope."""
    return statement.select_from(_PARCEL).where(
        _PARCEL.c.profile_id == wanted.profile_id,
        _PARCEL.c.sender_id == wanted.sender_id,
        _PARCEL.c.day.between(wanted.first, wanted.last),
        *in_scope(scope, _PARCEL.c.hub_id),
    )


def _bin(end: ColumnElement[Any]) -> ColumnElement[int]:
    """The bin of a ratio; written so that both databases cut where Python does."""
    steps = [case((end >= number / BINS, 1), else_=0) for number in range(1, BINS)]
    total: ColumnElement[int] = sum(steps[1:], start=steps[0])
    return total


def _group(by: GroupedBy) -> ColumnElement[Any]:
    if by is GroupedBy.GOODS:
        return _PARCEL.c.goods_class
    if by is GroupedBy.NOTHING:
        return literal("", literal_execute=True)
    middle = (_PARCEL.c.parcel_cm3_low + _PARCEL.c.parcel_cm3_high) / 2
    classes = [
        (middle < limit * _CM3_PER_LITRE, literal(number, literal_execute=True))
        for number, limit in enumerate(SIZE_CLASSES)
    ]
    unknown = (middle.is_(None), literal(-1, literal_execute=True))
    last = literal(len(SIZE_CLASSES), literal_execute=True)
    return cast(case(unknown, *classes, else_=last), Integer)
