"""Calibrates the sizes of closed parcels.

`python -m greenpack.training.fitting.calibrate_sizes WEIGHTS BELT HANDHELD`, where the folders are
written by `greenpack scenes --kind belt` and `--kind handheld`; one or several may be given. Each
box of the split `calibration` is measured by every source of scale, as `evaluation.sizes` does, and
for each source the factor is taken by which the intervals must be widened to cover 95 % of the
sides (a split conformal quantile of |error| / half width) and to call no more than 2.5 % of the
boxes a violation that are half void, the most allowed; never below 1. A factor must do for every
folder by itself and for all together. The factors are written into WEIGHTS/calibration.json beside
what is there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from math import ceil, log
from operator import itemgetter
from pathlib import Path
from typing import Any

from greenpack.measure.closed.closed_view import ClosedSettings
from greenpack.measure.closed.scale import ScaleSource
from greenpack.measure.closed.sizes import Sizes, widened
from greenpack.measure.interval import Interval
from greenpack.measure.several_sizes import SIDES
from greenpack.training.evaluation.size_figures import Sized
from greenpack.training.evaluation.sizes import (
    BELT,
    LABEL_LENS,
    LABEL_PHOTO,
    MARKER_LENS,
    MARKER_PHOTO,
    seen_by_model,
    sized,
    trials,
)
from greenpack.training.fitting.conformal import quantile
from greenpack.training.refusals import RefusedError
from greenpack.training.whole_files import write_whole

SOURCES = {
    ScaleSource.CALIBRATED_CAMERA: (BELT,),
    ScaleSource.MARKER: (MARKER_LENS, MARKER_PHOTO),
    ScaleSource.WAYBILL_LABEL: (LABEL_LENS, LABEL_PHOTO),
}
"""The product's sources of scale, and the trials that each is calibrated on; of several the one
that needs the larger factor counts."""
SOURCE = "rendered boxes under a hub camera and near a phone; real ones differ"


MOST = 20.0
"""The largest factor that is looked for."""


def score(true: float, found: Interval) -> float:
    """How many times its arm the true size is away from the measured one, on a log scale."""
    assert found.value is not None
    arm = found.high if true > found.value else found.low
    return abs(log(true / found.value)) / max(abs(log(arm / found.value)), 1e-9)


def factors(sets: Sequence[Sequence[Sized]], coverage: float) -> dict[str, Any]:
    """The factors with the numbers of boxes that they are of, as calibration.json has them.

    A label whose format is on no list gives a wrong scale, which no width of interval mends; such
    labels do not count. A source with too few boxes for a quantile is left out.

    Args:
        sets: what was measured in each folder of pictures. The largest factor of them and of all
            together counts: a set that is easy must not make up for one that is not.
        coverage: wanted of the sides, 0 to 1.
    """
    told: dict[str, float] = {}
    boxes: dict[str, int] = {}
    together = [one for found in sets for one in found]
    for source, names in SOURCES.items():
        needed = (_needed(found, name, coverage) for name in names for found in (*sets, together))
        least, count = max(filter(None, needed), key=itemgetter(0), default=(0.0, 0))
        if count:
            # Rounded up: a factor that was cut off would cover less.
            told[source.value] = max(1.0, ceil(least * 100) / 100)
            boxes[source.value] = count
    return {"size_factors": told, "sizes_n": boxes, "sizes_source": SOURCE}


def _needed(found: Sequence[Sized], name: str, coverage: float) -> tuple[float, int] | None:
    """What covers the sides in a trial, and accuses as rarely as one end of an interval may be
    passed; of how many boxes. None with too few."""
    of_name = [one for one in found if one.source == name and one.true and one.listed]
    measured = [one for one in of_name if any(True for _ in one.sides())]
    covering = quantile_of_boxes(
        [[score(*side) for side in one.sides()] for one in measured], coverage
    )
    if covering is None:
        return None
    clearing = quantile(
        [factor_to_clear(one) for one in measured if one.accused() is not None], (1 + coverage) / 2
    )
    return max(covering, clearing or 0.0), len(measured)


def factor_to_clear(one: Sized) -> float:
    """The least factor, 1 to `MOST`, from which on a box that complies is called no violation.

    What a side's interval leaves out may add up or cancel in the volume, and a violation is a
    matter of the volume: coverage of the sides does not bound it.
    """
    if not one.accused():
        return 1.0
    sides = {side: one.measurement.quantities[side] for side in SIDES}
    low, high = 1.0, MOST
    for _ in range(12):
        middle = (low + high) / 2
        wider = {**one.measurement.quantities, **widened(Sizes(sides, ()), middle, "").intervals}
        if replace(one, measurement=replace(one.measurement, quantities=wider)).accused():
            low = middle
        else:
            high = middle
    return high


def quantile_of_boxes(scores: Sequence[Sequence[float]], coverage: float) -> float | None:
    """The score that a share of all sides does not exceed, raised as for so many boxes.

    Split conformal prediction takes the share ceil((n + 1) * coverage) / n of n scores to make up
    for their being few (see ``conformal.quantile``). The sides of one box are wrong together, as
    its outline is, so n counts boxes: a hundred boxes tell no more for having three sides each.

    Args:
        scores: of each box's sides.
        coverage: 0 to 1.

    Returns:
        The score; None with too few boxes.
    """
    boxes = len(scores)
    rank = ceil((boxes + 1) * coverage - 1e-9)
    if rank > boxes:
        return None
    ordered = sorted(each for box in scores for each in box)
    return ordered[ceil(rank * len(ordered) / boxes - 1e-9) - 1]


def main() -> None:
    """Entry point of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, help="folder of the weights")
    parser.add_argument("data", type=Path, nargs="+", help="folders written by `greenpack scenes`")
    parser.add_argument("--split", default="calibration")
    parser.add_argument("--coverage", type=float, default=0.95)
    args = parser.parse_args()
    file = args.weights / "calibration.json"
    try:
        content = json.loads(file.read_text("utf-8")) if file.exists() else {}
        see = seen_by_model(args.weights)
        found = [
            [
                one
                for trial in trials(folder, args.split, see)
                for one in sized(trial, ClosedSettings())
            ]
            for folder in args.data
        ]
    except RefusedError as error:
        sys.exit(str(error))
    told = factors(found, args.coverage)
    write_whole(file, (json.dumps({**content, **told}, indent=2) + "\n").encode())
    sys.stdout.write(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
