"""Senders ranked in the database by how sure their violation rate is; one page comes out.

The rate is violations that stand over parcels judged with numbers (violation, undetermined or
compliant): a parcel that nothing is known of says nothing for or against its sender, and one whose
violation people dismissed speaks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import sqrt
from typing import Any

from sqlalchemy import ColumnElement, Float, String, Subquery, case, cast, func, or_, select
from sqlmodel import Session

from greenpack.language.speaking import mark
from greenpack.records.columns import storable
from greenpack.records.scope import Scope
from greenpack.records.selecting import in_scope, platform, sender
from greenpack.records.sender_sums import (
    RATED,
    SUMS,
    SenderFilter,
    correction_orders,
    counted,
    lower_bound,
    repeats_after,
    standing_violation,
)
from greenpack.records.tables import Row
from greenpack.records.week_of import week_of

_DAYS = Row.metadata.tables["daily_sender_count"]


class SenderSort(StrEnum):
    """What senders are ranked by; equal ones by their row."""

    SURE = mark("lower end of the violation rate")
    RATE = mark("violation rate")
    VIOLATIONS = mark("violations")
    PARCELS = mark("parcels")
    DISMISSALS = mark("dismissed")
    TREND = mark("trend")
    AIR = mark("air moved")
    REPEATED = mark("violations after a correction order")
    NAME = mark("name")


@dataclass(frozen=True, slots=True)
class RankedSender:
    """A sender with its counts.

    Attributes:
        sender_id: of its row.
        code: on its platform.
        name: as last declared, or None.
        platform: its name, or None.
        parcels: all that were judged.
        rated: those that are violation, undetermined or compliant.
        violations: those of them that are a violation that nobody dismissed.
        dismissals: those of them whose violation people dismissed.
        rated_later: ``rated`` of the period's later half.
        violations_later: ``violations`` of the period's later half.
        sized: parcels with a known amount of air.
        air_cm3: least and most air in those.
        ordered_on: day of the first correction order about a parcel of the sender; None without.
        repeated: violations of the period received on a day after that; None without an order.
    """

    sender_id: int
    code: str
    name: str | None
    platform: str | None
    parcels: int
    rated: int
    violations: int
    dismissals: int
    rated_later: int
    violations_later: int
    sized: int
    air_cm3: tuple[int, int]
    ordered_on: date | None
    repeated: int | None


def counted_days(session: Session, profile_id: str) -> tuple[date, date] | None:
    """The first and the last day that anything judged under a profile was received; None: none."""
    ends = [
        session.connection()
        .execute(
            select(_DAYS.c.day).where(_DAYS.c.profile_id == profile_id).order_by(order).limit(1)
        )
        .scalar()
        for order in (_DAYS.c.day.asc(), _DAYS.c.day.desc())
    ]
    first, last = ends
    return None if first is None or last is None else (first, last)


def rank_senders(
    session: Session,
    wanted: SenderFilter,
    *,
    scope: Scope,
    sort: SenderSort = SenderSort.SURE,
    descending: bool = True,
    limit: int | None = 25,
    offset: int = 0,
) -> tuple[list[RankedSender], int]:
    """One page of senders, and how many there are on all pages.

    What has no such number (no rate, no trend, no order) comes last either way.

    Args:
        session: reads only.
        wanted: which senders.
        scope: the jurisdiction that who asks may see.
        sort: what they are ranked by.
        descending: the largest first.
        limit: rows of the page; None: all.
        offset: rows before it.
    """
    _with_sqrt(session)
    sums = counted(wanted, scope)
    orders = correction_orders(wanted.profile_id)
    repeats = repeats_after(wanted, scope, orders)
    own_platform = platform.alias("own_platform")
    columns = {
        "sender_id": sender.c.id,
        "code": sender.c.code,
        "name": sender.c.name,
        "platform": own_platform.c.name,
        **{name: sums.c[name] for name in SUMS},
        "ordered_on": orders.c.ordered_on,
        "repeated": case((orders.c.ordered_on.is_not(None), repeats)),
    }
    keys = _sort_keys(sums, columns)
    statement = (
        select(
            *(each.label(name) for name, each in columns.items()), func.count().over().label("all")
        )
        .select_from(sums)
        .join(sender, sender.c.id == sums.c.sender_id)
        .outerjoin(own_platform, own_platform.c.id == sender.c.platform_id)
        .outerjoin(orders, orders.c.sender_id == sender.c.id)
        .where(*_named(wanted))
        .order_by(
            *((key.desc() if descending else key.asc()).nulls_last() for key in keys[sort]),
            sender.c.id,
        )
        .offset(offset)
    )
    if limit is not None:
        statement = statement.limit(limit)
    rows = session.connection().execute(statement).mappings().all()
    return [_ranked(row) for row in rows], int(rows[0]["all"]) if rows else 0


def _sort_keys(
    counted: Subquery, columns: dict[str, ColumnElement[Any]]
) -> dict[SenderSort, tuple[ColumnElement[Any], ...]]:
    c = counted.c
    before = cast(c.violations - c.violations_later, Float) / func.nullif(
        c.rated - c.rated_later, 0
    )
    later = cast(c.violations_later, Float) / func.nullif(c.rated_later, 0)
    sure = lower_bound(c.violations, c.rated)
    return {
        SenderSort.SURE: (sure,),
        SenderSort.RATE: (cast(c.violations, Float) / func.nullif(c.rated, 0), sure),
        SenderSort.VIOLATIONS: (c.violations, sure),
        SenderSort.PARCELS: (c.parcels,),
        SenderSort.DISMISSALS: (c.dismissals,),
        SenderSort.TREND: (later - before,),
        # By what is moved at least: the rest is not sure.
        SenderSort.AIR: (case((c.sized > 0, c.air_low)),),
        SenderSort.REPEATED: (columns["repeated"],),
        SenderSort.NAME: (func.coalesce(sender.c.name, sender.c.code),),
    }


def _named(wanted: SenderFilter) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if wanted.platform_id is not None:
        chosen.append(sender.c.platform_id == wanted.platform_id)
    words = storable(wanted.search).strip().lower()
    if words:
        parts = [
            func.lower(func.coalesce(column, "")).contains(words, autoescape=True)
            for column in (sender.c.name, sender.c.code)
        ]
        chosen.append(or_(*parts))
    return chosen


def _with_sqrt(session: Session) -> None:
    """SQLite knows no square roots unless it was built to."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.create_function("sqrt", 1, _root, deterministic=True)


