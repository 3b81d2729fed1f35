"""Calibrates the intervals: `python -m greenpack.training.calibrate DATA`.

Runs the whole path (decode, see, measure) over rendered pictures with known truth, takes the
split conformal quantile of the errors on one split and writes it beside the weights; then tests
the claim on another split that the calibration has not seen.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from greenpack.examination import examine
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.measure.settings import Calibration, MeasureSettings
from greenpack.settings import Settings
from greenpack.vision.detector import Detector
from greenpack.vision.weights import CALIBRATION, weights_folder

COVERAGE = 0.95


@dataclass(frozen=True, slots=True)
class Compared:
    """One measured picture beside its truth; all ratios 0 to 1."""

    measurement: Measurement
    area_ratio: float
    filler_ratio: float
    void_ratio: float


def conformal_quantile(errors: Sequence[float], coverage: float = COVERAGE) -> float:
    """The ceil((n + 1) * coverage)-th smallest error.

    A new error from the same source is at most this with at least that probability (Lei et al.,
    Distribution-free predictive inference for regression, 2018, section 2.2).

    Raises:
        ValueError: if there are too few errors for that coverage.
    """
    rank = math.ceil((len(errors) + 1) * coverage)
    if rank > len(errors):
        raise ValueError(f"{len(errors)} pictures are too few for a coverage of {coverage:.0%}")
    return sorted(errors)[rank - 1]


def compare(data: Path, split: str, detector: Detector, using: MeasureSettings) -> list[Compared]:
    """Measure every picture of a split that shows one opened parcel with known truth."""
    return list(_compared(data, split, detector, using))


def _compared(
    data: Path, split: str, detector: Detector, using: MeasureSettings
) -> Iterator[Compared]:
    settings = Settings()
    for picture in sorted((data / "images" / split).glob("*.jpg")):
        truth = json.loads((data / "truth" / split / f"{picture.stem}.json").read_text("utf-8"))
        openings = truth["openings"]
        if len(openings) != 1 or not openings[0]["whole"]:
            continue
        examined = examine(picture.name, picture.read_bytes(), detector, settings, using)
        if examined.measurement.outcome is Outcome.MEASURED:
            yield Compared(
                examined.measurement,
                openings[0]["area_ratio"],
                openings[0]["filler_ratio"],
                openings[0]["void_ratio"],
            )


def _value(compared: Compared, quantity: Quantity) -> float:
    value = compared.measurement.quantities[quantity].value
    if value is None:
        raise ValueError(f"{quantity} has no value")
    return value


def calibrated(compared: Sequence[Compared], source: str) -> Calibration:
    """The calibration from measured pictures with their truth."""
    area = [abs(_value(one, Quantity.AREA_RATIO) - one.area_ratio) for one in compared]
    filler = [abs(_value(one, Quantity.FILLER_RATIO) - one.filler_ratio) for one in compared]
    blocked = [
        abs(
            _value(one, Quantity.AREA_RATIO)
            + _value(one, Quantity.FILLER_RATIO)
            - one.area_ratio
            - one.filler_ratio
        )
        for one in compared
    ]
    return Calibration(
        area_ratio=round(conformal_quantile(area), 4),
        filler_ratio=round(conformal_quantile(filler), 4),
        blocked_ratio=round(conformal_quantile(blocked), 4),
        n=len(compared),
        coverage=COVERAGE,
        source=source,
    )


def tested(compared: Sequence[Compared]) -> dict[str, float | int]:
    """How well the claims hold on pictures that the calibration has not seen."""
    errors = np.array([abs(_value(one, Quantity.AREA_RATIO) - one.area_ratio) for one in compared])
    area = [one.measurement.quantities[Quantity.AREA_RATIO] for one in compared]
    void = [one.measurement.quantities[Quantity.VOID_RATIO] for one in compared]
    covered = [
        interval.low <= one.area_ratio <= interval.high
        for interval, one in zip(area, compared, strict=True)
    ]
    held = [interval.low <= one.void_ratio for interval, one in zip(void, compared, strict=True)]
    complying = [
        interval.low > 0.5
        for interval, one in zip(void, compared, strict=True)
        if one.void_ratio <= 0.5
    ]
    roomy = [
        interval.low > 0.5
        for interval, one in zip(void, compared, strict=True)
        if one.void_ratio > 0.6 and one.filler_ratio == 0
    ]
    return {
        "pictures": len(compared),
        "area_ratio_mae": round(float(errors.mean()), 4),
        "area_ratio_error_90th_percentile": round(float(np.percentile(errors, 90)), 4),
        "area_interval_coverage": round(float(np.mean(covered)), 4),
        "void_bound_holds": round(float(np.mean(held)), 4),
        "complying_pictures": len(complying),
        "complying_called_violation": sum(complying),
        "ten_points_above_without_filler": len(roomy),
        "ten_points_above_caught": sum(roomy),
    }


def main() -> None:
    """Calibrate on one split, test on another, write the file, print the figures as JSON."""
    parser = argparse.ArgumentParser(description="Calibrate the intervals on rendered pictures.")
    parser.add_argument("data", type=Path, help="a data set made by greenpack.training.dataset")
    parser.add_argument("--weights", type=Path, default=weights_folder())
    parser.add_argument("--split", default="calibration")
    parser.add_argument("--test-split", default="test")
    parser.add_argument("--out", type=Path, help="default: calibration.json beside the weights")
    arguments = parser.parse_args()
    detector = Detector(arguments.weights)
    raw = compare(arguments.data, arguments.split, detector, MeasureSettings())
    calibration = calibrated(raw, f"rendered scenes, split {arguments.split!r}")
    folder = arguments.weights if arguments.weights.is_dir() else arguments.weights.parent
    out = arguments.out or folder / CALIBRATION
    out.write_text(json.dumps(asdict(calibration), indent=2) + "\n", "utf-8")
    unseen = compare(
        arguments.data, arguments.test_split, detector, MeasureSettings(calibration=calibration)
    )
    figures = {"calibration": asdict(calibration), "test": tested(unseen)}
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
