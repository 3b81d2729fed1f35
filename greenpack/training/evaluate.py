"""Measures a model on rendered scenes: `python -m greenpack.training.evaluate WEIGHTS DATA`.

Prints the IoU of the opening (the outline, and the four sides fitted to it, against the exact
corners), the error of the area ratio, and how often goods, filler and closed parcels are found.
This judges the model alone; the product adds its own conditions and intervals.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from greenpack.measure.opening import fit_opening
from greenpack.training.material import LABELS
from greenpack.training.projection import area_share
from greenpack.vision.detector import Detector
from greenpack.vision.shapes import Shape

Floats = npt.NDArray[np.float64]


def fill(polygons: list[Floats], width: int, height: int) -> npt.NDArray[np.bool_]:
    """Union of polygons as a pixel mask: pixels at least half covered.

    Drawn four times as large, since the drawing function includes the border and so widens
    every shape.
    """
    mask = np.zeros((height * 4, width * 4), np.uint8)
    for polygon in polygons:
        if len(polygon) >= 3:
            points = np.round((polygon * 4 - 0.5) * 16).astype(np.int32)
            cv2.fillPoly(mask, [points], 255, shift=4)
    return np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA) > 127)


def iou(a: npt.NDArray[np.bool_], b: npt.NDArray[np.bool_]) -> float:
    """Intersection over union of two masks; 0 where both are empty."""
    union = int((a | b).sum())
    return float((a & b).sum() / union) if union else 0.0


def one(shapes: dict[str, list[tuple[float, Floats]]], truth: dict[str, Any]) -> dict[str, float]:
    """Figures of one picture; keys are absent where they do not apply."""
    width, height = truth["width"], truth["height"]
    row: dict[str, float] = {}
    whole = [o for o in truth["openings"] if o["whole"]]
    if len(truth["openings"]) == 1 and len(whole) == 1:
        corners = np.array(whole[0]["corners"])
        exact = fill([corners], width, height)
        row["missed"] = float(not shapes["opening"])
        row["iou_mask"] = row["iou_quad"] = 0.0
        if shapes["opening"]:
            best = max(shapes["opening"], key=lambda s: s[0])[1]
            fitted = fit_opening(best)
            quad = best if fitted is None else fitted.corners
            row["iou_mask"] = iou(fill([best], width, height), exact)
            row["iou_quad"] = iou(fill([quad], width, height), exact)
            if fitted is None:
                return row
            items = fill([p for _, p in shapes["item"]], width, height)
            stuff = fill([p for _, p in shapes["filler"]], width, height) & ~items
            row["area_error"] = area_share(items, quad) - whole[0]["area_ratio"]
            row["filler_error"] = area_share(stuff, quad) - whole[0]["filler_ratio"]
    elif not truth["openings"]:
        row["false_opening"] = float(bool(shapes["opening"]))
        if truth["pixels"]["parcel"]:
            row["parcel_found"] = float(bool(shapes["parcel"]))
        else:
            row["false_parcel"] = float(bool(shapes["parcel"]))
    return row


def by_label(shapes: Sequence[Shape]) -> dict[str, list[tuple[float, Floats]]]:
    """Confidences and polygons by label."""
    found: dict[str, list[tuple[float, Floats]]] = {name: [] for name in LABELS}
    for shape in shapes:
        found[shape.label.value].append((shape.confidence, shape.polygon))
    return found


def evaluate(weights: Path, data: Path, split: str, confidence: float) -> dict[str, Any]:
    """All figures of a split."""
    detector = Detector(weights, confidence=confidence)
    rows = []
    for picture in sorted((data / "images" / split).glob("*.jpg")):
        truth = json.loads((data / "truth" / split / f"{picture.stem}.json").read_text("utf-8"))
        shapes = detector.shapes(np.asarray(Image.open(picture).convert("RGB")))
        rows.append(one(by_label(shapes), truth))

    def values(key: str) -> Floats:
        return np.array([r[key] for r in rows if key in r], np.float64)

    error = np.abs(values("area_error"))
    return {
        "pictures": len(rows),
        "openings": len(values("missed")),
        "missed": int(values("missed").sum()),
        "iou_mask_median": float(np.median(values("iou_mask"))),
        "iou_quad_median": float(np.median(values("iou_quad"))),
        "iou_quad_p10": float(np.quantile(values("iou_quad"), 0.1)),
        "area_mae": float(error.mean()),
        "area_median_error": float(np.median(error)),
        "area_p90_error": float(np.quantile(error, 0.9)),
        "area_bias": float(values("area_error").mean()),
        "filler_mae": float(np.abs(values("filler_error")).mean()),
        "parcel_found": f"{int(values('parcel_found').sum())}/{len(values('parcel_found'))}",
        "false_opening": f"{int(values('false_opening').sum())}/{len(values('false_opening'))}",
        "false_parcel": f"{int(values('false_parcel').sum())}/{len(values('false_parcel'))}",
    }


def main() -> None:
    """Entry point of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--split", default="test")
    parser.add_argument("--confidence", type=float, default=0.25)
    args = parser.parse_args()
    figures = evaluate(args.weights, args.data, args.split, args.confidence)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
