"""The tables of the senders page, column by column, and its words; nothing here draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote

from greenpack.language.speaking import (
    date_text,
    number_text,
    percent_text,
    tr,
)
from greenpack.measure.interval import Interval
from greenpack.records.sender_ranking import RankedSender
from greenpack.records.standing import Standing
from greenpack.report.finding_address import findings_link
from greenpack.report.proportions import change, wilson
from greenpack.report.rounded import range_text
from greenpack.report.tables_out import Cell
from greenpack.rules.verdict import Verdict

Columns = dict[str, list[object]]

_CM3_PER_M3: Final = 1e6
# A table's cell links to its address and shows what stands behind this sign in it.
SHOWN_PART: Final = r"#(.*)$"


def rate_words(hits: int, of: int) -> str:
    """A violation rate by its interval: ``70.5 to 79.0 % (75.0 %)``."""
    rate = wilson(hits, of)
    if rate.value is None:
        return tr("not known")
    return tr(
        "{low} to {high} ({value})",
        low=number_text(100 * rate.low, 1),
        high=percent_text(rate.high),
        value=percent_text(rate.value),
    )


def trend_of(row: RankedSender) -> Interval | None:
    """By how much the violation rate rose from the former half to the later; None: not known."""
    return change(
        row.violations - row.violations_later,
        row.rated - row.rated_later,
        row.violations_later,
        row.rated_later,
    )


def trend_words(rise: Interval | None) -> str:
    """A trend in percentage points; it rises or falls only where the interval says so."""
    if rise is None or rise.value is None:
        return tr("not known")
    low, high = _points(rise.low), _points(rise.high)
    if rise.low > 0:
        return tr(
            "▲ rises {value} points ({low} to {high})",
            value=_points(rise.value),
            low=low,
            high=high,
        )
    if rise.high < 0:
        return tr(
            "▼ falls {value} points ({low} to {high})",
            value=_points(rise.value),
            low=low,
            high=high,
        )
    return tr("● not sure ({low} to {high} points)", low=low, high=high)


def trend_mark(rise: Interval | None) -> str:
    """The same in a table's cell: a sign, and the interval in percentage points."""
    if rise is None:
        return "-"
    sign = "▲" if rise.low > 0 else "▼" if rise.high < 0 else "●"
    return tr("{sign} {low} to {high}", sign=sign, low=_points(rise.low), high=_points(rise.high))


def air_m3(row: RankedSender) -> Interval | None:
    """The air moved in the parcels whose size and void are known, m3; None without any."""
    if not row.sized:
        return None
    low, high = row.air_cm3
    return Interval(None, low / _CM3_PER_M3, high / _CM3_PER_M3)


def air_words(row: RankedSender) -> str:
    """That with the number of parcels it rests on: ``1.2 to 3 m3 (40 of 90)``."""
    air = air_m3(row)
    if air is None:
        return tr("no sizes known")
    return tr(
        "{air} ({sized} of {parcels})",
        air=range_text(air, "m3"),
        sized=number_text(row.sized),
        parcels=number_text(row.parcels),
    )


def repeat_words(row: RankedSender) -> str:
    """Violations after the first correction order, or a dash where there was none."""
    if row.ordered_on is None or row.repeated is None:
        return "-"
    return tr("{count} after {day}", count=number_text(row.repeated), day=date_text(row.ordered_on))


def repeat_link(row: RankedSender, profile_id: str, first: date, last: date) -> str:
    """The findings of the period that came after the sender's first correction order.

    Raises:
        ValueError: if there was no order.
    """
    if row.ordered_on is None:
        raise ValueError("no correction was ordered")
    since = max(first, row.ordered_on + timedelta(days=1))
    return findings_link(
        profile_id,
        sender_id=row.sender_id,
        since=since,
        until=max(since, last),
        verdict=Verdict.VIOLATION,
    )


def sender_title(name: str | None, code: str) -> str:
    """A sender's name, else its code."""
    return name or code


def ranking_columns(
    rows: Sequence[RankedSender],
    weekly: Mapping[int, Sequence[float]],
    profile_id: str,
    first: date,
    last: date,
) -> Columns:
    """One page of the ranking; numbers are addresses of the findings behind them.

    Args:
        rows: in the order shown.
        weekly: each sender's violation rate by week, 0 to 1.
        profile_id: the profile judged under.
        first: the period's first day.
        last: its last day.
    """

    def link(
        row: RankedSender,
        shown: str,
        verdict: Verdict | None = None,
        standing: Standing | None = None,
    ) -> str:
        address = findings_link(
            profile_id,
            sender_id=row.sender_id,
            since=first,
            until=last,
            verdict=verdict,
            standing=standing,
        )
        return f"{address}#{quote(shown)}"

    return {
        tr("sender"): [sender_title(row.name, row.code) for row in rows],
        tr("violation rate"): [rate_words(row.violations, row.rated) for row in rows],
        tr("violations"): [
            link(row, number_text(row.violations), Verdict.VIOLATION) for row in rows
        ],
        tr("parcels"): [link(row, number_text(row.parcels)) for row in rows],
        tr("dismissed"): [
            link(row, number_text(row.dismissals), Verdict.VIOLATION, Standing.DISMISSED)
            for row in rows
        ],
        tr("trend"): [trend_mark(trend_of(row)) for row in rows],
        tr("by week"): [list(weekly.get(row.sender_id, ())) for row in rows],
        tr("air moved"): [air_words(row) for row in rows],
        tr("after order"): [
            None
            if row.ordered_on is None
            else f"{repeat_link(row, profile_id, first, last)}#{quote(repeat_words(row))}"
            for row in rows
        ],
        tr("code, platform"): [" · ".join(filter(None, (row.code, row.platform))) for row in rows],
    }


EXPORT_HEADS: Final = (
    "sender_id",
    "code",
    "name",
    "platform",
    "parcels",
    "rated_parcels",
    "violations",
    "dismissed",
    "rate",
    "rate_low",
    "rate_high",
    "trend",
    "trend_low",
    "trend_high",
    "sized_parcels",
    "air_m3_low",
    "air_m3_high",
    "first_correction_order",
    "violations_after_it",
)


def export_row(row: RankedSender) -> Sequence[Cell]:
    """A sender as it leaves in a file: numbers unrounded, in the order of ``EXPORT_HEADS``."""
    rate, rise, air = wilson(row.violations, row.rated), trend_of(row), air_m3(row)
    return (
        row.sender_id,
        row.code,
        row.name,
        row.platform,
        row.parcels,
        row.rated,
        row.violations,
        row.dismissals,
        rate.value,
        rate.low if row.rated else None,
        rate.high if row.rated else None,
        None if rise is None else rise.value,
        None if rise is None else rise.low,
        None if rise is None else rise.high,
        row.sized,
        None if air is None else air.low,
        None if air is None else air.high,
        row.ordered_on,
        row.repeated,
    )


def _points(share: float) -> str:
    """A difference of shares in percentage points with its sign, a true minus for a fall."""
    points = 100 * share
    sign = "+" if points > 0.05 else "−" if points < -0.05 else ""
    return f"{sign}{number_text(abs(points), 1)}"
