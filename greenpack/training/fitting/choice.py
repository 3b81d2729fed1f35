"""Compares runs to choose by.

`python -m greenpack.training.fitting.choice RUN... --data DATA --split val`

One row for each run and picture size: how well openings are found, how far the area ratio is off,
and what a picture costs on this machine. Trains nothing. Compare on `val`: a split that chose is no
test any more.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from greenpack.settings import Settings
from greenpack.training.evaluation import evaluate as evaluation
from greenpack.training.evaluation.truth import Truth, TruthError
from greenpack.training.fitting.machine import machine, versions
from greenpack.training.fitting.run_record import NAME as RUN_RECORD
from greenpack.training.refusals import RefusedError
from greenpack.vision.detector import Detector
from greenpack.vision.weights import load_weights

RUNTIMES = ("openvino", "torch")
_TIMED, _WARM_UP = 20, 3
_COLUMNS = (
    ("run", "run"),
    ("model", "model"),
    ("trained at, px", "trained_at"),
    ("hours", "hours"),
    ("seen at, px", "size"),
    ("openings found", "found"),
    ("IoU, median", "iou_median"),
    ("IoU, 10th percentile", "iou_p10"),
    ("area MAE", "area_mae"),
    ("area p90", "area_p90"),
    ("mask mAP50-95", "map50_95"),
    ("ms a picture", "milliseconds"),
)


def compare(
    runs: Sequence[Path],
    truth: Truth,
    sizes: Sequence[int] = (),
    runtime: str = "openvino",
    detector_for: Callable[[Path, float, int], Any] | None = None,
) -> list[dict[str, Any]]:
    """The rows of the table.

    Args:
        runs: Folders of runs, or weights.
        truth: Pictures with their truth.
        sizes: Pixels along the longer side to look at pictures with; default: each run's own.
        runtime: `openvino` exports a run's weights first, into its folder; `torch` takes them as
            they are. Does not apply to weights that are no run's.
        detector_for: Makes a detector from weights, least confidence and size; default: `Detector`.

    Raises:
        RefusedError: if a folder holds neither.
    """
    make = detector_for or _detector
    rows = []
    for run in runs:
        weights, known = weights_of(run, runtime)
        own: int | None = known["trained_at"] or load_weights(weights).image_size
        if not sizes and own is None:
            raise RefusedError(f"{run} does not tell its picture size: give --sizes.")
        for size in sizes or [own or 0]:
            sees = make(weights, evaluation.SCORED_FROM, size)
            found = evaluation.evaluate(truth, sees, sees.weights, Settings()).figures
            timed = milliseconds(make(weights, 0.25, size), truth)
            rows.append({"run": run.resolve().name, **known, "size": size, **_figures(found)})
            rows[-1]["milliseconds"] = round(timed, 1)
    return rows


def weights_of(run: Path, runtime: str) -> tuple[Path, dict[str, Any]]:
    """The weights to look with, and what is known of their training."""
    record = run / RUN_RECORD
    if not record.is_file():
        if not run.exists():
            raise RefusedError(f"There is nothing at {run}.")
        return run, {"model": None, "trained_at": None, "hours": None}
    content = json.loads(record.read_text("utf-8"))
    asked = content["arguments"]
    known = {k: asked[v] for k, v in (("model", "model"), ("trained_at", "size"))}
    known["hours"] = content["hours"]
    last = run / "weights" / "last.pt"
    if not last.is_file():
        raise RefusedError(f"{run} has no weights yet: its first epoch is not over.")
    if runtime == "torch":
        return last, known
    exported = run / "export"
    table = exported / "weights.json"
    if not table.exists() or table.stat().st_mtime < last.stat().st_mtime:
        from greenpack.training.fitting.model_export import export

        export(last, exported, asked["size"])
    return exported, known


def milliseconds(detector: Any, truth: Truth) -> float:
    """What a picture costs, from its pixels to its shapes: the median over some pictures."""
    import numpy as np
    from PIL import Image

    spent = []
    for case in (truth.cases * (_WARM_UP + 1))[: _WARM_UP + _TIMED]:
        picture = np.asarray(Image.open(case.path).convert("RGB"))
        started = time.perf_counter()
        detector.shapes(picture)
        spent.append(1000 * (time.perf_counter() - started))
    return median(spent[_WARM_UP:] or spent)


def as_table(rows: Sequence[dict[str, Any]]) -> str:
    """Markdown, for the model's card."""
    lines = [[title for title, _ in _COLUMNS], ["---"] * len(_COLUMNS)]
    lines += [[_told(row.get(key)) for _, key in _COLUMNS] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _figures(found: dict[str, Any]) -> dict[str, Any]:
    opening, area = found["opening"], found["model_alone"]["area_ratio"]
    return {
        "found": f"{opening['found']['count']} of {opening['found']['of']}",
        "iou_median": opening["iou_sides_median"],
        "iou_p10": opening["iou_sides_p10"],
        "area_mae": area["mae"],
        "area_p90": area["p90"],
        "map50_95": found["mask_ap"].get("mean", {}).get("map50_95"),
    }


def _detector(weights: Path, confidence: float, size: int) -> Detector:
    return Detector(weights, confidence=confidence, image_size=size)


def _told(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) and value < 10 else f"{value}"


def main() -> None:
    """Entry point of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+", help="folders of runs, or weights")
    parser.add_argument("--data", type=Path, required=True, help="pictures with their truth")
    parser.add_argument("--split", default="val")
    parser.add_argument("--sizes", type=int, nargs="*", default=[], help="default: each run's own")
    parser.add_argument("--runtime", choices=RUNTIMES, default="openvino")
    parser.add_argument("--out", type=Path, help="write the figures here, as JSON")
    args = parser.parse_args()
    try:
        truth = evaluation.read_truth(args.data, args.split)
        rows = compare(args.runs, truth, args.sizes, args.runtime)
    except (RefusedError, TruthError) as error:
        sys.exit(str(error))
    if args.out is not None:
        content = {
            "split": args.split,
            "pictures": len(truth.cases),
            "runtime": args.runtime,
            "machine": machine(),
            "versions": versions(),
            "rows": rows,
        }
        args.out.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    sys.stdout.write(as_table(rows))


if __name__ == "__main__":
    main()
