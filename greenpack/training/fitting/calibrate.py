"""Calibrates the intervals: `python -m greenpack.training.fitting.calibrate WEIGHTS DATA`.

Measures the pictures of a split that was neither trained on nor chosen by, as the product does, and
writes the split
conformal half widths to WEIGHTS/calibration.json. With `--check` it writes nothing and tells how
often the intervals
hold on another split.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from greenpack.measure.acceptance import View
from greenpack.measure.measurement import Measurement, Quantity
from greenpack.measure.opened_parcel import measure_opened_parcel
from greenpack.measure.settings import Calibration, MeasureSettings
from greenpack.vision.detector import Detector

LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # of the reliability plot
SOURCE = "rendered scenes of our own generator; real photographs differ"


@dataclass(frozen=True)
class Error:
    """Measured minus true shares of one picture's opening, each -1 to 1."""

    area: float
    filler: float

    @property
    def missed(self) -> float:
        """What goods and filler take together beyond what was measured; negative if too much."""
        return -(self.area + self.filler)


def half_width(errors: list[float], coverage: float) -> float:
    """Split conformal quantile: the ceil((n + 1) * coverage)-th smallest absolute error.

    Vovk et al. 2005; Lei et al. 2018, section 2.2. With fewer than coverage / (1 - coverage) errors
    no number covers;
    then it is 1, the whole range.
    """
    rank = math.ceil((len(errors) + 1) * coverage)
    return sorted(abs(e) for e in errors)[rank - 1] if rank <= len(errors) else 1.0


def upper_bound(errors: list[float], coverage: float) -> float:
    """One-sided split conformal quantile: the ceil((n + 1) * coverage)-th smallest, at least 0.

    With too few errors no number covers; then it is 1, the whole range.
    """
    rank = math.ceil((len(errors) + 1) * coverage)
    return max(0.0, sorted(errors)[rank - 1]) if rank <= len(errors) else 1.0


def measured(
    weights: Path, data: Path, split: str, using: MeasureSettings
) -> list[tuple[dict[str, Any], Measurement]]:
    """Truth and measurement of every picture that shows one opening, whole."""
    detector = Detector(weights)
    found = []
    for path in sorted((data / "images" / split).glob("*.jpg")):
        truth = json.loads((data / "truth" / split / f"{path.stem}.json").read_text("utf-8"))
        if len(truth["openings"]) != 1 or not truth["openings"][0]["whole"]:
            continue
        picture = np.asarray(Image.open(path).convert("RGB"))
        gray = np.asarray(Image.open(path).convert("L"))
        view = View(picture.shape[1], picture.shape[0], None, gray)
        found.append((truth, measure_opened_parcel(detector.shapes(picture), view, using)))
    return found


def errors_of(pairs: list[tuple[dict[str, Any], Measurement]]) -> list[Error]:
    """Errors of the pictures that could be measured."""
    found = []
    for truth, measurement in pairs:
        area = measurement.quantities.get(Quantity.AREA_RATIO)
        filler = measurement.quantities.get(Quantity.FILLER_RATIO)
        opening = truth["openings"][0]
        if area is None or filler is None or area.value is None or filler.value is None:
            continue
        found.append(
            Error(area.value - opening["area_ratio"], filler.value - opening["filler_ratio"])
        )
    return found


def calibrate(weights: Path, data: Path, splits: list[str], coverage: float) -> dict[str, Any]:
    """The content of calibration.json."""
    errors = [
        error
        for split in splits
        for error in errors_of(measured(weights, data, split, MeasureSettings()))
    ]
    areas = [e.area for e in errors]
    return {
        "area_ratio": round(half_width(areas, coverage), 4),
        "filler_ratio": round(half_width([e.filler for e in errors], coverage), 4),
        "missed_ratio": round(upper_bound([e.missed for e in errors], (1 + coverage) / 2), 4),
        "area_ratio_levels": {str(q): round(half_width(areas, q), 4) for q in LEVELS},
        "n": len(errors),
        "coverage": coverage,
        "source": SOURCE,
    }


def check(weights: Path, data: Path, split: str) -> dict[str, Any]:
    """How the product's own numbers stand up to the truth of a split."""
    content = json.loads((weights / "calibration.json").read_text("utf-8"))
    known = {field.name: content[field.name] for field in fields(Calibration)}
    pairs = measured(weights, data, split, MeasureSettings(calibration=Calibration(**known)))
    inside, bound, total = 0, 0, 0
    for truth, measurement in pairs:
        area = measurement.quantities.get(Quantity.AREA_RATIO)
        void = measurement.quantities.get(Quantity.VOID_RATIO)
        if area is None or void is None:
            continue
        opening, total = truth["openings"][0], total + 1
        inside += area.low <= opening["area_ratio"] <= area.high
        bound += void.low <= opening["void_ratio"]
    errors = errors_of(pairs)
    return {
        "pictures": len(pairs),
        "measured": total,
        "refused": dict(Counter(m.reason for _, m in pairs if m.reason)),
        "area_mae": round(float(np.mean([abs(e.area) for e in errors])), 4),
        "area_interval_holds": f"{inside}/{total}",
        "void_bound_holds": f"{bound}/{total}",
    }


def main() -> None:
    """Entry point of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, help="folder of the weights")
    parser.add_argument("data", type=Path, help="folder written by `greenpack scenes`")
    parser.add_argument("--split", nargs="+", default=["calibration", "test"])
    parser.add_argument("--coverage", type=float, default=0.95)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    if args.check:
        figures = check(args.weights, args.data, args.split[0])
    else:
        figures = calibrate(args.weights, args.data, args.split, args.coverage)
        text = json.dumps(figures, indent=2) + "\n"
        (args.weights / "calibration.json").write_text(text, "utf-8")
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
