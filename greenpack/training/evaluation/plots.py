"""Plots of an evaluation: do the intervals hold, and which parcels are caught."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from greenpack.measure.measurement import Quantity
from greenpack.training.evaluation.figures import true_and_seen
from greenpack.training.evaluation.picture import Result

# Okabe and Ito's palette, as on the evidence pictures.
_BLUE, _ORANGE, _GREY = "#0072b2", "#d55e00", "#70757a"


def plot_reliability(file: Path, figures: dict[str, Any], results: Sequence[Result]) -> None:
    """Coverage against nominal coverage, and measured against true area ratios, as a picture."""
    figure = Figure(figsize=(11, 5.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    _coverage(left, figures["reliability"])
    _scatter(right, results)
    figure.savefig(file, dpi=120)


def plot_power(file: Path, figures: dict[str, Any]) -> None:
    """How often a violation is called, by how far the true void ratio is from the limit."""
    told = figures["violation"]
    figure = Figure(figsize=(8, 5.2), layout="constrained")
    axes = figure.subplots()
    axes.axvline(0, color=_GREY, linewidth=1)
    axes.axvspan(-100, 0, color=_GREY, alpha=0.08)
    kinds = (("all", "all parcels", _ORANGE, -0.6), ("filler_taken_out", "no filler", _BLUE, 0.6))
    lowest, highest = -10.0, 10.0
    for key, name, colour, aside in kinds:
        rows = [row for row in told[key]["curve"] if row["violation"]["of"]]
        if not rows:
            continue
        lowest = min(lowest, 100 * rows[0]["from"])
        highest = max(highest, 100 * rows[-1]["to"])
        middles = [50 * (row["from"] + row["to"]) + aside for row in rows]
        shares = [row["violation"] for row in rows]
        legend = f"{name} ({told[key]['parcels']})"
        _with_intervals(axes, middles, shares, colour, legend, line=True)
        for x, share in zip(middles, shares, strict=True):
            place = (x, 100 * share["wilson_95"][1])
            axes.annotate(
                str(share["of"]), place, (0, 3), textcoords="offset points", ha="center",
                fontsize=8, color=colour,
            )  # fmt: skip
    axes.set_xlim(lowest, highest)
    axes.set_ylim(-2, 108)
    axes.set_xlabel(f"true void ratio less the limit of {100 * told['limit']:g} %, points")
    axes.set_ylabel("called a violation, % (with 95 % intervals)")
    axes.set_title("Which parcels are caught; left of 0 they comply", loc="left")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper left", frameon=False)
    else:
        _nothing(axes, "no parcel of known void ratio")
    _clean(axes)
    figure.savefig(file, dpi=120)


def _coverage(axes: Axes, rows: list[dict[str, Any]]) -> None:
    axes.plot([0, 100], [0, 100], color=_GREY, linewidth=1)
    rows = [row for row in rows if row["holds"]["of"]]
    if rows:
        at = [100 * row["nominal"] for row in rows]
        _with_intervals(axes, at, [row["holds"] for row in rows], _BLUE, None, line=len(rows) > 1)
    else:
        _nothing(axes, "nothing measured of known area ratio")
    low = min([40.0, *(100 * row["holds"]["wilson_95"][0] - 2 for row in rows)])
    axes.set_xlim(low, 101)
    axes.set_ylim(low, 101)
    axes.set_xlabel("nominal coverage of the interval, %")
    axes.set_ylabel("intervals that hold the truth, %")
    axes.set_title("Reliability of the area ratio's intervals", loc="left")
    _clean(axes)


def _scatter(axes: Axes, results: Sequence[Result]) -> None:
    pairs = [
        pair
        for result in results
        if (pair := true_and_seen(result, Quantity.AREA_RATIO)) is not None
    ]
    axes.plot([0, 1], [0, 1], color=_GREY, linewidth=1)
    for holds, colour, name in ((True, _BLUE, "interval holds"), (False, _ORANGE, "does not hold")):
        chosen = [pair for pair in pairs if (pair[2] <= pair[0] <= pair[3]) is holds]
        if chosen:
            true, value, low, high = np.array(chosen).T
            axes.errorbar(
                true, value, np.array([value - low, high - value]), fmt="o", markersize=4,
                elinewidth=0.7, color=colour, alpha=0.7, label=f"{name} ({len(chosen)})",
            )  # fmt: skip
    if pairs:
        axes.legend(loc="upper left", frameon=False)
    else:
        _nothing(axes, "nothing measured of known area ratio")
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.set_xlabel("true area ratio")
    axes.set_ylabel("measured area ratio, with its interval")
    axes.set_title("Measured against true", loc="left")
    _clean(axes)


def _with_intervals(
    axes: Axes,
    at: Sequence[float],
    shares: Sequence[dict[str, Any]],
    colour: str,
    name: str | None,
    line: bool,
) -> None:
    """Shares in percent with their Wilson intervals."""
    middle = np.array([100 * share["share"] for share in shares])
    low, high = 100 * np.array([share["wilson_95"] for share in shares]).T
    around = np.maximum(0.0, np.array([middle - low, high - middle]))
    axes.errorbar(
        at, middle, around, fmt="o-" if line else "o", color=colour, capsize=3, label=name
    )


def _nothing(axes: Axes, words: str) -> None:
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", color=_GREY)


def _clean(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
