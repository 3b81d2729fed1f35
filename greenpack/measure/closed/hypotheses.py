"""Which cuboid an outline shows: every reading of its corners is fitted, the best are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np

from greenpack.measure.closed.camera_model import BeltPlane
from greenpack.measure.closed.cuboid_fit import Fit, fit_cuboid
from greenpack.measure.closed.cuboid_pose import ONE_FACE, Pose, edges_seen, faces_seen, starts
from greenpack.measure.closed.evidence import EdgeSeen, Evidence, Standing
from greenpack.measure.closed.outline import Outline, silhouettes_apart
from greenpack.measure.closed.pattern_place import PatternPlace, placed, top_of
from greenpack.measure.closed.scale import PlanarPattern
from greenpack.measure.closed.upright_starts import (
    Candidate,
    Start,
    normals_of,
    upright_starts,
)
from greenpack.measure.interval import IN_95
from greenpack.measure.projective import Array

# Photos are taken looking down and ahead, not rolled: this way is up in the camera frame.
USUAL_UP: Array = np.array([0.0, -1.0, -1.0]) / 2**0.5
# A box leans by bulging or by a flap under it; about a third of a degree.
LEAN_SD = 0.006
# What two readings differ in.
Reading = tuple[object, ...]
# How many starts are fitted.
STARTS = 4
# Cells of the mask by which a silhouette may be farther off than the nearest reading's.
TOLERANCE = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is known besides the outline.

    Attributes:
        centre: principal point, pixels.
        focals: focal lengths to start from, pixels; the middle one is expected.
        focal_sd: relative standard deviation of the expected one.
        patterns: rectangles of known size with their corners in ideal pixels, shape (4, 2).
        belt: the plane the parcel stands on, or None.
        height: (millimetres, relative standard deviation) of the parcel, where it is known.
    """

    centre: tuple[float, float]
    focals: tuple[float, ...]
    focal_sd: float
    patterns: Sequence[tuple[PlanarPattern, Array]] = ()
    belt: BeltPlane | None = None
    height: tuple[float, float] | None = None

    @property
    def focal(self) -> float:
        """The expected focal length, pixels."""
        return self.focals[len(self.focals) // 2]

    @property
    def upright(self) -> Array | None:
        """The belt's normal in the camera frame, or None."""
        return None if self.belt is None else np.array(self.belt.rotation)[:, 2]


@dataclass(frozen=True, slots=True, eq=False)
class ReadingFit:
    """A reading with its fit to the mask, the mask's lines it was fitted to, and how far its
    silhouette is from the mask's hull, pixels."""

    fit: Fit
    edges: list[EdgeSeen]
    apart: float


def readings(
    outlines: Sequence[Outline], hull: Array, known: Known, cell: float
) -> list[ReadingFit]:
    """Fits to the mask of all readings that come out consistent, the best first.

    Args:
        outlines: polygons that the mask may be.
        hull: the mask's convex hull, shape (n, 2), ideal pixels.
        known: what else is known.
        cell: how coarse the mask is, pixels.
    """
    best: dict[Reading, ReadingFit] = {}
    for pose, edges in heads(outlines, hull, known, cell):
        evidence = evidence_of(pose, edges, known, top_in(pose, known.upright))
        fit = None if evidence is None else fit_cuboid(pose, evidence)
        if fit is None or not consistent(fit):
            continue
        shown = fit.corners(known.centre)[list(edges_seen(fit.pose.seen).loop)]
        reading = ReadingFit(fit, edges, silhouettes_apart(shown, hull))
        name = _name(fit.pose)
        if name not in best or reading.apart < best[name].apart:
            best[name] = reading
    found = sorted(best.values(), key=lambda each: each.apart)
    return [each for each in found if each.apart < found[0].apart + TOLERANCE * cell]


def _name(pose: Pose) -> Reading:
    """What tells readings apart: the same cuboid with its axes renamed is no other one."""
    shown = sum(sign != 0 for sign in pose.seen)
    return shown, tuple(sorted(round(float(log(size)) * 12) for size in pose.sizes))


def heads(outlines: Sequence[Outline], hull: Array, known: Known, cell: float) -> list[Start]:
    """The starts that are worth a fit: those whose silhouettes are nearest to the mask's."""
    several = [outline for outline in outlines if len(outline.sides) == 6]
    found: list[Candidate] = []
    for focal in known.focals if several else ():
        found += upright_starts(hull, outlines, uprights(known, focal), focal, known.centre)
    if found:
        found.sort(key=lambda each: each.apart)
        limit = found[0].apart + TOLERANCE * cell
        return [each.start(cell) for each in found[:STARTS] if each.apart < limit]
    result: list[Start] = []
    for focal in known.focals:
        for outline in outlines:
            kinds: dict[Reading, Pose] = {}
            for pose in starts(outline.corners, focal, known.centre, known.upright):
                top = top_in(pose, known.upright) if known.upright is not None else ()
                kinds.setdefault((pose.seen, pose.order, top), pose)
            result += [
                (pose, silhouette_edges(pose, outline)) for pose in list(kinds.values())[:STARTS]
            ]
    return result


def uprights(known: Known, focal: float) -> list[Array]:
    """Directions of a face that is seen: the belt's, or those that the patterns allow."""
    if known.upright is not None:
        return [known.upright]
    return [
        normal
        for pattern, corners in known.patterns[:1]
        for normal in normals_of(pattern, corners, focal, known.centre)
    ]


def top_in(pose: Pose, upright: Array | None) -> tuple[int, int]:
    """Axis and sign of the cuboid's top; a single face that is seen is the top."""
    if pose.seen == ONE_FACE:
        return 2, 1
    return top_of(pose, USUAL_UP if upright is None else upright)


def evidence_of(
    pose: Pose, edges: Sequence[EdgeSeen], known: Known, top: tuple[int, int]
) -> Evidence | None:
    """What is known of the cuboid in one reading; None where a pattern lies on no face of it."""
    places: list[PatternPlace] = []
    for pattern, corners in known.patterns:
        place = placed(pattern, corners, pose, top, known.centre)
        if place is None:
            return None
        places.append(place)
    size: tuple[int, float | None, float] | None = None
    if known.height is not None:
        size = (top[0], *known.height)
    elif pose.seen == ONE_FACE:
        size = (2, None, 0.3)  # what is not seen stays as it starts; nothing is said of it
    return Evidence(
        edges=edges,
        centre=known.centre,
        focal=known.focal,
        focal_sd=known.focal_sd,
        patterns=places,
        standing=None if known.belt is None else standing_on(known.belt, top),
        known_size=size,
    )


def silhouette_edges(pose: Pose, outline: Outline) -> list[EdgeSeen]:
    """The outline's sides as the cuboid's edges."""
    order = pose.order
    return [
        EdgeSeen(first, second, line)
        for first, second, line in zip(order, (*order[1:], order[0]), outline.sides, strict=True)
    ]


def standing_on(belt: BeltPlane, top: tuple[int, int]) -> Standing:
    """The cuboid's top along one of its axes, and its base on the belt."""
    rotation = np.array(belt.rotation)
    normal = rotation[:, 2]
    distance_sd = max(belt.error / IN_95, 0.05)
    return Standing(
        axis=top[0],
        sign=top[1],
        normal=normal,
        frame=rotation.T / np.array([[LEAN_SD], [LEAN_SD], [distance_sd]]),
        distance=float(normal @ np.array(belt.translation)),
        distance_sd=distance_sd,
    )


def consistent(fit: Fit) -> bool:
    """Whether the fitted cuboid shows the faces that its reading says it shows."""
    pose = fit.pose
    shown = faces_seen(pose.rotation, pose.centre, pose.sizes)
    if shown == pose.seen:
        return True
    # A face seen edge-on is within the errors of being seen or not.
    eye = -pose.rotation.T @ pose.centre
    slack = 0.03 * np.linalg.norm(eye)
    for axis in range(3):
        if shown[axis] == pose.seen[axis]:
            continue
        if abs(abs(eye[axis]) - pose.sizes[axis] / 2) > slack:
            return False
    return True


def with_height(known: Known, height: float, sd: float) -> Known:
    """The same with the parcel's height given, millimetres and relative standard deviation."""
    return replace(known, height=(height, sd))
