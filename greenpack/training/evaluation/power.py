"""How often a parcel is caught, against how far it is beyond the limit; shares with intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

STEP = 0.1
"""Width of a bin of the power curve: ten points of void ratio."""

_SLACK = 1e-9  # 0.6 - 0.5 falls short of 0.1 in binary


def share_of(answers: Iterable[bool]) -> dict[str, object]:
    """How many answers are yes: count, number, share and its 95 % Wilson interval.

    The last two are None where there are no answers.
    """
    listed = [bool(answer) for answer in answers]
    if not listed:
        return {"count": 0, "of": 0, "share": None, "wilson_95": None}
    count, of = sum(listed), len(listed)
    low, high = wilson(count, of)
    return {
        "count": count,
        "of": of,
        "share": round(count / of, 4),
        "wilson_95": [round(low, 4), round(high, 4)],
    }


def wilson(count: int, of: int, coverage: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson 1927), within 0 to 1.

    Raises:
        ValueError: if `of` is not positive or `count` not within 0 to `of`.
    """
    if not 0 <= count <= of or of <= 0:
        raise ValueError(f"{count} of {of} is no share")
    z = NormalDist().inv_cdf((1 + coverage) / 2)
    share = count / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    # At the ends the formula gives 0 and 1 but for rounding.
    low = 0.0 if count == 0 else max(0.0, middle - half)
    return low, 1.0 if count == of else min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Judged:
    """One opened parcel of known void ratio, and what became of it.

    Attributes:
        void: true void ratio, 0 to 1.
        measured: whether the product gave a number.
        violation: whether the whole interval of the void ratio lies beyond the limit.
        filled: whether filler is seen in the opening.
    """

    void: float
    measured: bool
    violation: bool
    filled: bool


def curve(parcels: Iterable[Judged], limit: float) -> list[dict[str, object]]:
    """Shares called a violation by how far the true void ratio is from the limit.

    Bins are `STEP` wide, [from, to), and one begins at the limit. Empty ones between the first and
    the last are kept.
    """
    bins: dict[int, list[Judged]] = {}
    for parcel in parcels:
        at = math.floor((parcel.void - limit) / STEP + _SLACK)
        bins.setdefault(at, []).append(parcel)
    rows: list[dict[str, object]] = []
    for at in range(min(bins, default=0), max(bins, default=-1) + 1):
        inside = bins.get(at, [])
        rows.append(
            {
                "from": round(at * STEP, 4),
                "to": round((at + 1) * STEP, 4),
                "measured": sum(parcel.measured for parcel in inside),
                "violation": share_of(parcel.violation for parcel in inside),
            }
        )
    return rows


def violations(parcels: Iterable[Judged], limit: float) -> dict[str, object]:
    """Who is wrongly accused and who is caught; of all parcels, and of the measured alone."""
    everyone = list(parcels)
    return {
        "parcels": len(everyone),
        "measured": sum(parcel.measured for parcel in everyone),
        "of_all": _told(everyone, limit),
        "of_measured": _told([parcel for parcel in everyone if parcel.measured], limit),
        "curve": curve(everyone, limit),
    }


def _told(parcels: list[Judged], limit: float) -> dict[str, object]:
    def called(low: float, high: float) -> dict[str, object]:
        return share_of(
            parcel.violation
            for parcel in parcels
            if low - _SLACK <= parcel.void - limit < high - _SLACK
        )

    return {
        "complying_called_violation": share_of(
            parcel.violation for parcel in parcels if parcel.void <= limit
        ),
        "beyond_limit_caught": share_of(
            parcel.violation for parcel in parcels if parcel.void > limit
        ),
        "caught_5_to_15_points_beyond": called(0.05, 0.15),
        "caught_from_10_points_beyond": called(0.10, 1.01),
    }
