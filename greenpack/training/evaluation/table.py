"""The figures of an evaluation as tables for people at a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table


def show(console: Console, told: dict[str, Any]) -> None:
    """Print all figures.

    Args:
        console: where to.
        told: the figures of an `Evaluation`.
    """
    console.print(
        f"{told['pictures']} pictures, {told['truth']} truth, "
        f"weights {told['weights']['sha256'][:12]}"
    )
    for line in told["left_out"]:
        console.print(f"[yellow]Left out[/yellow] {escape(line)}")
    _show_ap(console, told["mask_ap"])
    _show_found(console, told)
    _show_ratios(console, told)
    _show_violations(console, told["violation"])
    if told["worst"]:
        worst = told["worst"][0]
        console.print(f"Worst: {escape(worst['picture'])}, {escape(worst['why'])}")


def _show_ap(console: Console, rows: dict[str, Any]) -> None:
    if not rows:
        return
    table = _table("Masks: average precision", "label", "true", "mAP50", "mAP50-95")
    for label, row in rows.items():
        table.add_row(label, str(row["truths"]), _number(row["map50"]), _number(row["map50_95"]))
    console.print(table)


def _show_found(console: Console, told: dict[str, Any]) -> None:
    opening, parcel, free = told["opening"], told["parcel"], told["parcel_free"]
    table = _table("Found", "what", "number", "share")
    if opening["whole"]:
        table.add_row("openings found (IoU 0.5)", *_share(opening["found"]))
        table.add_row("  median IoU of the mask", "", _number(opening["iou_mask_median"]))
        table.add_row("  median IoU of the four sides", "", _number(opening["iou_sides_median"]))
        table.add_row("  10th percentile of it", "", _number(opening["iou_sides_p10"]))
    if opening["cut_off"]:
        table.add_row("and those cut off", *_share(opening["found_with_cut_off"]))
        table.add_row("  median IoU", "", _number(opening["iou_mask_median_with_cut_off"]))
    if parcel["closed"]:
        table.add_row("closed parcels found (IoU 0.5)", *_share(parcel["found"]))
        table.add_row("  median IoU", "", _number(parcel["iou_median"]))
    if free["pictures"]:
        table.add_row("reported in parcel-free pictures", *_share(free["parcel_or_opening"]))
        table.add_row("  measured in them", *_share(free["measured"]))
    if table.row_count:
        console.print(table)


def _show_ratios(console: Console, told: dict[str, Any]) -> None:
    table = _table("Errors of the ratios", "ratio", "n", "mean", "median", "p90", "bias", "holds")
    names = {
        "area_ratio": "area",
        "filler_ratio": "filler",
        "picture_share": "share in the picture",
    }
    for who in ("model_alone", "product"):
        for key, name in names.items():
            row = told[who].get(key)
            if row is not None and row["n"]:
                holds = _share(row["interval_holds"])[1] if "interval_holds" in row else ""
                errors = [_number(row[part]) for part in ("mae", "median", "p90", "bias")]
                table.add_row(f"{name}, {who.split('_')[0]}", str(row["n"]), *errors, holds)
    void = told["product"]["void_bound_holds"]
    if void["of"]:
        table.add_row("void bound", str(void["of"]), "", "", "", "", " ".join(_share(void)))
    if table.row_count:
        console.print(table)
    product = told["product"]
    if product["single_whole_openings"]:
        number, share = _share(product["measured"])
        reasons = ", ".join(f"{count} {reason}" for reason, count in product["refused"].items())
        refused = f"; refused: {reasons}" if reasons else ""
        console.print(f"Measured {number} pictures of one whole opening ({share}){refused}")


def _show_violations(console: Console, told: dict[str, Any]) -> None:
    if not told["all"]["parcels"]:
        return
    table = _table(
        f"Called a violation of void ratio <= {told['limit']:g}", "parcels", "all", "no filler"
    )
    rows = (
        ("complying", "of_all", "complying_called_violation"),
        ("5 to 15 points beyond", "of_all", "caught_5_to_15_points_beyond"),
        ("  of the measured", "of_measured", "caught_5_to_15_points_beyond"),
        ("from 10 points beyond", "of_all", "caught_from_10_points_beyond"),
        ("  of the measured", "of_measured", "caught_from_10_points_beyond"),
    )
    for name, whom, key in rows:
        cells = [" ".join(_share(told[kind][whom][key])) for kind in ("all", "filler_taken_out")]
        table.add_row(name, *cells)
    console.print(table)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for k, column in enumerate(columns):
        table.add_column(column, justify="right" if k else "left")
    return table


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _share(share: dict[str, Any]) -> tuple[str, str]:
    """Such as `9 of 50` and `18 % (10 to 31)`."""
    if not share["of"]:
        return "0 of 0", "-"
    low, high = share["wilson_95"]
    number = f"{share['count']} of {share['of']}"
    return number, f"{100 * share['share']:.0f} % ({100 * low:.0f} to {100 * high:.0f})"
