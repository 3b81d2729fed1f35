"""Measures a model on rendered scenes: `python -m greenpack.training.evaluate WEIGHTS DATA --split
test`.

Prints the IoU of the opening (the model's outline, and the rectangle in perspective fitted to it,
against the exact corners), the error
of the area ratio, and how often goods, filler and closed parcels are found. This judges the model
alone; the product adds its own
conditions and intervals.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from greenpack.training.material import LABELS
from greenpack.training.projection import area_share

Floats = npt.NDArray[np.float64]


def fit_quad(outline: Floats) -> Floats:
    """The quadrilateral whose sides fit a mask's outline, (4, 2); rounded corners do not pull it
    in.

    A first quadrilateral from the convex hull assigns the outline's points to sides; then a line is
    fitted to each
    side's middle part by least squares with Huber weights and the corners are the lines' crossings.
    """
    hull = cv2.convexHull(outline.astype(np.float32))
    quad = cv2.boxPoints(cv2.minAreaRect(hull)).astype(float)
    length = cv2.arcLength(hull, True)
    for share in np.linspace(0.01, 0.12, 23):
        guess = cv2.approxPolyDP(hull, share * length, True)[:, 0]
        if len(guess) == 4:
            quad = guess.astype(float)
            break
    dense = _dense(outline.astype(float))
    for reach in (0.06, 0.03, 0.02):
        refined = _fit_sides(quad, dense, reach * length)
        if refined is None:
            break
        quad = refined
    return quad


def _fit_sides(quad: Floats, dense: Floats, reach: float) -> Floats | None:
    """Corners where the lines cross that fit the points within `reach` of each side's middle."""
    lines = []
    for a, b in zip(quad, np.roll(quad, -1, axis=0), strict=True):
        side = max(float(np.linalg.norm(b - a)), 1e-9)
        way = (b - a) / side
        along = (dense - a) @ way / side
        across = np.abs((dense - a) @ np.array([-way[1], way[0]]))
        near = dense[(along > 0.12) & (along < 0.88) & (across < reach)]
        if len(near) < 2:
            return None
        lines.append(cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel())
    corners = []
    for k in range(4):
        p, q = lines[k - 1], lines[k]
        matrix = np.array([[p[0], -q[0]], [p[1], -q[1]]])
        if abs(np.linalg.det(matrix)) < 0.1:
            return None
        t = np.linalg.solve(matrix, q[2:] - p[2:])[0]
        corners.append(p[2:] + t * p[:2])
    return np.array(corners, float)


def _dense(ring: Floats, step: float = 1.0) -> Floats:
    pieces = []
    for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        count = max(1, int(np.linalg.norm(b - a) / step))
        pieces.append(a + (b - a) * (np.arange(count) / count)[:, None])
    return np.concatenate(pieces)


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
            quad = fit_quad(best)
            row["iou_mask"] = iou(fill([best], width, height), exact)
            row["iou_quad"] = iou(fill([quad], width, height), exact)
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


def shapes_of(result: Any) -> dict[str, list[tuple[float, Floats]]]:
    """Polygons and confidences by label from one ultralytics result with full-size masks.

    Each mask's largest region, and others of a fifth of it or more as shapes of their own: the
    library's own polygons join every speck to the shape by a line.
    """
    found: dict[str, list[tuple[float, Floats]]] = {name: [] for name in LABELS}
    if result.masks is None:
        return found
    masks = result.masks.data.cpu().numpy().astype(np.uint8)
    for kind, score, mask in zip(
        result.boxes.cls.int().tolist(), result.boxes.conf.tolist(), masks, strict=True
    ):
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        areas = [cv2.contourArea(c) for c in contours]
        for contour, area in zip(contours, areas, strict=True):
            if area >= max(4.0, 0.2 * max(areas)):
                # Contours run through the middles of border pixels, half a pixel inside the shape.
                found[LABELS[kind]].append((float(score), contour[:, 0].astype(float) + 0.5))
    return found


def evaluate(weights: Path, data: Path, split: str, size: int, confidence: float) -> dict[str, Any]:
    """All figures of a split."""
    os.environ.update(YOLO_OFFLINE="1", YOLO_AUTOINSTALL="false")
    from ultralytics.models.yolo.model import YOLO

    model = YOLO(str(weights), task="segment")
    rows = []
    for picture in sorted((data / "images" / split).glob("*.jpg")):
        truth = json.loads((data / "truth" / split / f"{picture.stem}.json").read_text("utf-8"))
        results: Any = model.predict(
            str(picture),
            imgsz=size,
            conf=confidence,
            retina_masks=True,
            verbose=False,
            device="cpu",
        )
        rows.append(one(shapes_of(results[0]), truth))

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
    parser.add_argument("--size", type=int, default=448)
    parser.add_argument("--confidence", type=float, default=0.25)
    args = parser.parse_args()
    figures = evaluate(args.weights, args.data, args.split, args.size, args.confidence)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
