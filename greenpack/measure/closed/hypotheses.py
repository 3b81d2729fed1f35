"""Which cuboid an outline shows: every reading of its corners is fitted, the best are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from greenpack.measure.closed.camera_model import BeltPlane
from greenpack.measure.closed.cuboid_fit import Fit, fit_cuboid
from greenpack.measure.closed.cuboid_pose import Pose, faces_seen, starts
from greenpack.measure.closed.evidence import EdgeSeen, Evidence, Standing
from greenpack.measure.closed.outline import Outline
from greenpack.measure.closed.pattern_place import PatternPlace, placed, top_of
from greenpack.measure.closed.scale import PlanarPattern
from greenpack.measure.projective import Array

# Photos are taken looking down and ahead, not rolled: this way is up in the camera frame.
USUAL_UP: Array = np.array([0.0, -1.0, -1.0]) / 2**0.5
# A box leans by bulging or by a flap under it; about a third of a degree.
LEAN_SD = 0.006
# How many starts are fitted, for how many rounds, and how many of them to the end.
STARTS, ROUGH_ROUNDS, FINISHED = 5, 5, 3


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


def readings(outline: Outline, known: Known) -> list[Fit]:
    """Fits of all readings of an outline that come out consistent, the best first.

    Two fits of the same reading (the same corners of the cuboid behind the outline's) are one.
    """
    upright = known.upright
    tried: dict[tuple[object, ...], int] = {}
    rough: list[tuple[Fit, Evidence, tuple[object, ...]]] = []
    for pose in heads(outline, known):
        top = top_of(pose, USUAL_UP if upright is None else upright)
        # With a belt it matters which of the axes is upright, without it the names are free.
        reading: tuple[object, ...] = (pose.seen, pose.order, top if upright is not None else None)
        if tried.get(reading, 0) >= 2:
            continue
        tried[reading] = tried.get(reading, 0) + 1
        evidence = evidence_of(pose, outline, known, top)
        fit = None if evidence is None else fit_cuboid(pose, evidence, ROUGH_ROUNDS)
        if fit is not None and evidence is not None:
            rough.append((fit, evidence, reading))
    rough.sort(key=lambda each: each[0].chi_square)
    best: dict[tuple[object, ...], Fit] = {}
    for first, evidence, reading in rough[:FINISHED]:
        if first.chi_square > 4 * rough[0][0].chi_square + 60 or reading in best:
            continue
        fit = fit_cuboid(first.pose, evidence)
        if fit is not None and consistent(fit):
            best[reading] = fit
    return sorted(best.values(), key=lambda fit: fit.chi_square)


def heads(outline: Outline, known: Known) -> list[Pose]:
    """The starts that are worth a fit, the likeliest first."""
    found: list[Pose] = []
    for focal in known.focals:
        found += starts(outline.corners, focal, known.centre, known.upright)[:STARTS]
    return found


def evidence_of(
    pose: Pose, outline: Outline, known: Known, top: tuple[int, int],
    inner: Sequence[EdgeSeen] = (),
) -> Evidence | None:  # fmt: skip
    """What is known of the cuboid in one reading; None where a pattern lies on no face of it."""
    order = pose.order
    edges = [
        EdgeSeen(first, second, line)
        for first, second, line in zip(order, (*order[1:], order[0]), outline.sides, strict=True)
    ]
    places: list[PatternPlace] = []
    for pattern, corners in known.patterns:
        place = placed(pattern, corners, pose, top, known.centre)
        if place is None:
            return None
        places.append(place)
    size = None
    if known.height is not None:
        size = (top[0], *known.height)
    elif len(order) == 4:
        # What is not seen is held at something; the caller asks for bounds.
        size = (2, max(float(pose.sizes[:2].min()), 1e-3), 0.3)
    return Evidence(
        edges=(*edges, *inner),
        centre=known.centre,
        focal=known.focal,
        focal_sd=known.focal_sd,
        patterns=places,
        standing=None if known.belt is None else standing_on(known.belt, top),
        known_size=size,
    )


def standing_on(belt: BeltPlane, top: tuple[int, int]) -> Standing:
    """The cuboid's top along one of its axes, and its base on the belt."""
    rotation = np.array(belt.rotation)
    normal = rotation[:, 2]
    return Standing(
        axis=top[0],
        sign=top[1],
        normal=normal,
        across=rotation[:, :2].T.copy(),
        distance=float(normal @ np.array(belt.translation)),
        distance_sd=max(belt.error / 1.96, 0.05),
        tilt_sd=LEAN_SD,
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
