"""Questions that the command line and the report ask, answered by the database.

A parcel is a waybill if the photo has one, else the photo. Only current findings count: those
that no other supersedes. For every parcel these are of the newest version of the profile that it
was judged under; a parcel not judged again since a profile changed keeps its older findings.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Subquery, func, select
from sqlalchemy import Row as FoundRow
from sqlmodel import Session

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
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import (
    ORDER,
    conditions,
    decision,
    finding,
    finding_hub,
    hub,
    in_scope,
    joined,
    municipality,
    parcels_with_flags,
    photo,
    platform,
    province,
    sender,
    waybill,
)
from greenpack.records.tables import Row
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
    "judged_profiles",
    "sender_table",
    "unmeasurable_counts",
    "verdict_counts",
]

_VERDICTS = tuple(Verdict)

_TABLES = Row.metadata.tables
_HUBS, _PARCEL = _TABLES["daily_hub_count"], _TABLES["judged_parcel"]
_PROFILE, _UNMEASURED = _TABLES["counted_profile"], _TABLES["unmeasured_photo"]

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


def verdict_counts(
    session: Session,
    profile_id: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    scope: Scope = EVERYTHING,
) -> VerdictCounts:
    """Parcels by overall verdict under a profile, of photos received in [since, until).

    Whole days come from the daily counts; of a day that the moments cut, parcels are counted.
    """
    by_verdict = dict.fromkeys(_VERDICTS, 0)
    for statement in _verdict_statements(session, profile_id, since, until, scope):
        for verdict, parcels in session.connection().execute(statement):
            by_verdict[Verdict(verdict)] += int(parcels)
    return VerdictCounts(sum(by_verdict.values()), by_verdict)


def sender_table(
    session: Session,
    profile_id: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    scope: Scope = EVERYTHING,
) -> list[SenderRow]:
    """Parcels by sender and overall verdict, most violations first.

    Unknown senders and unattributed photos are rows of their own, at the end.
    """
    parcels = parcels_with_flags(
        FindingFilter(profile_id=profile_id, since=since, until=until, scope=scope)
    )
    flags = _flags(parcels)
    known = (parcels.c.waybill_id.is_not(None)).label("known")
    keys = (known, waybill.c.sender_id, sender.c.code, sender.c.name, platform.c.name)
    statement = (
        select(*keys, *flags, func.count())
        .select_from(parcels)
        .outerjoin(waybill, waybill.c.id == parcels.c.waybill_id)
        .outerjoin(sender, sender.c.id == waybill.c.sender_id)
        .outerjoin(platform, platform.c.id == sender.c.platform_id)
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
        select(decision.c.kind)
        .where(decision.c.finding_id == finding.c.id)
        .order_by(decision.c.id.desc())
        .limit(1)
        .correlate(finding)
        .scalar_subquery()
    )
    statement = select(
        *(column for column in finding.c if column.name in _FINDING_COLUMNS),
        photo.c.id.label("photo_id"),
        photo.c.sha256.label("photo_sha256"),
        photo.c.source_name,
        photo.c.taken_at,
        photo.c.received_at,
        waybill.c.number.label("waybill_number"),
        waybill.c.packed_on,
        sender.c.id.label("sender_id"),
        sender.c.code.label("sender_code"),
        sender.c.name.label("sender_name"),
        platform.c.name.label("platform"),
        hub.c.name.label("hub"),
        municipality.c.name.label("municipality"),
        province.c.name.label("province"),
        latest.label("decision"),
    )
    statement = (
        joined(statement)
        .outerjoin(
            platform, platform.c.id == func.coalesce(sender.c.platform_id, waybill.c.platform_id)
        )
        .outerjoin(hub, hub.c.id == finding_hub())
        .outerjoin(municipality, municipality.c.id == hub.c.municipality_id)
        .outerjoin(province, province.c.id == municipality.c.province_id)
        .where(*conditions(filters or FindingFilter()))
        .order_by(*ORDER[sort])
        .limit(limit)
        .offset(offset)
    )
    return [_finding_row(row) for row in session.connection().execute(statement)]


def count_current_findings(session: Session, filters: FindingFilter | None = None) -> int:
    """How many current findings there are in all pages."""
    statement = joined(select(func.count())).where(*conditions(filters or FindingFilter()))
    return int(session.connection().execute(statement).scalar_one())


def judged_profiles(session: Session, scope: Scope = EVERYTHING) -> list[str]:
    """The ids of the profiles that have current findings in a scope, sorted."""
    counted = (
        select(_HUBS.c.day)
        .where(_HUBS.c.profile_id == _PROFILE.c.profile_id, *in_scope(scope, _HUBS.c.hub_id))
        .exists()
    )
    statement = select(_PROFILE.c.profile_id).where(counted)
    return sorted(session.connection().execute(statement).scalars())


def unmeasurable_counts(session: Session, scope: Scope = EVERYTHING) -> list[ReasonCount]:
    """Photos without numbers by reason, the most frequent first."""
    keys = (_UNMEASURED.c.reason, _UNMEASURED.c.refused)
    statement = (
        select(*keys, func.count()).where(*in_scope(scope, _UNMEASURED.c.hub_id)).group_by(*keys)
    )
    counts = [
        ReasonCount(reason=reason, photos=photos, refused=refused)
        for reason, refused, photos in session.connection().execute(statement)
    ]
    return sorted(counts, key=lambda count: (-count.photos, count.reason))


def _verdict_statements(
    session: Session,
    profile_id: str,
    since: datetime | None,
    until: datetime | None,
    scope: Scope,
) -> list[Select[Any]]:
    """What counts parcels by verdict: whole days at once, and the days at both ends."""
    zone = _zone(session, profile_id) if since is not None or until is not None else ZoneInfo("UTC")
    whole = [_HUBS.c.profile_id == profile_id, *in_scope(scope, _HUBS.c.hub_id)]
    single = [_PARCEL.c.profile_id == profile_id, *in_scope(scope, _PARCEL.c.hub_id)]
    cut = []
    for moment, is_end in ((since, False), (until, True)):
        if moment is None:
            continue
        day, begins = _day_of(moment, zone)
        at_midnight = begins == moment
        if is_end:
            whole.append(_HUBS.c.day < day)
        else:
            whole.append(_HUBS.c.day >= day if at_midnight else _HUBS.c.day > day)
        if not at_midnight:
            cut.append(day)
    received = _PARCEL.c.received_at
    within = [received >= since] if since is not None else []
    within += [received < until] if until is not None else []
    days = select(_HUBS.c.verdict, func.sum(_HUBS.c.parcels)).where(*whole)
    statements: list[Select[Any]] = [days.group_by(_HUBS.c.verdict)]
    if cut:
        rest = select(_PARCEL.c.verdict, func.count()).where(*single, *within)
        statements.append(rest.where(_PARCEL.c.day.in_(set(cut))).group_by(_PARCEL.c.verdict))
    return statements


def _zone(session: Session, profile_id: str) -> ZoneInfo:
    statement = select(_PROFILE.c.timezone).where(_PROFILE.c.profile_id == profile_id)
    return ZoneInfo(session.connection().execute(statement).scalar() or "UTC")


def _day_of(moment: datetime, zone: ZoneInfo) -> tuple[date, datetime]:
    """The local day of a moment, and when that day begins."""
    local = moment.astimezone(zone)
    return local.date(), local.replace(hour=0, minute=0, second=0, microsecond=0)


def _flags(parcels: Subquery) -> list[ColumnElement[int]]:
    return [parcels.c[verdict.value] for verdict in _VERDICTS]


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


def _finding_row(row: FoundRow[*tuple[Any, ...]]) -> FindingRow:
    values = dict(row._mapping)
    value, low, high = values.pop("value"), values.pop("low"), values.pop("high")
    screening, decided = values.pop("screening"), values.pop("decision")
    return FindingRow(
        verdict=Verdict(values.pop("verdict")),
        screening=None if screening is None else Verdict(screening),
        quantity=Quantity(values.pop("quantity")),
        interval=None if low is None else Interval(value, low, high),
        limit=values.pop("limit_value"),
        decision=None if decided is None else DecisionKind(decided),
        **values,
    )
