"""The charts of the overview: the rate by day or week, what moved it, and the flow of parcels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from greenpack.language.speaking import tr

# Okabe and Ito's blue, orange and black; bands, bars and dashes tell apart without colour too.
_BLUE: Final = "#0072B2"
_ORANGE: Final = "#D55E00"
_HEIGHT: Final = 240
_GROUPS: Final = 10
# A band of this many points and more is easier read without a mark at each.
_MANY: Final = 40


def trend_chart(rows: Sequence[dict[str, Any]]) -> Any:
    """The violation rate as a line with its 95 % interval as a band."""
    points = alt.Chart(alt.InlineData(values=[row for row in rows if row["rate"] is not None]))
    day = alt.X("day:T", title=None, axis=alt.Axis(format="%m-%d", labelOverlap=True))
    told = [
        alt.Tooltip("day:T", title=tr("from"), format="%Y-%m-%d"),
        alt.Tooltip("until:T", title=tr("until"), format="%Y-%m-%d"),
        alt.Tooltip("rate:Q", title=tr("violation rate, %")),
        alt.Tooltip("low:Q", title=tr("at least, %")),
        alt.Tooltip("high:Q", title=tr("at most, %")),
        alt.Tooltip("parcels:Q", title=tr("parcels"), format=","),
    ]
    scale = alt.Scale(domainMin=0, nice=True)
    title = tr("violation rate, %")
    band = points.mark_area(color=_BLUE, opacity=0.2).encode(
        x=day, y=alt.Y("low:Q", title=title, scale=scale), y2="high:Q"
    )
    line = points.mark_line(color=_BLUE, strokeWidth=2, point=len(rows) < _MANY).encode(
        x=day, y=alt.Y("rate:Q", title=title, scale=scale), tooltip=told
    )
    return alt.layer(band, line).properties(height=_HEIGHT)


def flow_chart(counts: Sequence[dict[str, Any]], mean: float) -> Any:
    """Parcels of each day as bars, and their mean as a dashed line."""
    bars = (
        alt.Chart(alt.InlineData(values=list(counts)))
        .mark_bar(color=_BLUE)
        .encode(
            x=alt.X(
                "day:T",
                timeUnit="utcyearmonthdate",
                title=None,
                axis=alt.Axis(format="%m-%d", labelOverlap=True),
            ),
            y=alt.Y("parcels:Q", title=tr("parcels"), axis=alt.Axis(format="~s", tickMinStep=1)),
            tooltip=[
                alt.Tooltip("day:T", title=tr("day"), format="%Y-%m-%d"),
                alt.Tooltip("parcels:Q", title=tr("parcels"), format=","),
            ],
        )
    )
    rule = (
        alt.Chart(alt.InlineData(values=[{"mean": mean}]))
        .mark_rule(color=_ORANGE, strokeDash=[6, 4], strokeWidth=2)
        .encode(y="mean:Q", tooltip=alt.Tooltip("mean:Q", title=tr("mean"), format=",.1f"))
    )
    return alt.layer(bars, rule).properties(height=_HEIGHT)


def shift_chart(columns: dict[str, list[object]]) -> Any:
    """What the groups that moved the rate most added to its change, in percentage points."""
    first, own, share, _ = columns
    rows = [
        {"group": name, "why": why, "points": points, "order": order}
        for why in (own, share)
        for order, (name, points) in enumerate(
            zip(columns[first][:_GROUPS], columns[why][:_GROUPS], strict=True)
        )
    ]
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar()
        .encode(
            y=alt.Y(
                "group:N",
                title=None,
                sort=alt.EncodingSortField("order", order="ascending"),
                axis=alt.Axis(labelLimit=280),
            ),
            x=alt.X("points:Q", title=tr("percentage points")),
            color=alt.Color(
                "why:N",
                title=None,
                scale=alt.Scale(domain=[own, share], range=[_BLUE, _ORANGE]),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=[
                alt.Tooltip("group:N", title=first),
                alt.Tooltip("why:N", title=tr("because of")),
                alt.Tooltip("points:Q", title=tr("percentage points"), format="+.2f"),
            ],
        )
        .properties(height=alt.Step(24))
    )
