"""Where printed markers lie in a belt scene: on a face that is seen, or beside the parcel."""

from __future__ import annotations

import cv2
import numpy as np

from greenpack.training.cartons import markers
from greenpack.training.cartons.closed import extent
from greenpack.training.drawing.meshes import rectangle
from greenpack.training.drawing.noise import Floats
from greenpack.training.pictures.hub_truth import corners, seen_at
from greenpack.training.scene import Marker, Scene

Rng = np.random.Generator

PLACES = {"": 0.3, "belt": 0.3, "face": 0.27, "both": 0.13}
"""What has a marker, and how often; where it has no room it is left out."""
SIDES = (40.0, 50.0, 60.0, 70.0, 80.0, 100.0)
"""Sides of the black square in mm."""
CODES = 100
_LEGIBLE = 26.0  # pixels that a hub would print a marker's side at least
_GAP = (12.0, 140.0)  # mm between the parcel and a marker beside it
_EDGE = 6.0  # mm that a marker keeps from the edges of what it lies on
_TRIES = 60
_BEDS = ("conveyor", "chute")  # what runs past under the parcel, its width its size


def markers_of(scene: Scene, rooms: dict[str, tuple[float, float]]) -> tuple[Marker, ...]:
    """Markers for a scene of one closed parcel, from a random stream of their own.

    Args:
        scene: the finished scene.
        rooms: faces of the box that are seen, each with its width and height in mm.
    """
    rng = np.random.default_rng([29, scene.seed])
    place = str(rng.choice(list(PLACES), p=list(PLACES.values())))
    (carton,) = scene.cartons
    found = []
    if place in ("face", "both") and not carton.bag:
        found.append(_on_face(rng, scene, rooms))
    if place in ("belt", "both"):
        found.append(_on_belt(rng, scene))
    numbers = rng.choice(CODES, 2, replace=False)
    return tuple(
        Marker(int(number), *each) for each, number in zip(found, numbers, strict=False) if each
    )


_Place = tuple[float, float, str, float, float, float]


def _sheet(rng: Rng, scene: Scene, where: Floats) -> tuple[float, float]:
    """Side and margin of a marker that is large enough in the picture near a world point."""
    near = seen_at(scene.camera, where + np.diag([10.0, 10.0, 0.0])[[2, 0, 1]])
    across = float(np.linalg.norm(near[1:] - near[0], axis=1).min()) / 10
    legible = [side for side in SIDES if side * across >= _LEGIBLE] or [SIDES[-1]]
    side = legible[rng.integers(len(legible))]
    return side, side / 6 * float(rng.uniform(1.0, 1.8))


def _on_face(rng: Rng, scene: Scene, rooms: dict[str, tuple[float, float]]) -> _Place | None:
    (carton,) = scene.cartons
    names = sorted(rooms)
    middle = corners(carton).mean(axis=0)
    for _ in range(_TRIES):
        surface = names[rng.integers(len(names))]
        side, margin = _sheet(rng, scene, middle)
        yaw = float(rng.choice([0, 90, 180, 270]) + rng.normal(0, 4))
        paper = side + 2 * margin
        turned = np.ptp(rectangle(paper, paper, 0, 0, yaw), axis=0)
        room = (np.array(rooms[surface]) - turned) / 2 - _EDGE
        if (room < 0).any():
            continue
        x, y = (float(v) for v in rng.uniform(-1, 1, 2) * room)
        own = rectangle(paper, paper, x, y, yaw)
        labels = [
            rectangle(each.width + 4, each.height + 4, each.x, each.y, each.yaw)
            for each in carton.labels
            if each.surface == surface
        ]
        if not any(_overlap(own, label) for label in labels):
            return side, margin, surface, x, y, yaw
    return None


def _on_belt(rng: Rng, scene: Scene) -> _Place | None:
    (carton,) = scene.cartons
    camera, size = scene.camera, np.array([scene.camera.width, scene.camera.height])
    length, width, _ = extent(carton)
    hull = seen_at(camera, corners(carton))
    hull = cv2.convexHull(hull.astype(np.float32))[:, 0].astype(float)
    for _ in range(_TRIES):
        turn, gap = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(*_GAP))
        side, margin = _sheet(rng, scene, np.array([carton.x, carton.y, 0.0]))
        way = np.array([np.cos(turn), np.sin(turn)])
        # As far out as the footprint reaches that way, then half the paper and the gap.
        reach = 1 / max(float((np.abs(way) / (length / 2, width / 2)).max()), 1e-9)
        paper = side + 2 * margin
        out = way * (reach + gap + paper / 2)
        yaw = np.radians(carton.yaw)
        frame = np.array([[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]])
        x, y = (float(v) for v in frame @ out + (carton.x, carton.y))
        angle = float(rng.uniform(0, 360))
        if not _lies(scene, rectangle(paper, paper, x, y, angle)):
            continue
        place = (side, margin, "belt", x, y, angle)
        seen = seen_at(camera, _paper(Marker(0, *place)))
        inside = bool(((seen > 0.02 * size.min()) & (seen < size - 0.02 * size.min())).all())
        if inside and not _overlap(seen, hull, 4.0):
            return place
    return None


def _paper(marker: Marker) -> Floats:
    whole = Marker(0, marker.paper, 0, marker.surface, marker.x, marker.y, marker.yaw)
    return markers.corners(whole, None)


def _lies(scene: Scene, ring: Floats) -> bool:
    """Whether a sheet with these corners (4, 2) lies wholly on what the parcel stands on."""
    place = scene.place
    if place is None:
        return True
    beds = [each for each in place.props if each.kind in _BEDS]
    within = all(_within(ring, bed.yaw, (1e6, bed.size)) for bed in beds)
    if place.top:
        within = within and _within(ring, place.yaw, place.top_size)
    middle = ring.mean(axis=0)
    half = float(np.linalg.norm(ring - middle, axis=1).max())
    small = [e for e in place.props if e.size < 1500 and e.z > -50 and e.kind not in _BEDS]
    free = all(np.hypot(*(middle - (each.x, each.y))) > half + each.size for each in small)
    return within and free


def _within(ring: Floats, yaw: float, size: tuple[float, float]) -> bool:
    c, s = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    own = ring @ np.array([[c, -s], [s, c]])
    return bool((np.abs(own) < np.array(size) / 2 - _EDGE).all())


def _overlap(first: Floats, second: Floats, gap: float = 0.0) -> bool:
    """Whether two convex polygons come nearer than `gap`, by separating axes."""
    for polygon in (first, second):
        edges = np.roll(polygon, -1, axis=0) - polygon
        normals = np.column_stack([-edges[:, 1], edges[:, 0]])
        lengths = np.linalg.norm(normals, axis=1)
        for normal in normals[lengths > 1e-9] / lengths[lengths > 1e-9, None]:
            one, other = first @ normal, second @ normal
            if one.min() > other.max() + gap or other.min() > one.max() + gap:
                return False
    return True
