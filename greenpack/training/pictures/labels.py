"""YOLO segmentation labels: one line per shape, class number and polygon in shares of width and
height."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from greenpack.training.drawing.material import LABELS, Part
from greenpack.training.pictures.projection import Floats
from greenpack.training.pictures.truth import Mask, rim_outline
from greenpack.training.scene import Scene

SMALLEST = 30  # pixels; smaller specks teach nothing


def lines(scene: Scene, parts: list[Part], index: Mask) -> list[str]:
    """Label lines of a picture, openings first."""
    size = np.array([scene.camera.width, scene.camera.height], float)
    found: list[tuple[int, Floats]] = []
    for carton in scene.cartons:
        if carton.opened:
            quad = clipped(rim_outline(scene, carton), size)
            if len(quad) >= 3:
                found.append((LABELS.index("opening"), quad))
    names = {p.instance: p.label for p in parts if p.label is not None}
    for carton_number in _parcels(parts):
        # A closed parcel's silhouette includes its own tape and labels.
        found += [(0, p) for p in outlines(np.isin(index, carton_number))]
    goods = [number for number, label in names.items() if label == "item"]
    for number, label in sorted(names.items()):
        if label in (None, "parcel"):
            continue
        mask = index == number
        if label == "filler":
            # Loose pieces lying close together are one heap; what shows between them is theirs
            # unless a good.
            heap = (
                cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
                > 0
            )
            heap &= mask | ~np.isin(index, goods)
            found += [(LABELS.index(label), p) for p in outlines(heap)]
        elif (outline := merged(mask)) is not None:
            found.append((LABELS.index(label), outline))
    return [
        f"{label} " + " ".join(f"{v:.5f}" for v in np.clip(points / size, 0, 1).ravel())
        for label, points in found
    ]


def _parcels(parts: list[Part]) -> list[list[int]]:
    """For each closed parcel the instances that make it up: itself, then its tape, waybill and
    markers."""
    groups: list[list[int]] = []
    for part in parts:
        if part.label == "parcel":
            if not groups or part.instance not in groups[-1]:
                groups.append([part.instance])
        elif groups and part.instance == groups[-1][-1] + 1 and _on_parcel(part):
            groups[-1].append(part.instance)
    return groups


def _on_parcel(part: Part) -> bool:
    """Whether what follows a parcel's own parts lies on it: tape, waybill, a marker."""
    return part.label in ("tape", "waybill") or part.material.sharp


def clipped(quad: Floats, size: Floats) -> Floats:
    """A convex polygon cut at the picture's border (Sutherland-Hodgman)."""
    points = [np.asarray(p, float) for p in quad]
    for axis in (0, 1):
        for limit, keep in ((0.0, 1.0), (float(size[axis]), -1.0)):
            found: list[Floats] = []
            for a, b in zip(points, points[1:] + points[:1], strict=True):
                da, db = keep * (a[axis] - limit), keep * (b[axis] - limit)
                if da >= 0:
                    found.append(a)
                if da * db < 0:
                    found.append(a + (b - a) * da / (da - db))
            points = found
    return np.array(points).reshape(-1, 2)


def outlines(mask: npt.NDArray[np.bool_]) -> list[Floats]:
    """One polygon per connected region, holes cut open by a slit so that they stay holes."""
    contours, tree = cv2.findContours(mask.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    found = []
    for k, contour in enumerate(contours):
        if tree[0][k][3] >= 0 or cv2.contourArea(contour) < SMALLEST:
            continue
        ring = contour[:, 0].astype(float)
        child = tree[0][k][2]
        while child >= 0:
            hole = contours[child][:, 0].astype(float)
            if cv2.contourArea(contours[child]) >= SMALLEST * 2:
                ring = _slit(ring, hole)
            child = tree[0][child][0]
        found.append(_thin(ring) + 0.5)
    return found


def merged(mask: npt.NDArray[np.bool_]) -> Floats | None:
    """One polygon for a thing seen in several pieces, joined by slits; None if next to nothing is
    seen."""
    pieces = outlines(mask)
    if not pieces:
        return None
    pieces.sort(key=len, reverse=True)
    ring = pieces[0]
    for piece in pieces[1:]:
        ring = _slit(ring, piece)
    return ring


def _slit(ring: Floats, other: Floats) -> Floats:
    """Join two rings at their nearest points, there and back."""
    d2 = ((ring[:, None] - other[None]) ** 2).sum(axis=2)
    i, j = np.unravel_index(int(d2.argmin()), d2.shape)
    turned = np.roll(other, -int(j), axis=0)
    return np.concatenate([ring[: i + 1], turned, turned[:1], ring[i:]])


def _thin(ring: Floats, tolerance: float = 0.6) -> Floats:
    """Fewer points within a tolerance in pixels."""
    thin = cv2.approxPolyDP(ring.astype(np.float32).reshape(-1, 1, 2), tolerance, True)
    return np.asarray(thin[:, 0] if len(thin) >= 3 else ring, np.float64)
