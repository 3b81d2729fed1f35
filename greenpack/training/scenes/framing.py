"""Where the photographer stands: cameras drawn so that a scene is framed as people frame it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from greenpack.training.cartons.frames import rim
from greenpack.training.pictures.projection import focal, project
from greenpack.training.scene import Camera, Scene


def frame(
    rng: np.random.Generator,
    scene: Scene,
    cut_off: bool = False,
    max_tilt: float | None = None,
    fill_range: tuple[float, float] = (0.28, 0.85),
    tilts: tuple[float, float] | None = None,
    near_share: float = 0.15,
    close_share: float = 0.0,
    room: float = 0.015,
) -> Camera:
    """A hand-held camera on the first carton: height over the rim 1.2 to 6 depths, mostly over 2.

    The opening fills the given share of the picture's short side; it is wholly in view unless
    `cut_off`. With `tilts` in degrees the tilt lies between them, and pictures taken from the side
    are held upright; `near_share` of the cameras may come nearer than twice the depth.
    `close_share` of the openings that are cut off are so for want of room, not for bad aim; `room`
    is the share of the short side that the others keep from the border.
    """
    made, camera = scene.cartons[0], scene.camera
    short = min(camera.width, camera.height)
    corners = rim(made)
    goal = corners.mean(axis=0)
    near = rng.random() < near_share
    for attempt in range(60):
        tilt = float(rng.uniform(0, 15) if rng.random() < 0.6 else rng.uniform(15, 40))
        if max_tilt is not None:
            tilt = float(rng.uniform(0, max_tilt))
        if tilts is not None:
            tilt = float(rng.uniform(*tilts))
        share = float(rng.uniform(*fill_range)) * 0.985**attempt
        close = close_share > 0 and rng.random() < close_share
        share = float(rng.uniform(*((0.95, 1.6) if close else (0.75, 1.3)))) if cut_off else share
        distance = focal(camera) * made.length / (share * short)
        low = (1.2 if near else 2.0) * made.depth / np.cos(np.radians(tilt))
        distance = float(np.clip(distance, low, 6 * made.depth / np.cos(np.radians(tilt)) + 250))
        turn = float(rng.uniform(0, 360))
        azimuth = np.radians(rng.uniform(0, 360))
        if tilts is not None and tilt > 25 and rng.random() < 0.9:
            turn = float(np.degrees(azimuth) + 90 + rng.normal(0, 8))
        shift = rng.uniform(0.35, 0.6) if cut_off and not close else rng.uniform(0, 0.16)
        way = np.radians(rng.uniform(0, 360))
        aim = goal[:2] + shift * distance * 0.8 * np.array([np.cos(way), np.sin(way)])
        side = distance * np.sin(np.radians(tilt))
        eye = aim + side * np.array([np.cos(azimuth), np.sin(azimuth)])
        height = goal[2] + distance * np.cos(np.radians(tilt))
        found = _moved(camera, (*eye, height), (*aim, goal[2]), turn)
        pixels = project(found, corners)
        margin = room * short
        inside = bool(
            ((pixels > margin) & (pixels < np.array([camera.width, camera.height]) - margin)).all()
        )
        middle = pixels.mean(axis=0)
        seen = bool(((middle > 0) & (middle < (camera.width, camera.height))).all())
        if inside != cut_off and seen:
            return found
    return found


def look_at(
    rng: np.random.Generator,
    camera: Camera,
    goal: tuple[float, float, float],
    size: float,
    max_tilt: float,
    min_tilt: float = 0.0,
    share_range: tuple[float, float] = (0.3, 0.85),
) -> Camera:
    """A camera on a thing of a given size in mm that fills a share of the picture's short side.

    Its tilt lies between the two limits in degrees.
    """
    tilt, azimuth = np.radians(rng.uniform(min_tilt, max_tilt)), rng.uniform(0, 2 * np.pi)
    share = rng.uniform(*share_range)
    distance = focal(camera) * size / (share * min(camera.width, camera.height))
    aim = np.add(goal, (*rng.normal(0, 0.05 * distance, 2), 0))
    eye = aim + distance * upwards(tilt, azimuth)
    # Oblique pictures are held upright more or less; from above any roll is usual.
    upright = np.degrees(azimuth) + 90 + rng.normal(0, 10)
    roll = rng.uniform(0, 360) if tilt < np.radians(20) else upright
    return _moved(camera, eye, aim, roll)


def upwards(tilt: float, azimuth: float) -> npt.NDArray[np.float64]:
    """Unit vector so far from straight up, towards an azimuth, both in radians."""
    return np.array([np.sin(tilt) * np.cos(azimuth), np.sin(tilt) * np.sin(azimuth), np.cos(tilt)])


def _moved(camera: Camera, eye: Iterable[float], aim: Iterable[float], roll: float) -> Camera:
    lens = (camera.fov, camera.width, camera.height, camera.distortion)
    return Camera.looking(eye, aim, roll, *lens)
