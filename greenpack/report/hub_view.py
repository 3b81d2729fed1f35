"""What `greenpack hub load` and `greenpack queue show` show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from greenpack.reasons import REASONS
from greenpack.records.hub_load import HubLoad
from greenpack.records.postings import Backlog, Posted
from greenpack.report.durations import duration

# Shares of the stated capacity from which a hub is shown in yellow and in red.
_BUSY, _FULL = 0.8, 1.0


def load_dict(load: HubLoad) -> dict[str, Any]:
    """A hub's load for programs; what is not known is null."""
    return {
        "hub": load.hub,
        "photos_last_hour": load.photos_last_hour,
        "parcels_last_hour": load.parcels_last_hour,
        "capacity_per_hour": load.capacity_per_hour,
        "load": None if load.load is None else round(load.load, 4),
        "backlog": load.backlog,
        "oldest_seconds": _rounded(load.oldest_seconds),
        "silent_cameras": list(load.silent_cameras),
    }


def backlog_dict(depth: Backlog, given_up: Sequence[Posted]) -> dict[str, Any]:
    """The queue for programs."""
    return {
        "waiting": depth.waiting,
        "working": depth.working,
        "failed": depth.failed,
        "oldest_seconds": _rounded(depth.oldest_seconds),
        "failures": [
            {
                "id": each.id,
                "camera": each.camera,
                "hub": each.hub,
                "sha256": each.sha256,
                "photo": each.source_name,
                "received_at": each.received_at.isoformat(),
                "tries": each.tries,
                "reason": each.reason,
                "detail": each.detail,
            }
            for each in given_up
        ],
    }


def show_loads(console: Console, loads: Sequence[HubLoad]) -> None:
    """One row a hub, the fullest first."""
    if not loads:
        console.print("No hub has a camera yet. `greenpack camera add HUB NAME` adds one.")
        return
    table = Table(caption="photos and parcels: of the last hour", caption_justify="left")
    table.add_column("hub", overflow="fold")
    for title in ("photos", "parcels", "copes with", "load", "backlog", "oldest"):
        table.add_column(title, justify="right")
    table.add_column("silent cameras", overflow="fold")
    for load in loads:
        capacity = load.capacity_per_hour
        table.add_row(
            escape(load.hub or "-"),
            f"{load.photos_last_hour:,}",
            f"{load.parcels_last_hour:,}",
            "not stated" if capacity is None else f"{capacity:,.0f}",
            _share(load.load),
            f"{load.backlog:,}",
            duration(load.oldest_seconds),
            escape(", ".join(load.silent_cameras) or "-"),
        )
    console.print(table)


def show_backlog(console: Console, depth: Backlog, given_up: Sequence[Posted]) -> None:
    """The depth of the queue, and the postings that were given up."""
    console.print(
        f"{depth.waiting:,} waiting, {depth.working:,} worked on, {depth.failed:,} given up; "
        f"the oldest waits for {duration(depth.oldest_seconds)}."
        if depth.oldest_seconds is not None
        else f"Nothing waits; {depth.failed:,} given up."
    )
    if not given_up:
        return
    table = Table()
    for title in ("id", "camera", "photo", "received", "why"):
        table.add_column(title, overflow="fold")
    for each in given_up:
        meaning = REASONS[each.reason].meaning if each.reason in REASONS else str(each.reason)
        table.add_row(
            str(each.id),
            escape(f"{each.camera} at {each.hub}"),
            escape(each.source_name or each.sha256[:12]),
            f"{each.received_at:%Y-%m-%d %H:%M}",
            escape(f"{meaning} ({each.detail})" if each.detail else meaning),
        )
    console.print(table)
    if depth.failed > len(given_up):
        console.print(f"... and {depth.failed - len(given_up):,} more; --limit lists more.")
    console.print("`greenpack queue retry ID` tries again.")


def _share(load: float | None) -> str:
    if load is None:
        return "-"
    colour = "red" if load >= _FULL else "yellow" if load >= _BUSY else "green"
    return f"[{colour}]{load:.0%}[/]"


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
