"""The sums that senders are ranked by, as parts of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    select,
    union_all,
)

from greenpack.measure.interval import IN_95
from greenpack.records.forms import DecisionKind
from greenpack.records.halved_period import HalvedPeriod
from greenpack.records.local_day import local_day
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import decision, finding, in_scope, waybill
from greenpack.records.tables import Row
from greenpack.rules.verdict import Verdict

_TABLES = Row.metadata.tables
_DAYS = _TABLES["daily_sender_count"]
_WEEKS = _TABLES["weekly_sender_count"]
_WEEKS_OF_ALL_HUBS = _TABLES["weekly_sender_total"]
_PROFILE = _TABLES["counted_profile"]

# Verdicts that rest on numbers; the others tell nothing of the rate.
RATED = (Verdict.VIOLATION, Verdict.UNDETERMINED, Verdict.COMPLIANT)

# What is summed for each sender, in the order of the branches below.
SUMS = (
    "parcels",
    "rated",
    "violations",
    "dismissals",
    "rated_later",
    "violations_later",
    "sized",
    "air_low",
    "air_high",
)


@dataclass(frozen=True, slots=True)
class SenderFilter:
    """Which senders, and which of their parcels, are meant; None leaves a condition out.

    Attributes:
        profile_id: the profile judged under.
        period: of receipt, in the profile's days.
        platform_id: whose codes the senders have.
        search: a part of the name or the code, in small or capital letters.
        sender_id: one sender alone.
    """

    profile_id: str
    period: HalvedPeriod
    platform_id: int | None = None
    search: str = ""
    sender_id: int | None = None


def lower_bound(hits: ColumnElement[Any], of: ColumnElement[Any]) -> ColumnElement[Any]:
    """``greenpack.report.proportions.wilson(hits, of).low`` in SQL; NULL of nothing."""
    share, square = cast(hits, Float) / func.nullif(of, 0), IN_95**2
    spread = func.sqrt(share * (1 - share) * of + square / 4, type_=Float)
    return (hits + square / 2 - IN_95 * spread) / (of + square)


def counted(wanted: SenderFilter, scope: Scope) -> Subquery:
    """Each sender's sums over the period: whole weeks by week, the days around them by day."""
    period = wanted.period
    branches = []
    if wanted.sender_id is not None:
        # One sender's days are few, and an index leads to them.
        branches.append(_by_day(wanted, scope, period.first, period.last))
    else:
        if period.weeks is not None:
            branches.append(_by_week(wanted, scope, *period.weeks))
        branches += [_by_day(wanted, scope, first, last) for first, last in period.days]
    if len(branches) == 1:
        return branches[0].subquery("counted")
    parts = union_all(*branches).subquery("parts")
    sums = [cast(func.sum(parts.c[name]), BigInteger).label(name) for name in SUMS]
    return select(parts.c.sender_id, *sums).group_by(parts.c.sender_id).subquery("counted")


def _by_week(wanted: SenderFilter, scope: Scope, first: date, last: date) -> Select[Any]:
    weeks = _WEEKS_OF_ALL_HUBS if scope == EVERYTHING else _WEEKS
    week, rated, violations = weeks.c.week, weeks.c.rated_parcels, weeks.c.violations
    later = week >= wanted.period.later
    sums = (
        weeks.c.parcels,
        rated,
        violations,
        weeks.c.dismissals,
        case((later, rated), else_=0),
        case((later, violations), else_=0),
        weeks.c.sized_parcels,
        weeks.c.air_cm3_low,
        weeks.c.air_cm3_high,
    )
    inside = [weeks.c.profile_id == wanted.profile_id, week.between(first, last)]
    seen = [] if scope == EVERYTHING else in_scope(scope, weeks.c.hub_id)
    return _summed(weeks.c.sender_id, sums).where(*inside, weeks.c.sender_id > 0, *seen)


def _by_day(wanted: SenderFilter, scope: Scope, first: date, last: date) -> Select[Any]:
    parcels, later = _DAYS.c.parcels, _DAYS.c.day >= wanted.period.later
    rated = _DAYS.c.verdict.in_([verdict.value for verdict in RATED])
    stands, dismissed = standing_violation(_DAYS), is_violation(_DAYS) & _DAYS.c.dismissed
    sums = (
        parcels,
        case((rated, parcels), else_=0),
        case((stands, parcels), else_=0),
        case((dismissed, parcels), else_=0),
        case((and_(rated, later), parcels), else_=0),
        case((and_(stands, later), parcels), else_=0),
        _DAYS.c.sized_parcels,
        _DAYS.c.air_cm3_low,
        _DAYS.c.air_cm3_high,
    )
    return _summed(_DAYS.c.sender_id, sums).where(*_of_days(wanted, scope, first, last))


def _of_days(
    wanted: SenderFilter, scope: Scope, first: date, last: date
) -> list[ColumnElement[bool]]:
    one = wanted.sender_id
    return [
        _DAYS.c.profile_id == wanted.profile_id,
        # Written so that SQLite takes the index by day for a few days of all senders.
        _DAYS.c.sender_id + 0 > 0 if one is None else _DAYS.c.sender_id == one,
        _DAYS.c.day.between(first, last),
        *in_scope(scope, _DAYS.c.hub_id),
    ]


def _summed(sender_id: ColumnElement[int], sums: Sequence[ColumnElement[Any]]) -> Select[Any]:
    named: list[ColumnElement[Any]] = [
        cast(func.sum(each), BigInteger).label(name) for name, each in zip(SUMS, sums, strict=True)
    ]
    return select(sender_id.label("sender_id"), *named).group_by(sender_id)


def standing_violation(counts: Any) -> ColumnElement[bool]:
    """The condition on a table of counts, or on ``judged_parcel``, that a violation stands."""
    return and_(is_violation(counts), ~counts.c.dismissed)


def is_violation(counts: Any) -> ColumnElement[bool]:
    violation: ColumnElement[bool] = counts.c.verdict == Verdict.VIOLATION.value
    return violation


def correction_orders(profile_id: str) -> Subquery:
    """The day of each sender's first correction order under a profile."""
    zone = select(_PROFILE.c.timezone).where(_PROFILE.c.profile_id == profile_id).scalar_subquery()
    return (
        select(
            waybill.c.sender_id,
            func.min(local_day(decision.c.created_at, zone), type_=_DAYS.c.day.type).label(
                "ordered_on"
            ),
        )
        .select_from(decision)
        .join(finding, finding.c.id == decision.c.finding_id)
        .join(waybill, waybill.c.id == finding.c.waybill_id)
        .where(
            decision.c.kind == DecisionKind.CORRECTION_ORDERED.value,
            finding.c.profile_id == profile_id,
            waybill.c.sender_id.is_not(None),
        )
        .group_by(waybill.c.sender_id)
        .subquery("orders")
    )


def repeats_after(wanted: SenderFilter, scope: Scope, orders: Subquery) -> ColumnElement[Any]:
    """Violations of the period on days after a sender's first order; asked for each such sender."""
    period = wanted.period
    return (
        select(func.coalesce(func.sum(_DAYS.c.parcels), 0))
        .where(
            _DAYS.c.profile_id == wanted.profile_id,
            _DAYS.c.sender_id == orders.c.sender_id,
            _DAYS.c.day.between(period.first, period.last),
            _DAYS.c.day > orders.c.ordered_on,
            standing_violation(_DAYS),
            *in_scope(scope, _DAYS.c.hub_id),
        )
        .correlate(orders)
        .scalar_subquery()
    )
