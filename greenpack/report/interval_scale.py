"""The judged number on a scale: its interval, the limit, and the guard band between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import pandas as pd

from greenpack.language.speaking import tr
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.rules.wording import QUANTITY_WORDS, Direction, limit_words, number_words

# Okabe and Ito's, and each part has its own form and word besides.
_INK: Final = "#1c2024"
_INTERVAL: Final = "#0072b2"
_LIMIT: Final = "#d55e00"
_BAND: Final = "#8a9099"
# With the axis and its title in it, as the page draws it: less, and lines lose their labels.
_HEIGHT: Final = 190
_ROOM: Final = 0.08


@dataclass(frozen=True, slots=True)
class Scale:
    """What the scale shows, in percent for ratios, else in the quantity's unit.

    Attributes:
        low: the interval's lower end.
        high: its upper end.
        value: the best estimate, or None where only bounds are known.
        limit: the limit.
        guard: where the guard band ends: an estimate between the limit and here is not sure
            enough to accuse; None without an estimate.
        first: where the axis begins.
        last: where it ends.
    """

    low: float
    high: float
    value: float | None
    limit: float
    guard: float | None
    first: float
    last: float


def scale_of(interval: Interval, limit: float, quantity: Quantity, direction: Direction) -> Scale:
    """Where everything stands on the axis.

    The guard band is as wide as the interval is on the side of the limit (guarded rejection with
    w = U: ILAC-G8:09/2019, 4.2.2; JCGM 106:2012, 8.3.3): beyond the limit by more than that, the
    whole interval is beyond it.
    """
    factor = 100.0 if QUANTITY_WORDS[quantity].unit == "percent" else 1.0
    low, high, bound = interval.low * factor, interval.high * factor, limit * factor
    value = None if interval.value is None else interval.value * factor
    guard = None
    if value is not None:
        guard = bound + (value - low) if direction.is_upper else bound - (high - value)
    if factor == 100.0:
        first, last = 0.0, 100.0
    else:
        marks = [low, high, bound, *([] if guard is None else [guard])]
        room = _ROOM * (max(marks) - min(marks) or 1.0)
        first, last = max(0.0, min(marks) - room), max(marks) + room
    return Scale(low, high, value, bound, guard, first, last)


def scale_words(interval: Interval, limit: float, quantity: Quantity, direction: Direction) -> str:
    """The same in words, for who cannot see the picture."""
    low, high = (number_words(end, quantity, limit) for end in (interval.low, interval.high))
    bound = limit_words(limit, quantity)
    inside, outside = interval.high <= limit, interval.low > limit
    if not direction.is_upper:
        inside, outside = interval.low >= limit, interval.high < limit
    if outside:
        return tr(
            "The whole 95 % interval, {low} to {high}, lies beyond the limit of {limit}.",
            low=low,
            high=high,
            limit=bound,
        )
    if inside:
        return tr(
            "The whole 95 % interval, {low} to {high}, keeps to the limit of {limit}.",
            low=low,
            high=high,
            limit=bound,
        )
    return tr(
        "The limit of {limit} lies within the 95 % interval, {low} to {high}: not sure enough.",
        low=low,
        high=high,
        limit=bound,
    )


def scale_chart(scale: Scale, unit_words: str) -> Any:
    """The chart: three labelled lines, so that nothing rests on colour alone."""
    lines = [tr("measured"), tr("limit")] + ([tr("guard band")] if scale.guard is not None else [])
    axis = alt.X(
        "start:Q",
        title=unit_words,
        scale=alt.Scale(domain=[scale.first, scale.last], nice=False, clamp=True),
        axis=alt.Axis(grid=True, tickCount=10),
    )
    place = alt.Y("line:N", sort=lines, title=None, axis=alt.Axis(labelLimit=160, ticks=False))
    measured = pd.DataFrame({"line": [lines[0]], "start": [scale.low], "end": [scale.high]})
    layers = [
        alt.Chart(measured)
        .mark_bar(height=12, color=_INTERVAL)
        .encode(x=axis, x2="end:Q", y=place, tooltip=alt.value(None)),
    ]
    ends = pd.DataFrame({"line": [lines[0]] * 2, "start": [scale.low, scale.high]})
    layers.append(
        alt.Chart(ends).mark_tick(thickness=3, height=26, color=_INTERVAL).encode(x=axis, y=place)
    )
    if scale.value is not None:
        best = pd.DataFrame({"line": [lines[0]], "start": [scale.value]})
        layers.append(
            alt.Chart(best)
            .mark_point(shape="diamond", size=110, filled=True, color="white", stroke=_INK)
            .encode(x=axis, y=place)
        )
    if scale.guard is not None:
        start, end = sorted((scale.limit, scale.guard))
        band = pd.DataFrame({"line": [lines[2]], "start": [start], "end": [end]})
        layers.append(
            alt.Chart(band)
            .mark_bar(height=12, color=_BAND, opacity=0.35, stroke=_INK, strokeDash=[4, 3])
            .encode(x=axis, x2="end:Q", y=place, tooltip=alt.value(None))
        )
    limit = pd.DataFrame({"line": [lines[1]], "start": [scale.limit]})
    layers.append(
        alt.Chart(limit).mark_rule(strokeWidth=2, strokeDash=[6, 4], color=_LIMIT).encode(x=axis)
    )
    layers.append(
        alt.Chart(limit)
        .mark_point(shape="triangle-down", size=120, filled=True, color=_LIMIT)
        .encode(x=axis, y=place)
    )
    return alt.layer(*layers).properties(height=_HEIGHT)
