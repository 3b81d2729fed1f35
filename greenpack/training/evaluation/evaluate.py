"""Holds a model against truth, rendered or marked by hand: what `greenpack evaluate` does.

Also `python -m greenpack.training.evaluation.evaluate WEIGHTS DATA --split test`, which prints
JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greenpack.examination import measure_settings
from greenpack.settings import Settings
from greenpack.training.evaluation.coco import found_coco, read_coco
from greenpack.training.evaluation.figures import Levels, figures
from greenpack.training.evaluation.picture import SCORED_FROM, Result, Sees, look
from greenpack.training.evaluation.rendered import is_rendered, read_rendered
from greenpack.training.evaluation.truth import Truth, TruthError
from greenpack.training.evaluation.worst import worst
from greenpack.training.evaluation.yolo import read_yolo
from greenpack.vision.detector import Detector
from greenpack.vision.weights import Weights

__all__ = ["LIMIT", "SCORED_FROM", "Evaluation", "evaluate", "levels_of", "read_truth"]

LIMIT = 0.5
"""The void ratio that the screening profile allows."""


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What came of it.

    Attributes:
        figures: ready for JSON; see docs/evaluation.md.
        results: one for each picture, in order.
    """

    figures: dict[str, Any]
    results: tuple[Result, ...]


def read_truth(folder: Path, split: str, truth: Path | None = None) -> Truth:
    """Pictures with their truth, whichever of the three kinds the folder is.

    Args:
        folder: a rendered data set, photographs with COCO polygons, or with YOLO polygons.
        split: which one, where the folder has several.
        truth: a COCO file, or a data.yaml of YOLO labels; None looks in the folder.

    Raises:
        TruthError: saying what is missing.
    """
    if not folder.is_dir():
        raise TruthError(f"{folder} is no folder")
    if truth is not None and not truth.is_file():
        raise TruthError(f"{truth} is no file")
    if truth is not None and truth.suffix.lower() in (".yaml", ".yml"):
        return read_yolo(folder, split, truth)
    if truth is not None:
        return read_coco(folder, truth)
    if is_rendered(folder):
        return read_rendered(folder, split)
    if (file := found_coco(folder, split)) is not None:
        return read_coco(folder if file.parent == folder else folder / split, file)
    return read_yolo(folder, split, None)


def evaluate(
    truth: Truth,
    detector: Sees,
    weights: Weights,
    settings: Settings,
    limit: float = LIMIT,
    advance: Callable[[], None] = lambda: None,
) -> Evaluation:
    """Look at every picture and work out all figures.

    Args:
        truth: pictures with their truth.
        detector: gives shapes from confidence `SCORED_FROM` on.
        weights: the detector's, whose calibration the product uses.
        settings: the product's.
        limit: of the void ratio, 0 to 1.
        advance: called after every picture.

    Raises:
        TruthError: where a picture cannot be decoded or the truth is not its own.
    """
    using = measure_settings(settings, weights)
    results = []
    for case in truth.cases:
        results.append(look(case, detector, settings, using))
        advance()
    calibration = using.calibration
    told = {
        "truth": truth.kind,
        "pictures": len(results),
        "left_out": list(truth.left_out),
        "weights": {"path": weights.path.name, "sha256": weights.sha256},
        "calibration": {"n": calibration.n, "coverage": calibration.coverage},
        **figures(results, using, limit, levels_of(weights.calibration)),
        "worst": [one.as_dict() for one in worst(results)],
    }
    return Evaluation(told, tuple(results))


def levels_of(calibration: Mapping[str, object] | None) -> Levels:
    """Quantiles of the area ratio by nominal coverage, as far as the calibration states them.

    In a file without a version, which has one half width for all pictures, these are half widths.
    """
    if calibration is None:
        return {}
    stated = calibration.get("area_ratio_levels", {})
    levels = {float(k): float(v) for k, v in stated.items()} if isinstance(stated, dict) else {}
    coverage, own = calibration.get("coverage"), calibration.get("area_ratio")
    own = own.get("quantile") if isinstance(own, Mapping) else own
    if isinstance(coverage, float) and isinstance(own, float):
        levels[coverage] = own
    return levels


def main() -> None:
    """Entry point of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--split", default="test")
    args = parser.parse_args()
    try:
        truth = read_truth(args.data, args.split)
        detector = Detector(args.weights, confidence=SCORED_FROM)
        found = evaluate(truth, detector, detector.weights, Settings())
    except TruthError as error:
        sys.exit(str(error))
    sys.stdout.write(json.dumps(found.figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
