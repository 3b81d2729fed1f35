"""Questions that the command line and the report ask, answered by the database.

A parcel is a waybill if the photo has one, else the photo. Only current findings count: those
that no other supersedes. For every parcel these are of the newest version of the profile that it
was judged under; a parcel not judged again since a profile changed keeps its older findings.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, Subquery, case, func, select, true
from sqlmodel import Session, col

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.records.answers import (
    FindingFilter,
    FindingRow,
    FindingSort,
    ReasonCount,
    SenderGroup,
    SenderRow,
    VerdictCounts,
)
from greenpack.records.forms import DecisionKind
from greenpack.records.tables import (
    Decision,
    Finding,
    Hub,
    Measurement,
    Municipality,
    Photo,
    Platform,
    Province,
    Sender,
    Waybill,
)
from greenpack.rules.verdict import Verdict, overall

__all__ = [
    "FindingFilter",
    "FindingRow",
    "FindingSort",
    "ReasonCount",
    "SenderGroup",
    "SenderRow",
    "VerdictCounts",
    "count_current_findings",
    "current_findings",
    "sender_table",
    "unmeasurable_counts",
    "verdict_counts",
]

_VERDICTS = tuple(Verdict)

Selected = TypeVar("Selected", bound=Select[Any])


def verdict_counts(
    session: Session,
    profile_id: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> VerdictCounts:
    """Parcels by overall verdict under a profile, of photos received in [since, until)."""
    parcels = _parcels(FindingFilter(profile_id=profile_id, since=since, until=until))
    flags = _flags(parcels)
    rows = session.connection().execute(select(*flags, func.count()).group_by(*flags))
    return _counts([(row[: len(_VERDICTS)], row[-1]) for row in rows])


def sender_table(
    session: Session,
    profile_id: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[SenderRow]:
    """Parcels by sender and overall verdict, most violations first.

    Unknown senders and unattributed photos are rows of their own, at the end.
    """
    parcels = _parcels(FindingFilter(profile_id=profile_id, since=since, until=until))
    flags = _flags(parcels)
    known = (parcels.c.waybill_id.is_not(None)).label("known")
    keys = (known, Waybill.sender_id, Sender.code, Sender.name, col(Platform.name))
    statement = (
        select(*keys, *flags, func.count())
        .select_from(parcels)
        .outerjoin(Waybill, col(Waybill.id) == parcels.c.waybill_id)
        .outerjoin(Sender, col(Sender.id) == Waybill.sender_id)
        .outerjoin(Platform, col(Platform.id) == Sender.platform_id)
        .group_by(*keys, *flags)
    )
    grouped: dict[tuple[Any, ...], list[tuple[Sequence[int], int]]] = {}
    for row in session.connection().execute(statement):
        grouped.setdefault(tuple(row[:5]), []).append((row[5:-1], row[-1]))
    table = [_sender_row(key, counted) for key, counted in grouped.items()]
    return sorted(table, key=_rank)


def current_findings(
    session: Session,
    filters: FindingFilter | None = None,
    *,
    sort: FindingSort = FindingSort.NEWEST,
    limit: int = 100,
    offset: int = 0,
) -> list[FindingRow]:
    """One page of current findings."""
    latest = (
        select(Decision.kind)
        .where(col(Decision.finding_id) == Finding.id)
        .order_by(col(Decision.id).desc())
        .limit(1)
        .correlate(Finding)
        .scalar_subquery()
    )
    statement = select(
        *(column for name, column in Finding.__table__.c.items() if name in _FINDING_COLUMNS),  # type: ignore[attr-defined]
        col(Photo.id).label("photo_id"),
        col(Photo.sha256).label("photo_sha256"),
        col(Photo.source_name),
        col(Photo.taken_at),
        col(Photo.received_at),
        col(Waybill.number).label("waybill_number"),
        col(Waybill.packed_on),
        col(Sender.id).label("sender_id"),
        col(Sender.code).label("sender_code"),
        col(Sender.name).label("sender_name"),
        col(Platform.name).label("platform"),
        col(Hub.name).label("hub"),
        col(Municipality.name).label("municipality"),
        col(Province.name).label("province"),
        latest.label("decision"),
    )
    statement = (
        _joined(statement)
        .outerjoin(
            Platform, col(Platform.id) == func.coalesce(Sender.platform_id, Waybill.platform_id)
        )
        .outerjoin(Hub, col(Hub.id) == func.coalesce(Photo.hub_id, Waybill.hub_id))
        .outerjoin(Municipality, col(Municipality.id) == Hub.municipality_id)
        .outerjoin(Province, col(Province.id) == Municipality.province_id)
        .where(*_conditions(filters or FindingFilter()))
        .order_by(*_ORDER[sort])
        .limit(limit)
        .offset(offset)
    )
    return [_finding_row(row) for row in session.connection().execute(statement)]


def count_current_findings(session: Session, filters: FindingFilter | None = None) -> int:
    """How many current findings there are in all pages."""
    statement = _joined(select(func.count())).where(*_conditions(filters or FindingFilter()))
    return int(session.connection().execute(statement).scalar_one())


def unmeasurable_counts(session: Session) -> list[ReasonCount]:
    """Photos without numbers by reason, the most frequent first."""
    newest = select(func.max(Measurement.id)).group_by(col(Measurement.photo_id))
    unmeasured = (
        select(Measurement.reason, func.count())
        .where(col(Measurement.id).in_(newest), col(Measurement.reason).is_not(None))
        .group_by(Measurement.reason)
    )
    refused = (
        select(Photo.refused_reason, func.count())
        .where(col(Photo.refused_reason).is_not(None))
        .group_by(Photo.refused_reason)
    )
    connection = session.connection()
    counts = [
        ReasonCount(reason=str(reason), photos=photos, refused=is_refused)
        for statement, is_refused in ((unmeasured, False), (refused, True))
        for reason, photos in connection.execute(statement)
    ]
    return sorted(counts, key=lambda count: (-count.photos, count.reason))


_FINDING_COLUMNS = {
    "id",
    "verdict",
    "screening",
    "reason",
    "quantity",
    "value",
    "low",
    "high",
    "limit_value",
    "explanation",
    "profile_id",
    "profile_version",
    "rule_id",
    "model_sha256",
    "evidence_sha256",
    "created_at",
    "waybill_id",
}

_ORDER: dict[FindingSort, tuple[ColumnElement[Any], ...]] = {
    FindingSort.NEWEST: (col(Finding.id).desc(),),
    FindingSort.OLDEST: (col(Finding.id).asc(),),
    # Both databases then put a finding without numbers last.
    FindingSort.LARGEST: (col(Finding.low).desc().nulls_last(), col(Finding.id).asc()),
    FindingSort.SENDER: (
        col(Sender.code).asc().nulls_last(),
        col(Sender.id).asc().nulls_last(),
        col(Finding.id).asc(),
    ),
}


def _joined(statement: Selected) -> Selected:
    """From findings to their photos, waybills and senders."""
    return (
        statement.select_from(Finding)
        .join(Measurement, col(Measurement.id) == Finding.measurement_id)
        .join(Photo, col(Photo.id) == Measurement.photo_id)
        .outerjoin(Waybill, col(Waybill.id) == Finding.waybill_id)
        .outerjoin(Sender, col(Sender.id) == Waybill.sender_id)
    )


def _conditions(filters: FindingFilter) -> list[ColumnElement[bool]]:
    wanted: list[tuple[object, ColumnElement[bool]]] = [
        (filters.profile_id, col(Finding.profile_id) == filters.profile_id),
        (filters.verdict, col(Finding.verdict) == filters.verdict),
        (filters.rule_id, col(Finding.rule_id) == filters.rule_id),
        (filters.sender_id, col(Waybill.sender_id) == filters.sender_id),
        (filters.waybill_number, col(Waybill.number) == filters.waybill_number),
    ]
    conditions = [condition for value, condition in wanted if value is not None]
    if filters.since is not None:
        conditions.append(col(Photo.received_at) >= filters.since)
    if filters.until is not None:
        conditions.append(col(Photo.received_at) < filters.until)
    if filters.sender_group is SenderGroup.SENDER:
        conditions.append(col(Waybill.sender_id).is_not(None))
    elif filters.sender_group is SenderGroup.UNKNOWN:
        conditions += [col(Finding.waybill_id).is_not(None), col(Waybill.sender_id).is_(None)]
    elif filters.sender_group is SenderGroup.UNATTRIBUTED:
        conditions.append(col(Finding.waybill_id).is_(None))
    return [col(Finding.superseded_by).is_(None), *conditions]


def _parcels(filters: FindingFilter) -> Subquery:
    """One row for each parcel, with a flag for each verdict that one of its rules gave."""
    photo = case((col(Finding.waybill_id).is_(None), Measurement.photo_id))
    flags = [
        func.max(case((col(Finding.verdict) == verdict, 1), else_=0)).label(verdict)
        for verdict in _VERDICTS
    ]
    statement = _joined(select(col(Finding.waybill_id), photo.label("photo_id"), *flags))
    return (
        statement.where(*_conditions(filters), true())
        .group_by(col(Finding.waybill_id), photo)
        .subquery("parcels")
    )


def _flags(parcels: Subquery) -> list[ColumnElement[int]]:
    return [parcels.c[verdict] for verdict in _VERDICTS]


def _counts(counted: Sequence[tuple[Sequence[int], int]]) -> VerdictCounts:
    """Overall verdicts from how many parcels have which set of single ones."""
    by_verdict = dict.fromkeys(_VERDICTS, 0)
    for flags, parcels in counted:
        seen = [verdict for verdict, flag in zip(_VERDICTS, flags, strict=True) if flag]
        by_verdict[overall(seen)] += parcels
    return VerdictCounts(sum(by_verdict.values()), by_verdict)


def _sender_row(key: tuple[Any, ...], counted: Sequence[tuple[Sequence[int], int]]) -> SenderRow:
    known, sender_id, code, name, platform = key
    if sender_id is not None:
        group = SenderGroup.SENDER
    else:
        group = SenderGroup.UNKNOWN if known else SenderGroup.UNATTRIBUTED
    return SenderRow(group, sender_id, code, name, platform, _counts(counted))


def _rank(row: SenderRow) -> tuple[int, int, int, str, int]:
    return (
        list(SenderGroup).index(row.group),
        -row.counts.by_verdict[Verdict.VIOLATION],
        -row.counts.parcels,
        row.code or "",
        row.sender_id or 0,
    )


def _finding_row(row: Row[Any]) -> FindingRow:
    values = dict(row._mapping)
    value, low, high = values.pop("value"), values.pop("low"), values.pop("high")
    screening, decision = values.pop("screening"), values.pop("decision")
    return FindingRow(
        **values
        | {
            "verdict": Verdict(values["verdict"]),
            "screening": None if screening is None else Verdict(screening),
            "quantity": Quantity(values["quantity"]),
            "interval": None if low is None else Interval(value, low, high),
            "limit": values.pop("limit_value"),
            "decision": None if decision is None else DecisionKind(decision),
        }
    )
