"""How parcels fared over a stretch of days, by day, place, platform or goods: from daily counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, case, func, select
from sqlmodel import Session

from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import hub, in_scope, municipality, platform, province
from greenpack.records.tables import Row
from greenpack.rules.verdict import Verdict

_TABLES = Row.metadata.tables
_HUBS, _PLATFORMS, _GOODS = (
    _TABLES[f"daily_{name}_count"] for name in ("hub", "platform", "goods")
)
_PROFILE = _TABLES["counted_profile"]
_HOURS = 24


class Grouping(StrEnum):
    """What parcels are told apart by."""

    DAY = "day"
    PROVINCE = "province"
    MUNICIPALITY = "municipality"
    HUB = "hub"
    PLATFORM = "platform"
    GOODS = "goods"


@dataclass(frozen=True, slots=True)
class Tally:
    """Parcels by what was found; their sum is how many were judged.

    Attributes:
        violation: proven ones that nobody dismissed.
        dismissed: violations that people dismissed.
        undetermined: neither proven nor disproven.
        compliant: proven to comply.
        exempt: no rule applies.
        unmeasurable: the photos gave no numbers.
    """

    violation: int = 0
    dismissed: int = 0
    undetermined: int = 0
    compliant: int = 0
    exempt: int = 0
    unmeasurable: int = 0

    @property
    def parcels(self) -> int:
        """All of them."""
        return self.rated + self.exempt + self.unmeasurable

    @property
    def rated(self) -> int:
        """Those that the violation rate is of: judged with numbers, whatever people said."""
        return self.violation + self.dismissed + self.undetermined + self.compliant

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in Tally.__slots__))


@dataclass(frozen=True, slots=True)
class GroupTally:
    """A group's tally.

    Attributes:
        key: a day, a row of the group's table (0 where unknown), or a class of goods.
        names: what it is called, from the largest place down; empty where unknown.
        tally: its parcels.
    """

    key: date | int | str
    names: tuple[str, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class HubDays:
    """How evenly parcels came to one hub.

    Attributes:
        hub_id: of its row.
        names: province, municipality and hub, as far as they are named.
        days: on how many days any came.
        parcels: how many in all.
        peak: on the fullest day.
        capacity_per_day: what it copes with in 24 hours at the stated rate; None if not stated.
        days_above: days with more than that; 0 where it is not stated.
    """

    hub_id: int
    names: tuple[str, ...]
    days: int
    parcels: int
    peak: int
    capacity_per_day: float | None
    days_above: int


def counted_zone(session: Session, profile_id: str) -> ZoneInfo | None:
    """The time zone of a profile's days; None where nothing was judged under it."""
    statement = select(_PROFILE.c.timezone).where(_PROFILE.c.profile_id == profile_id)
    name = session.connection().execute(statement).scalar()
    return None if name is None else ZoneInfo(name)


def tallies(
    session: Session,
    profile_id: str,
    by: Grouping,
    first: date,
    last: date,
    scope: Scope = EVERYTHING,
) -> list[GroupTally]:
    """The parcels received on some days, by group; days in order, other groups by size.

    Args:
        session: reads only.
        profile_id: judged under.
        by: what tells them apart.
        first: the first day, in the profile's time zone.
        last: the last day, that day included.
        scope: whose hubs.
    """
    table, source, columns = _source(by)
    statement = (
        select(*columns, table.c.verdict, table.c.dismissed, func.sum(table.c.parcels))
        .select_from(source)
        .where(*_within(table, profile_id, first, last, scope))
        .group_by(*columns, table.c.verdict, table.c.dismissed)
    )
    found: dict[Any, tuple[tuple[str, ...], dict[str, int]]] = {}
    for key, *names, verdict, dismissed, parcels in session.connection().execute(statement):
        words = () if key in (0, None, "") else tuple(name or "" for name in names)
        _, counted = found.setdefault(key or (0 if by is not Grouping.GOODS else ""), (words, {}))
        is_dismissed = dismissed and verdict == Verdict.VIOLATION
        kind = "dismissed" if is_dismissed else verdict
        counted[kind] = counted.get(kind, 0) + int(parcels)
    groups = [GroupTally(key, names, Tally(**counted)) for key, (names, counted) in found.items()]
    if by is Grouping.DAY:
        return sorted(groups, key=lambda group: str(group.key))
    return sorted(groups, key=lambda group: (-group.tally.parcels, group.names, str(group.key)))


