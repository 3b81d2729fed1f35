"""One closed parcel under a hub's fixed camera: on a belt, a roller track, a table, the hall floor.

A sampler of its own beside `sampling.sample`, for holding measured sizes against true ones: the
camera is an industrial one with a lens in use, one to two metres away, and the parcel is whole in
the picture most of the time.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenpack.training.cartons import closed
from greenpack.training.pictures.hub_truth import corners, seen_at
from greenpack.training.places.furnishing import around, furnish
from greenpack.training.printed.hub_labels import hub_label
from greenpack.training.scene import Camera, Carton, Finish, Light, Scene
from greenpack.training.scenes.belt_markers import markers_of
from greenpack.training.scenes.framing import upwards

Rng = np.random.Generator

VERSION = "belt-2"
"""Changed whenever the same seed would give another picture."""

SHAPE = (4, 3)
"""Width over height of the picture."""

SOFT = 0.06
"""Share of bags and mailers: they have no sizes to measure and must be refused."""
LABELLED = 0.6
CUT_OFF = 0.04
SENSORS = (3.72, 4.29, 5.37, 6.6)
"""Heights in mm of the sensors called 1/2.9", 1/2.5", 1/1.8" and 2/3"."""
LENSES = (4.0, 6.0, 8.0, 12.0, 16.0)
"""Focal lengths in mm."""
DISTANCES = (1000.0, 2200.0)
"""From the camera to the parcel's middle, mm."""
FILL = (0.25, 0.7)
"""The parcel's longer extent in the picture over the picture's short side."""
_PLACES = {"track": 0.62, "hall": 0.26, "table": 0.12}
_KEPT = 0.02  # of the short side: how far a whole parcel keeps from the border


def sample(seed: int, width: int = 1280, height: int = 960) -> Scene:
    """A scene of one closed parcel as a hub camera sees it."""
    rng = np.random.default_rng([11, seed])
    case = "cut_off" if rng.random() < CUT_OFF else "belt"
    made, camera = _framed(rng, width, height, case == "cut_off")
    if rng.random() < LABELLED:
        made = labelled(rng, made, camera)
    scene = Scene(seed, "", camera, light(rng), finish(rng), cartons=(made,), case=case)
    place = str(rng.choice(list(_PLACES), p=list(_PLACES.values())))
    bed = None
    if place == "track":
        # Along the view more or less, so that the track's guides hide nothing.
        ahead = np.degrees(np.arctan2(camera.target_y - camera.y, camera.target_x - camera.x))
        wide = 2 * around(scene) + float(rng.uniform(0, 200))
        bed = (float(ahead + rng.normal(0, 22)), 0.0, wide)
    scene = furnish(rng, scene, kind=place, bed=bed)
    return replace(scene, markers=markers_of(scene, shown(made, camera)))


def light(rng: Rng) -> Light:
    """A hall's light: tubes overhead or large windows."""
    tubes = rng.random() < 0.65
    return Light(
        "tubes" if tubes else "daylight",
        float(rng.uniform(0, 360)),
        float(rng.uniform(60, 90) if tubes else rng.uniform(35, 65)),
        float(rng.uniform(0.25, 0.9)),
        float(np.clip(rng.normal(0.1, 0.35), -1, 1)),
    )


def finish(rng: Rng) -> Finish:
    """An industrial camera: sharp and well exposed; a parcel in motion is smeared now and then."""
    moving = rng.random() < 0.25
    return Finish(
        exposure=float(rng.uniform(0.34, 0.58)),
        warmth=float(rng.normal(0, 0.2)),
        blur=float(rng.uniform(0.05, 0.4)),
        motion=float(rng.uniform(0.3, 1.4) if moving else 0),
        motion_angle=float(rng.uniform(0, 180)),
        noise=float(rng.uniform(0.002, 0.018)),
        vignette=float(rng.uniform(0, 0.25)),
        contrast=float(rng.uniform(0.92, 1.12)),
        quality=int(rng.integers(78, 97)),
        tint=float(rng.normal(0, 0.15)),
        sharpen=float(rng.uniform(0.2, 0.8) if rng.random() < 0.3 else 0),
    )


