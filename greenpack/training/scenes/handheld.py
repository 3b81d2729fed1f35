"""One closed parcel photographed from near with a phone, its waybill label large in the picture.

Beside `belt_line`, whose camera stands so far away that a label is a few dozen pixels wide: for
the sizes that a waybill's label gives.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.cartons import closed
from greenpack.training.pictures.hub_truth import corners, seen_at
from greenpack.training.places.furnishing import around, furnish
from greenpack.training.scene import Camera, Carton, Finish, Scene
from greenpack.training.scenes.belt_line import labelled, light, shown
from greenpack.training.scenes.belt_markers import markers_of
from greenpack.training.scenes.framing import upwards

Rng = np.random.Generator

VERSION = "handheld-1"
"""Changed whenever the same seed would give another picture."""

FOCALS = {24.0: 0.4, 26.0: 0.45, 50.0: 0.15}
"""Focal lengths in mm of a 35 mm camera with as wide a view along the diagonal, and how often."""
_DIAGONAL = 43.27  # mm of that camera's film
DISTANCES = (300.0, 1400.0)
"""From the camera to the parcel's middle, mm."""
FILL = (0.55, 0.95)
"""The parcel's longer extent in the picture over the picture's short side."""
_KEPT = 0.02  # of the short side: how far the parcel keeps from the border
_SIZES = (150.0, 450.0)  # mm of a parcel's longest side
_PLACES = {"table": 0.45, "hall": 0.35, "room": 0.2}


def sample(seed: int, width: int = 1280, height: int = 960) -> Scene:
    """A scene of one closed box as an inspector photographs it.

    Args:
        seed: the same one gives the same scene.
        width: of a picture that is taken lying, in pixels; half of them are upright.
        height: its height.
    """
    rng = np.random.default_rng([13, seed])
    if rng.random() < 0.5:
        width, height = height, width
    made, camera = _framed(rng, width, height)
    scene = Scene(seed, "", camera, light(rng), _finish(rng), cartons=(made,), case="handheld")
    place = str(rng.choice(list(_PLACES), p=list(_PLACES.values())))
    scene = furnish(rng, scene, kind=place, reach=around(scene))
    return replace(scene, markers=markers_of(scene, shown(made, camera)))


def _finish(rng: Rng) -> Finish:
    """A phone's picture, reduced: sharp, or a little shaken."""
    shaken = rng.random() < 0.15
    return Finish(
        exposure=float(rng.uniform(0.36, 0.58)),
        warmth=float(rng.normal(0, 0.2)),
        blur=float(rng.uniform(0.08, 0.24)),
        motion=float(rng.uniform(0.2, 0.7) if shaken else 0),
        motion_angle=float(rng.uniform(0, 180)),
        noise=float(rng.uniform(0.002, 0.014)),
        vignette=float(rng.uniform(0, 0.15)),
        contrast=float(rng.uniform(0.95, 1.12)),
        quality=int(rng.integers(85, 97)),
        tint=float(rng.normal(0, 0.12)),
    )


def _framed(rng: Rng, width: int, height: int) -> tuple[Carton, Camera]:
    """A labelled box and a camera that shows all of it, and large."""
    size, margin = np.array([width, height]), _KEPT * min(width, height)
    steep = rng.random() < 0.15
    for attempt in range(4000):
        if attempt % 20 == 0:
            made = _box(rng)
        camera = _camera(rng, made, width, height, steep)
        pixels = seen_at(camera, corners(made))
        extent = float(np.ptp(pixels, axis=0).max()) / min(width, height)
        whole = bool(((pixels > margin) & (pixels < size - margin)).all())
        if whole and FILL[0] <= extent <= FILL[1]:
            with_label = labelled(rng, made, camera)
            if with_label.labels:
                return with_label, camera
    raise ValueError("no camera shows a labelled parcel as wanted")


def _box(rng: Rng) -> Carton:
    for _ in range(400):
        made = replace(closed.box(rng), raised=0.0, labels=())
        size = closed.extent(made)
        if _SIZES[0] <= max(size) <= _SIZES[1] and min(size) >= 35:
            return made
    raise ValueError("no box of a size that is photographed from near")


def _camera(rng: Rng, made: Carton, width: int, height: int, steep: bool) -> Camera:
    focal = float(rng.choice(list(FOCALS), p=list(FOCALS.values()))) * float(rng.normal(1, 0.02))
    # `fov` is the angle along the picture's height.
    along = _DIAGONAL * height / float(np.hypot(width, height))
    fov = float(np.degrees(2 * np.arctan(along / 2 / focal)))
    tilt = np.radians(rng.uniform(0, 8) if steep else rng.uniform(20, 58))
    azimuth = rng.uniform(0, 2 * np.pi)
    distance = float(np.exp(rng.uniform(*np.log(DISTANCES))))
    shift = rng.uniform(-0.25, 0.25, 2) * distance * np.tan(np.radians(fov) / 2)
    middle = np.array([0, 0, closed.extent(made)[2] / 2])
    aim = middle + np.array([*shift, 0])
    eye = middle + distance * upwards(tilt, azimuth)
    # Never held quite level.
    level = float(np.degrees(np.arctan2(eye[1] - aim[1], eye[0] - aim[0])) + 90 + rng.normal(0, 4))
    roll = float(rng.uniform(0, 360)) if steep else level
    # Phones correct their pictures, nearly.
    distortion = float(rng.normal(0, 0.004))
    return Camera.looking(eye, aim, roll, fov, width, height, distortion)
