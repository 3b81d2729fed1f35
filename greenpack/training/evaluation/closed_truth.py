"""What is true of a rendered closed box, and what a hub would know of its camera, label, marker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from greenpack.measure.closed.camera_model import BeltPlane, CameraModel
from greenpack.measure.closed.label_formats import carrier_of, formats_for
from greenpack.measure.closed.scale import PlanarPattern, ScaleSource
from greenpack.measure.interval import IN_95
from greenpack.training.pictures.hub_truth import opencv_camera
from greenpack.training.scene import Camera

Size = tuple[float, float, float]

HEIGHT_ERROR_MM = 3.0
"""95 % half width of the camera's height over the belt, as `greenpack camera calibrate` states it
for a camera a metre up."""
FOCAL_ERROR = 0.003
"""95 % half width of the focal length, relative, as the same command states it."""
_LEAST_ANGLE = 5.0  # degrees at which a face is in view


@dataclass(frozen=True, slots=True)
class KnownErrors:
    """What is wrong with what is known, each drawn within its stated 95 % half width.

    Attributes:
        height: of the camera over the belt, mm.
        focal: of the focal length, relative.
        told_focal: of the focal length that a photo tells, relative to its stated half width.
        label: of the label's printed size, relative to its stated half width.
        marker: of the markers' printed size, relative to its stated half width.
    """

    height: float = 0.0
    focal: float = 0.0
    told_focal: float = 0.0
    label: float = 0.0
    marker: float = 0.0

    @classmethod
    def drawn(cls, seed: int) -> KnownErrors:
        """Normal errors, the same for the same picture."""
        drawn = np.random.default_rng([seed, 41]).normal(0, 1 / IN_95, 5)
        height, focal, told, label, marker = (float(each) for each in drawn)
        return cls(height * HEIGHT_ERROR_MM, focal * FOCAL_ERROR, told, label, marker)


def true_size(scene: Mapping[str, Any]) -> Size | None:
    """The outer size of the one closed box in a scene; None for any other scene.

    Length >= width, in mm, each between opposite edges: what bulges beyond them is left out.

    Args:
        scene: as kept in a picture's truth.
    """
    box = _alone(scene)
    if box is None or box["bag"] or box["style"] not in ("box", "plain") or box["raised"] != 0:
        return None
    length, width, height = (box[side] + 2 * box["wall"] for side in ("length", "width", "depth"))
    return (max(length, width), min(length, width), height)


def is_bag(scene: Mapping[str, Any]) -> bool:
    """Whether a scene shows one bag, mailer or envelope and nothing else."""
    parcel = _alone(scene)
    return parcel is not None and bool(parcel["bag"])


def _alone(scene: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The one closed parcel that stands on the ground by itself, or None."""
    if len(scene["cartons"]) != 1:
        return None
    parcel: Mapping[str, Any] = scene["cartons"][0]
    return None if parcel["opened"] or parcel["tilt"] != 0 or parcel["z"] != 0 else parcel


def faces_in_view(scene: Mapping[str, Any]) -> int:
    """How many faces of the one box the camera sees at five degrees or more, 1 to 3."""
    box, camera = scene["cartons"][0], scene["camera"]
    size = np.array([box[side] + 2 * box["wall"] for side in ("length", "width", "depth")])
    turn = np.radians(box["yaw"])
    frame = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    flat = frame @ np.array([camera["x"] - box["x"], camera["y"] - box["y"]])
    eye = np.array([*flat, camera["z"] - size[2] / 2])
    seen = 0
    for axis in range(3):
        beyond = abs(eye[axis]) - size[axis] / 2
        middle = eye.copy()
        middle[axis] = beyond
        seen += int(beyond > np.sin(np.radians(_LEAST_ANGLE)) * float(np.linalg.norm(middle)))
    return seen


def true_camera(scene: Mapping[str, Any], errors: KnownErrors | None = None) -> CameraModel:
    """The scene's camera as a calibrated one over the ground, z = 0, with errors of calibration."""
    errors = errors or KnownErrors()
    camera = Camera(**scene["camera"])
    true = opencv_camera(camera)
    rotation = np.array(true["rotation"])
    # A camera that is taken to stand higher than it does: the belt lies deeper along its normal.
    translation = np.array(true["translation"]) - rotation[:, 2] * errors.height
    focal = true["matrix"][0][0] * (1 + errors.focal)
    belt = BeltPlane(
        rotation=tuple(tuple(float(v) for v in row) for row in rotation),  # type: ignore[arg-type]
        translation=tuple(float(v) for v in translation),  # type: ignore[arg-type]
        error=HEIGHT_ERROR_MM,
    )
    return CameraModel(
        width=camera.width,
        height=camera.height,
        focal=(focal, focal),
        centre=(true["matrix"][0][2], true["matrix"][1][2]),
        distortion=tuple(true["distortion"]),
        focal_error=FOCAL_ERROR,
        belt=belt,
        source="the scene's own",
    )


def listed(label: Mapping[str, Any]) -> bool:
    """Whether a label's true format is one that its number's carrier is known to use."""
    size = tuple(sorted((label["width_mm"], label["height_mm"])))
    return any(form.size == size for form in formats_for(carrier_of(label["number"])))


def misprinted(pattern: PlanarPattern, errors: KnownErrors) -> PlanarPattern:
    """A pattern with its size off as if the paper's or the print's were: the drawn one is exact."""
    off = errors.marker if pattern.source is ScaleSource.MARKER else errors.label
    by = 1 + off * pattern.size_error
    return replace(pattern, size=(pattern.size[0] * by, pattern.size[1] * by))
