"""The chart of a sender's void ratios: where their intervals begin and end, against the limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from greenpack.language.speaking import number_text, tr

# Okabe and Ito's blue and orange; filled bars and an outline, so never by colour alone.
_LOWER: Final = "#0072B2"
_UPPER: Final = "#D55E00"
_LIMIT: Final = "#000000"
_HEIGHT: Final = 220
_SMALL_HEIGHT: Final = 110
_SMALL_WIDTH: Final = 380


def void_chart(rows: Sequence[dict[str, object]], limits: Sequence[float]) -> Any:
    """Bars where intervals begin, an outline where they end, and lines at the limits.

    Args:
        rows: of ``sender_groups.histogram_rows``; one small chart for each of their groups.
        limits: void ratios, 0 to 1.
    """
    groups = list(dict.fromkeys(str(row["group"]) for row in sorted(rows, key=_place)))
    lower, upper = tr("at least (lower end)"), tr("at most (upper end)")
    share = alt.X(
        "from:Q",
        bin="binned",
        title=tr("void ratio, percent"),
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(values=list(range(0, 101, 10))),
    )
    told = [
        alt.Tooltip("end:N", title=tr("end of the interval")),
        alt.Tooltip("from:Q", title=tr("from, percent")),
        alt.Tooltip("to:Q", title=tr("to, percent")),
        alt.Tooltip("parcels:Q", title=tr("parcels"), format=","),
    ]
    parcels = alt.Y("parcels:Q", title=tr("parcels"), axis=alt.Axis(tickMinStep=1, format="~s"))
    legend = alt.Color(
        "end:N",
        title=None,
        scale=alt.Scale(domain=[lower, upper], range=[_LOWER, _UPPER]),
        legend=alt.Legend(orient="top", symbolType="square"),
    )
    bars = (
        alt.Chart()
        .mark_bar(opacity=0.85)
        .encode(x=share, x2="to:Q", y=parcels, color=legend, tooltip=told)
        .transform_filter("!datum.upper")
    )
    outline = (
        alt.Chart()
        .mark_bar(filled=False, strokeWidth=2, strokeDash=[4, 2])
        .encode(x=share, x2="to:Q", y=parcels, color=legend, tooltip=told)
        .transform_filter("datum.upper")
    )
    layers = [bars, outline]
    for limit in limits:
        layers.append(
            alt.Chart()
            .mark_rule(color=_LIMIT, strokeWidth=2, strokeDash=[2, 2])
            .encode(x=alt.datum(100 * limit))
        )
        layers.append(
            alt.Chart()
            .mark_text(align="left", baseline="bottom", dx=-2, color=_LIMIT, fontWeight="bold")
            .encode(
                x=alt.datum(100 * limit),
                y=alt.value(-3),
                text=alt.value(tr("limit {percent} %", percent=number_text(100 * limit))),
            )
            .transform_aggregate(count="count()")
        )
    data = alt.InlineData(values=[dict(row) for row in rows])
    layered = alt.layer(*layers)
    if len(groups) <= 1:
        return layered.properties(height=_HEIGHT, data=data)
    # The limit's words stand in the middle above each.
    header = alt.Header(labelAnchor="start", labelFontWeight="bold")
    return (
        layered.properties(width=_SMALL_WIDTH, height=_SMALL_HEIGHT)
        .facet(
            facet=alt.Facet("group:N", title=None, sort=groups, header=header), columns=2, data=data
        )
        .resolve_scale(y="independent")
    )


def _place(row: dict[str, object]) -> int:
    place = row["order"]
    return place if isinstance(place, int) else 0
