"""Where the camera stood over the parcel, at worst, over every focal length that it may have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely.geometry.base import BaseGeometry

from greenpack.measure.acceptance import UnmeasurableError, View
from greenpack.measure.opening import Opening
from greenpack.measure.pose import Pose, camera_pose
from greenpack.measure.settings import MeasureSettings
from greenpack.measure.void_bound import FullAtMost, full_at_most, hidden_share


@dataclass(frozen=True, slots=True)
class Stance:
    """The camera's possible poses, from the shortest focal length to the longest.

    Attributes:
        poses: one for each focal length tried.
        kappas: for each pose, the least height above the rim over the carton's depth.
    """

    poses: tuple[Pose, ...]
    kappas: tuple[float, ...]

    @property
    def kappa(self) -> float:
        """The least height above the rim over the carton's depth, over all poses."""
        return min(self.kappas)

    @property
    def hidden(self) -> float:
        """The most of the volume that the walls hide, over all poses; 0 to 1."""
        return max(
            hidden_share(pose.foot, kappa)
            for pose, kappa in zip(self.poses, self.kappas, strict=True)
        )

    def full_at_most(self, blocked: BaseGeometry) -> tuple[FullAtMost, ...]:
        """What may be full behind ``blocked``, for each pose."""
        return tuple(
            full_at_most(blocked, kappa, pose.foot)
            for pose, kappa in zip(self.poses, self.kappas, strict=True)
        )


def camera_stance(opening: Opening, view: View, settings: MeasureSettings) -> Stance:
    """Where the camera stood, for every focal length that it may have.

    Raises:
        UnmeasurableError: ``too_oblique`` where the camera looked in too far from the side.
    """
    if view.focal_ratio is None:
        low, high = settings.focal_range
    else:
        low = view.focal_ratio * (1 - settings.focal_tolerance)
        high = view.focal_ratio * (1 + settings.focal_tolerance)
    longest = max(view.width, view.height)
    centre = (view.width / 2, view.height / 2)
    poses = tuple(
        camera_pose(opening.corners, ratio * longest, centre)
        for ratio in np.geomspace(low, high, 3)
    )
    fixed = settings.camera_height_over_depth
    stance = Stance(
        poses=poses,
        kappas=tuple(
            fixed if fixed is not None else pose.height / settings.depth_over_shorter_side
            for pose in poses
        ),
    )
    middle = poses[len(poses) // 2]
    if middle.tilt > settings.maximum_tilt or stance.hidden > settings.maximum_hidden_share:
        raise UnmeasurableError("too_oblique")
    return stance