def _root(number: float | None) -> float | None:
    return None if number is None else sqrt(max(0.0, number))


def _ranked(row: Any) -> RankedSender:
    return RankedSender(
        sender_id=row["sender_id"],
        code=row["code"],
        name=row["name"],
        platform=row["platform"],
        parcels=int(row["parcels"]),
        rated=int(row["rated"]),
        violations=int(row["violations"]),
        dismissals=int(row["dismissals"]),
        rated_later=int(row["rated_later"]),
        violations_later=int(row["violations_later"]),
        sized=int(row["sized"]),
        air_cm3=(int(row["air_low"]), int(row["air_high"])),
        ordered_on=row["ordered_on"],
        repeated=None if row["repeated"] is None else int(row["repeated"]),
    )


def weekly_rates(
    session: Session, wanted: SenderFilter, senders: Sequence[int], *, scope: Scope
) -> dict[int, list[float]]:
    """Some senders' violation rates by week, 0 to 1, oldest first; weeks without a rate left out.

    Args:
        session: reads only.
        wanted: profile and period.
        senders: their rows, those of one page.
        scope: the jurisdiction that who asks may see.
    """
    rated = case((_DAYS.c.verdict.in_([each.value for each in RATED]), _DAYS.c.parcels), else_=0)
    stands = case((standing_violation(_DAYS), _DAYS.c.parcels), else_=0)
    week = week_of(_DAYS.c.day)
    # As text, so that the senders lead to their days: SQLite, which has no statistics, would else
    # go through the days of all senders.
    day = cast(_DAYS.c.day, String)
    statement = (
        select(_DAYS.c.sender_id, week.label("week"), func.sum(stands), func.sum(rated))
        .where(
            _DAYS.c.profile_id == wanted.profile_id,
            _DAYS.c.sender_id.in_(senders),
            day.between(wanted.period.first.isoformat(), wanted.period.last.isoformat()),
            *in_scope(scope, _DAYS.c.hub_id),
        )
        .group_by(_DAYS.c.sender_id, week)
        .having(func.sum(rated) > 0)
        .order_by(_DAYS.c.sender_id, week)
    )
    found: dict[int, list[float]] = {}
    for sender_id, _, hits, of in session.connection().execute(statement):
        found.setdefault(sender_id, []).append(float(hits) / float(of))
    return found


def platforms_of(session: Session) -> dict[int, str]:
    """The platforms whose codes senders have, by row, in order of their names."""
    statement = (
        select(platform.c.id, platform.c.name)
        .where(platform.c.id.in_(select(sender.c.platform_id)))
        .order_by(platform.c.name)
    )
    return {row.id: row.name for row in session.connection().execute(statement)}