def hub_days(
    session: Session, profile_id: str, first: date, last: date, scope: Scope = EVERYTHING
) -> list[HubDays]:
    """How evenly parcels came to each known hub on some days, the fullest peak first."""
    daily = (
        select(_HUBS.c.hub_id, _HUBS.c.day, func.sum(_HUBS.c.parcels).label("parcels"))
        .where(*_within(_HUBS, profile_id, first, last, scope), _HUBS.c.hub_id != 0)
        .group_by(_HUBS.c.hub_id, _HUBS.c.day)
        .subquery("daily")
    )
    capacity = _HOURS * hub.c.photos_per_hour
    columns = (hub.c.id, province.c.name, municipality.c.name, hub.c.name, hub.c.photos_per_hour)
    statement = (
        select(
            *columns,
            func.count(),
            func.sum(daily.c.parcels),
            func.max(daily.c.parcels),
            func.sum(case((daily.c.parcels > capacity, 1), else_=0)),
        )
        .select_from(daily)
        .join(hub, hub.c.id == daily.c.hub_id)
        .outerjoin(municipality, municipality.c.id == hub.c.municipality_id)
        .outerjoin(province, province.c.id == municipality.c.province_id)
        .group_by(*columns)
    )
    found = [
        HubDays(
            hub_id=hub_id,
            names=tuple(name or "" for name in names),
            days=days,
            parcels=int(parcels),
            peak=int(peak),
            capacity_per_day=None if per_hour is None else _HOURS * per_hour,
            days_above=int(above),
        )
        for hub_id, *names, per_hour, days, parcels, peak, above in session.connection().execute(
            statement
        )
    ]
    return sorted(found, key=lambda each: (-each.peak, each.names))


def _within(
    table: FromClause, profile_id: str, first: date, last: date, scope: Scope
) -> list[ColumnElement[bool]]:
    days = table.c.day.between(first, last)
    return [table.c.profile_id == profile_id, days, *in_scope(scope, table.c.hub_id)]


def _source(by: Grouping) -> tuple[FromClause, FromClause, tuple[ColumnElement[Any], ...]]:
    """The smallest count that tells the groups apart, what is joined to it, and key and names."""
    if by is Grouping.DAY:
        return _HUBS, _HUBS, (_HUBS.c.day,)
    if by is Grouping.GOODS:
        return _GOODS, _GOODS, (_GOODS.c.goods_class, _GOODS.c.goods_class.label("name"))
    if by is Grouping.PLATFORM:
        joined = _PLATFORMS.outerjoin(platform, platform.c.id == _PLATFORMS.c.platform_id)
        return _PLATFORMS, joined, (_PLATFORMS.c.platform_id, platform.c.name)
    places = (
        _HUBS.outerjoin(hub, hub.c.id == _HUBS.c.hub_id)
        .outerjoin(municipality, municipality.c.id == hub.c.municipality_id)
        .outerjoin(province, province.c.id == municipality.c.province_id)
    )
    names = (province.c.name, municipality.c.name, hub.c.name.label("hub_name"))
    keys = {
        Grouping.PROVINCE: (province.c.id, names[0]),
        Grouping.MUNICIPALITY: (municipality.c.id, *names[:2]),
        Grouping.HUB: (_HUBS.c.hub_id, *names),
    }
    return _HUBS, places, keys[by]
