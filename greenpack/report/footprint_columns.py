"""The tables and the chart of Green logistics; nothing here draws."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log10
from typing import Any, Final

import altair as alt

from greenpack.language.speaking import number_text, tr
from greenpack.measure.interval import Interval
from greenpack.report.assumptions import TITLES, Assumption, Assumptions
from greenpack.report.footprint import FACTORS, Amount
from greenpack.report.rounded import range_text, unit_text
from greenpack.report.tables_out import Cell

Columns = dict[str, list[object]]

_COLOUR: Final = "#0072B2"


def amount_columns(amounts: Sequence[Amount], assumptions: Assumptions) -> Columns:
    """A row for each figure: how much, its CO2e, by which factor from where, on what it rests."""
    return {
        tr("figure"): [tr(one.figure.value) for one in amounts],
        tr("amount"): [_told(one.amount, one.unit) for one in amounts],
        tr("CO2e"): [_told(one.co2e_kg, "kg") for one in amounts],
        tr("CO2e factor"): [factor_words(assumptions, _factor(one)) for one in amounts],
        tr("source of the factor"): [
            tr(assumptions.entries[_factor(one)].source) for one in amounts
        ],
        tr("rests on"): [rests_words(one) for one in amounts],
    }


def factor_words(assumptions: Assumptions, key: str) -> str:
    """A factor with its range and unit: ``820 (490 to 920) kg CO2e/t``."""
    entry = assumptions.entries[key]
    if entry.interval.low == entry.interval.high:
        return f"{_number(entry.value)} {unit_text(entry.unit)}"
    return tr(
        "{value} ({low} to {high}) {unit}",
        value=_number(entry.value),
        low=_number(entry.interval.low),
        high=_number(entry.interval.high),
        unit=unit_text(entry.unit),
    )


def rests_words(one: Amount) -> str:
    """How many parcels a figure rests on, and how it was projected from them."""
    if one.projected_from == one.of:
        return tr(
            "{parcels} of {of} parcels", parcels=number_text(one.rests_on), of=number_text(one.of)
        )
    return tr(
        "{parcels} of {drawn} parcels drawn at random from {of}",
        parcels=number_text(one.rests_on),
        drawn=number_text(one.projected_from),
        of=number_text(one.of),
    )


def assumption_columns(assumptions: Assumptions) -> Columns:
    """A row for each assumption."""
    entries = list(assumptions.entries.values())
    return {
        tr("assumption"): [tr(TITLES[entry.key]) for entry in entries],
        tr("value"): [_number(entry.value) for entry in entries],
        tr("range"): [_range(entry) for entry in entries],
        tr("unit"): ["" if entry.unit == "1" else unit_text(entry.unit) for entry in entries],
        tr("how sure"): [tr(entry.how_sure.value) for entry in entries],
        tr("source"): [tr(entry.source) for entry in entries],
        tr("set by"): [tr("your own file") if entry.own else tr("GreenPack") for entry in entries],
        tr("name in the file"): [entry.key for entry in entries],
    }


def box_columns(assumptions: Assumptions) -> Columns:
    """A row for each box that is suggested, the largest first."""
    boxes = assumptions.boxes[::-1]
    sides = (tr("length, mm"), tr("width, mm"), tr("height, mm"))
    return {
        tr("box"): [box.name for box in boxes],
        **{
            name: [number_text(box.size[place]) for box in boxes]
            for place, name in enumerate(sides)
        },
    }


EXPORT_HEADS: Final = (
    "figure",
    "unit",
    "low",
    "value",
    "high",
    "co2e_kg_low",
    "co2e_kg_value",
    "co2e_kg_high",
    "parcels_it_rests_on",
    "parcels_drawn",
    "parcels_it_stands_for",
)


def export_row(one: Amount) -> Sequence[Cell]:
    """A figure as it leaves in a file, unrounded, in the order of ``EXPORT_HEADS``."""
    return (
        one.figure.value,
        one.unit,
        *_ends(one.amount),
        *_ends(one.co2e_kg),
        one.rests_on,
        one.projected_from,
        one.of,
    )


def co2e_chart(amounts: Sequence[Amount]) -> Any:
    """A line from the least to the most CO2e of each figure, with its best estimate as a point."""
    known = [(one, one.co2e_kg) for one in amounts if one.co2e_kg is not None]
    in_tonnes = max((co2e.high for _, co2e in known), default=0.0) >= 1000
    scale = 1000.0 if in_tonnes else 1.0
    values = [
        {
            "figure": tr(one.figure.value),
            "low": co2e.low / scale,
            "high": co2e.high / scale,
            "value": None if co2e.value is None else co2e.value / scale,
            "told": range_text(co2e, "kg"),
        }
        for one, co2e in known
    ]
    title = tr("t CO2e, least to most") if in_tonnes else tr("kg CO2e, least to most")
    order = [str(value["figure"]) for value in values]
    figure = alt.Y("figure:N", title=None, sort=order, axis=alt.Axis(labelLimit=260))
    told = [
        alt.Tooltip("figure:N", title=tr("figure")),
        alt.Tooltip("told:N", title=tr("CO2e")),
    ]
    base = alt.Chart(alt.InlineData(values=values))
    line = base.mark_bar(height=10, color=_COLOUR, opacity=0.75, cornerRadius=2).encode(
        x=alt.X("low:Q", title=title, axis=alt.Axis(tickCount=8)),
        x2="high:Q",
        y=figure,
        tooltip=told,
    )
    point = (
        base.mark_point(color="#000000", filled=True, shape="diamond", size=60)
        .encode(x="value:Q", y=figure, tooltip=told)
        .transform_filter("isValid(datum.value)")
    )
    return alt.layer(line, point).properties(height=40 * max(1, len(values)) + 20)


def _factor(one: Amount) -> str:
    """The last of a figure's factors is that of its CO2e."""
    return FACTORS[one.figure][-1]


def _told(amount: Interval | None, unit: str) -> str:
    return tr("not known") if amount is None else range_text(amount, unit)


def _range(entry: Assumption) -> str:
    if entry.interval.low == entry.interval.high:
        return tr("chosen")
    return tr("{low} to {high}", low=_number(entry.interval.low), high=_number(entry.interval.high))


def _number(number: float) -> str:
    """As many decimals as the number has, three at most."""
    decimals = next((digits for digits in range(3) if round(number, digits) == round(number, 3)), 3)
    return number_text(number, decimals)


def _ends(amount: Interval | None) -> tuple[Cell, Cell, Cell]:
    if amount is None:
        return None, None, None
    return tuple(
        None if number is None else _rounded(number)
        for number in (amount.low, amount.value, amount.high)
    )  # type: ignore[return-value]


def _rounded(number: float) -> float:
    """To six digits: the rest is noise of the arithmetic."""
    return 0.0 if number == 0 else round(number, 6 - ceil(log10(abs(number))))
