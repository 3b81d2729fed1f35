"""Which boxes a sender's parcels would have gone into, and what that saves in all. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from greenpack.measure.interval import Interval
from greenpack.records.sized import SizedParcel
from greenpack.report.assumptions import Assumptions, Box
from greenpack.report.right_size import RightSize, right_size
from greenpack.report.sampled_total import added


@dataclass(frozen=True, slots=True)
class FittingBox:
    """A box, and the parcels that it would have been right for.

    Attributes:
        box: from the list.
        parcels: how many of those looked at.
        volume_m3: what they save together, m3.
        board_m2: the same in board, m2.
    """

    box: Box
    parcels: int
    volume_m3: Interval
    board_m2: Interval


def right_sizes(parcels: Sequence[SizedParcel], assumptions: Assumptions) -> list[RightSize | None]:
    """For each parcel what would have fitted; None where its goods are not known."""
    return [
        right_size(parcel.size, parcel.goods, assumptions) if parcel.goods else None
        for parcel in parcels
    ]


def fitting_boxes(found: Sequence[RightSize | None]) -> list[FittingBox]:
    """The boxes that were found, the most frequent first."""
    by_box: dict[Box, list[RightSize]] = {}
    for one in found:
        if one is not None and one.box is not None:
            by_box.setdefault(one.box, []).append(one)
    boxes = [
        FittingBox(
            box,
            len(sizes),
            added([one.volume_m3 for one in sizes]),
            added([one.board_m2 for one in sizes]),
        )
        for box, sizes in by_box.items()
    ]
    return sorted(boxes, key=lambda fit: (-fit.parcels, fit.box.name))
