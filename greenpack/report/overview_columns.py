"""The tables and words of the overview, column by column; nothing here draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from greenpack.language.speaking import mark, number_text, percent_text, tr
from greenpack.measure.interval import Interval
from greenpack.records.count_tables import MIXED_GOODS
from greenpack.records.season import Grouping, GroupTally, HubDays, Tally
from greenpack.report.campaigns import Window
from greenpack.report.finding_address import findings_link
from greenpack.report.proportions import change, wilson
from greenpack.report.rate_shift import Part
from greenpack.rules.verdict import Verdict

Columns = dict[str, list[object]]
Key = date | int | str

# By what the tables can be, as the page offers it.
GROUPINGS: Final[dict[Grouping, str]] = {
    Grouping.PROVINCE: mark("Province"),
    Grouping.MUNICIPALITY: mark("Municipality"),
    Grouping.HUB: mark("Hub"),
    Grouping.PLATFORM: mark("Platform"),
    Grouping.GOODS: mark("Goods"),
}
_FILTERS: Final = {
    Grouping.PROVINCE: "province_id",
    Grouping.MUNICIPALITY: "municipality_id",
    Grouping.HUB: "hub_id",
    Grouping.PLATFORM: "platform_id",
    Grouping.GOODS: "goods_class",
}


def total(groups: Sequence[GroupTally]) -> Tally:
    """All groups together."""
    return sum((group.tally for group in groups), start=Tally())


def rate(tally: Tally) -> Interval:
    """Proven violations of the parcels judged with numbers, with the 95 % interval."""
    return wilson(tally.violation, tally.rated)


def group_name(by: Grouping, group: GroupTally) -> str:
    """What a group is called; unknown ones are said to be unknown."""
    if by is Grouping.GOODS and group.key == MIXED_GOODS:
        return tr("several classes")
    return _from_smallest(group.names)


def group_columns(
    by: Grouping,
    groups: Sequence[GroupTally],
    profile_id: str,
    window: Window,
    narrowed: Mapping[str, int],
) -> Columns:
    """A row for each group; its numbers are links to the findings behind them.

    Args:
        by: what the groups are.
        groups: with what was counted of each.
        profile_id: the profile judged under.
        window: the days counted.
        narrowed: what else narrows the links, as ``findings_link`` names it.
    """

    def links(verdict: Verdict | None, count: str) -> list[object]:
        return [
            _link(by, group, profile_id, window, verdict, _count(group.tally, count), narrowed)
            for group in groups
        ]

    rates = [rate(group.tally) for group in groups]
    return {
        tr(GROUPINGS[by]): [group_name(by, group) for group in groups],
        tr("parcels"): links(None, "parcels"),
        tr("violations"): links(Verdict.VIOLATION, "violation"),
        tr("violation rate, %"): [_percent(each.value) for each in rates],
        tr("at least, %"): [
            _percent(each.low if each.value is not None else None) for each in rates
        ],
        tr("at most, %"): [
            _percent(each.high if each.value is not None else None) for each in rates
        ],
        tr("undetermined"): links(Verdict.UNDETERMINED, "undetermined"),
        tr("unmeasurable"): links(Verdict.UNMEASURABLE, "unmeasurable"),
    }


def export_heads() -> list[str]:
    """The columns of the table as it is taken out."""
    return [
        tr("group"),
        tr("parcels"),
        tr("judged with numbers"),
        tr("violations"),
        tr("dismissed"),
        tr("undetermined"),
        tr("compliant"),
        tr("exempt"),
        tr("unmeasurable"),
        tr("violation rate"),
        tr("at least"),
        tr("at most"),
    ]


def export_row(by: Grouping, group: GroupTally) -> list[Any]:
    """A row of that."""
    tally, share = group.tally, rate(group.tally)
    return [
        group_name(by, group),
        tally.parcels,
        tally.rated,
        tally.violation,
        tally.dismissed,
        tally.undetermined,
        tally.compliant,
        tally.exempt,
        tally.unmeasurable,
        share.value,
        share.low if tally.rated else None,
        share.high if tally.rated else None,
    ]


def trend_rows(days: Sequence[GroupTally], window: Window, *, weekly: bool) -> list[dict[str, Any]]:
    """A point for each day or week with parcels: its rate in percent, interval and parcels."""
    sums: dict[date, Tally] = {}
    for group in days:
        if isinstance(group.key, date):
            begins = group.key - timedelta(days=group.key.weekday()) if weekly else group.key
            sums[begins] = sums.get(begins, Tally()) + group.tally
    rows = []
    for begins in sorted(sums):
        tally, share = sums[begins], rate(sums[begins])
        last = min(window.last, begins + timedelta(days=6)) if weekly else begins
        known = share.value is not None
        rows.append(
            {
                "day": begins.isoformat(),
                "until": last.isoformat(),
                "rate": _percent(share.value),
                "low": _percent(share.low) if known else None,
                "high": _percent(share.high) if known else None,
                "parcels": tally.parcels,
            }
        )
    return rows


def daily_counts(days: Sequence[GroupTally], window: Window) -> list[int]:
    """Parcels of each day of the window, days without any included."""
    found = {group.key: group.tally.parcels for group in days}
    return [found.get(window.first + timedelta(days=step), 0) for step in range(window.days)]


def shift_words(rise: Interval | None) -> str:
    """Whether the rate moved, as far as the interval of the difference says."""
    if rise is None or rise.value is None:
        return tr("There are no parcels to compare with on the days before.")
    low, high = (number_text(100 * end, 1) for end in (rise.low, rise.high))
    value = number_text(100 * rise.value, 1)
    if rise.low > 0:
        return tr(
            "The rate rose by {value} percentage points (95 % interval {low} to {high}).",
            value=value,
            low=low,
            high=high,
        )
    if rise.high < 0:
        return tr(
            "The rate fell: it changed by {value} percentage points (95 % interval {low} to "
            "{high}).",
            value=value,
            low=low,
            high=high,
        )
    return tr(
        "It is not sure that the rate moved at all: the difference is {value} percentage points "
        "(95 % interval {low} to {high}).",
        value=value,
        low=low,
        high=high,
    )


def moved(before: Tally, after: Tally) -> Interval | None:
    """By how much the rate rose, with the 95 % interval."""
    return change(before.violation, before.rated, after.violation, after.rated)


def counted(groups: Sequence[GroupTally]) -> dict[Key, tuple[int, int]]:
    """Violations and rated parcels by group, as ``rate_shift`` takes them."""
    return {group.key: (group.tally.violation, group.tally.rated) for group in groups}


def shift_columns(parts: Sequence[Part[Key]], names: Mapping[Key, str], first: str) -> Columns:
    """A row for each group that moved the rate, in percentage points."""
    return {
        first: [names[part.key] for part in parts],
        tr("its own rate"): [round(100 * part.within, 3) for part in parts],
        tr("its share of parcels"): [round(100 * part.mix, 3) for part in parts],
        tr("together"): [round(100 * part.total, 3) for part in parts],
    }


def hub_columns(hubs: Sequence[HubDays], window: Window, profile_id: str) -> Columns:
    """How evenly parcels came to each hub."""
    return {
        tr("hub"): [_from_smallest(hub.names) for hub in hubs],
        tr("parcels"): [
            _shown(
                findings_link(profile_id, hub_id=hub.hub_id, since=window.first, until=window.last),
                hub.parcels,
            )
            for hub in hubs
        ],
        tr("fullest day"): [hub.peak for hub in hubs],
        tr("fullest over mean"): [round(hub.peak * window.days / hub.parcels, 2) for hub in hubs],
        tr("copes with a day"): [
            None if hub.capacity_per_day is None else round(hub.capacity_per_day) for hub in hubs
        ],
        tr("days above that, %"): [
            None if hub.capacity_per_day is None else round(100 * hub.days_above / window.days, 1)
            for hub in hubs
        ],
    }


def share_words(count: int, of: int) -> str:
    """A share in percent, or a dash where there is nothing to take it of."""
    return percent_text(count / of) if of else "-"


def _count(tally: Tally, name: str) -> int:
    count: int = getattr(tally, name)
    return count


def _link(
    by: Grouping,
    group: GroupTally,
    profile_id: str,
    window: Window,
    verdict: Verdict | None,
    count: int,
    narrowed: Mapping[str, int],
) -> str:
    """The findings behind a number."""
    chosen: dict[str, Any] = {**narrowed, _FILTERS[by]: group.key}
    address = findings_link(
        profile_id, verdict=verdict, since=window.first, until=window.last, **chosen
    )
    return _shown(address, count)


def _shown(address: str, count: int) -> str:
    return f"{address}#{number_text(count)}"


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)


def _from_smallest(names: Iterable[str | None]) -> str:
    """A place with the larger ones behind it: where there is little room, they are cut off."""
    return tr(", ").join(filter(None, reversed(list(names)))) or tr("not known")