def _framed(rng: Rng, width: int, height: int, cut_off: bool) -> tuple[Carton, Camera]:
    """A parcel and a camera that shows it large enough, whole or cut off."""
    soft = rng.random() < SOFT
    steep = rng.random() < 0.15
    for attempt in range(2000):
        if attempt % 20 == 0:
            made = _parcel(rng, soft)
        camera = _camera(rng, made, width, height, steep, cut_off)
        pixels = seen_at(camera, corners(made))
        extent = np.ptp(pixels, axis=0).max() / min(width, height)
        margin = _KEPT * min(width, height)
        whole = bool(((pixels > margin) & (pixels < np.array([width, height]) - margin)).all())
        out = bool((pixels < -margin).any() or (pixels > np.array([width, height]) + margin).any())
        if FILL[0] <= extent <= FILL[1] and (out if cut_off else whole):
            return made, camera
    raise ValueError("no camera shows the parcel as wanted")


def _parcel(rng: Rng, soft: bool) -> Carton:
    for _ in range(200):
        if soft:
            style = str(
                rng.choice(["poly", "bubble", "sack", "envelope"], p=[0.35, 0.4, 0.1, 0.15])
            )
            made = closed.mailer(rng, style)
        else:
            made = replace(closed.box(rng), raised=0.0)
        size = closed.extent(made)
        if 150 <= max(size) <= 700 and (soft or min(size) >= 35):
            return replace(made, labels=())
    raise ValueError("no parcel of a size that hubs sort by camera")


def _camera(rng: Rng, made: Carton, width: int, height: int, steep: bool, cut_off: bool) -> Camera:
    focal = float(rng.choice(LENSES))
    fov = float(np.degrees(2 * np.arctan(float(rng.choice(SENSORS)) / 2 / focal)))
    tilt = np.radians(rng.uniform(0, 6) if steep else rng.uniform(25, 60))
    azimuth = rng.uniform(0, 2 * np.pi)
    distance = float(rng.uniform(*DISTANCES))
    across = distance * np.tan(np.radians(fov) / 2)
    shift = rng.uniform(-1, 1, 2) * across * (1.2 if cut_off else 0.55)
    middle = np.array([0, 0, closed.extent(made)[2] / 2])
    aim = middle + np.array([*shift, 0])
    eye = middle + distance * upwards(tilt, azimuth)
    # Wide lenses bend lines outwards; one camera in five sends its picture corrected.
    bends = rng.uniform(0.005, 0.06) if focal <= 6 else rng.uniform(-0.006, 0.02)
    upright = float(np.degrees(azimuth) + 90 + rng.normal(0, 3))
    roll = float(rng.uniform(0, 360)) if steep else upright
    distortion = 0.0 if rng.random() < 0.2 else float(bends)
    return Camera.looking(eye, aim, roll, fov, width, height, distortion)


def labelled(rng: Rng, made: Carton, camera: Camera) -> Carton:
    """The parcel with a waybill on a face in view, where one has room for it."""
    if made.bag:
        label = hub_label(rng, "top", made.length * 0.85, made.width * 0.8)
        return replace(made, labels=() if label is None else (label,))
    rooms = shown(made, camera)
    names = sorted(rooms)
    # A label goes where it has room: on top most times.
    weights = np.array([3.0 if name == "top" else 1.0 for name in names])
    order = rng.choice(len(names), len(names), replace=False, p=weights / weights.sum())
    for k in order:
        label = hub_label(rng, names[k], *rooms[names[k]])
        if label is not None:
            return replace(made, labels=(label,))
    return made


def shown(made: Carton, camera: Camera, least: float = 20.0) -> dict[str, tuple[float, float]]:
    """Faces of a box that the camera sees at `least` degrees or more, each with its width and
    height in mm as `Label.surface` names them."""
    length, width, height = closed.extent(made)
    eye = np.array([camera.x - made.x, camera.y - made.y, camera.z - made.z])
    found = {"top": (length, width)}
    for side in range(4):
        turn = np.radians(made.yaw + 90 * side)
        out = np.array([np.cos(turn), np.sin(turn), 0])
        half = (length if side % 2 == 0 else width) / 2
        away = eye - out * half - np.array([0, 0, height / 2])
        if float(out @ away) > np.sin(np.radians(least)) * float(np.linalg.norm(away)):
            found[f"side{side}"] = (width if side % 2 == 0 else length, height)
    return found
