"""Which of the formats that a label may have it has, judged on the parcel's face that it lies on.

A label by itself tells its proportions badly: it is small, and a few pixels of a corner turn its
plane by ten degrees. The parcel is larger, and its edges say how its face lies. So the parcel is
fitted once with the label's say on its shape taken away, up to scale; then the label is measured on
the face in millimetres to scale, and every format of about those proportions is one that it may
have. What differs between formats then is the scale alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot, log

import numpy as np

from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.edge_tracking import Seen
from greenpack.measure.closed.hypotheses import Known
from greenpack.measure.closed.ideal_picture import to_ideal
from greenpack.measure.closed.pattern_place import placed
from greenpack.measure.closed.scale import PlanarPattern
from greenpack.measure.interval import IN_95

_LOOSE = 6.0
"""By how much the label's corners are taken for less sure while the parcel's shape is fitted."""
_POSE = 0.008
"""Standard deviation of proportions on a face from the face's own error, relative. With the label's
own error, proportions came out within 1.1 % (root mean square) on rendered calibration scenes."""
_MOST_OFF = 11.8
"""Chi-square of proportions and right angle together, two degrees of freedom, beyond which a label
has not a format: the true one is lost once in 370 times."""
_APART = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A parcel by a label of one format.

    Attributes:
        seen: the fit, in millimetres by that format; its score tells how well the format fits.
        patterns: the labels with that format's sizes.
        scale: millimetres by it over those of the fit without it.
    """

    seen: Seen
    patterns: list[PlanarPattern]
    scale: float


def loosened(alternatives: Sequence[Sequence[PlanarPattern]]) -> list[PlanarPattern]:
    """The labels with next to no say on the parcel's shape: all that they give is about a scale.

    Args:
        alternatives: formats that the same labels may have, each as one pattern for each label.
    """
    loose = []
    for label, pattern in enumerate(alternatives[0]):
        aspects = [log(each[label].size[0] / each[label].size[1]) for each in alternatives]
        # Between all of them: none of them pulls.
        middle = (min(aspects) + max(aspects)) / 2
        half = 0.5 * log(pattern.size[0] * pattern.size[1])
        size = (float(np.exp(half + middle / 2)), float(np.exp(half - middle / 2)))
        loose.append(replace(pattern, size=size, corner_error=_LOOSE * pattern.corner_error))
    return loose


def choices(
    seen: Seen, alternatives: Sequence[Sequence[PlanarPattern]], known: Known, camera: CameraModel
) -> list[Choice]:
    """The formats that fit on the face of a parcel that was fitted to ``loosened`` labels.

    Args:
        seen: the parcel, to scale.
        alternatives: as for ``loosened``.
        known: what was known for the fit.
        camera: for its lens distortion.
    """
    found = []
    for patterns in alternatives:
        logs, off = [], 0.0
        for pattern in patterns:
            found_at = _sides(seen, pattern, known, camera)
            if found_at is None:
                break
            width, height, skew = found_at
            apart = log(pattern.size[0] / width), log(pattern.size[1] / height)
            error = hypot(pattern.aspect_error, _POSE, 2**0.5 * pattern.size_error / IN_95)
            off += ((apart[0] - apart[1]) / error) ** 2
            off += (skew / hypot(pattern.aspect_error, _POSE)) ** 2
            logs.append((apart[0] + apart[1]) / 2)
        if len(logs) < len(patterns) or off > len(patterns) * _MOST_OFF:
            continue
        if np.ptp(logs) > _APART * max(0.02, 2 * patterns[0].size_error):
            continue  # labels of which one makes the parcel larger than another
        scale = float(np.exp(np.mean(logs)))
        found.append(Choice(_scaled(seen, scale, off), list(patterns), scale))
    return found


def _sides(
    seen: Seen, pattern: PlanarPattern, known: Known, camera: CameraModel
) -> tuple[float, float, float] | None:
    """Width and height of a label on its face, in the units of the fit, and the cosine between."""
    corners = to_ideal(camera, pattern.corners)
    place = placed(pattern, corners, seen.fit.pose, seen.up, known.centre)
    points = None if place is None else place.on_plane(seen.fit.pose)
    if points is None:
        return None
    along = np.roll(points, -1, axis=0) - points
    lengths = np.linalg.norm(along, axis=1)
    across, down = along[0] - along[2], along[1] - along[3]
    skew = float(across @ down / (np.linalg.norm(across) * np.linalg.norm(down)))
    return float(lengths[0] + lengths[2]) / 2, float(lengths[1] + lengths[3]) / 2, skew


def _scaled(seen: Seen, scale: float, off: float) -> Seen:
    """The fit in other units, the label's corners as sure as they are, and a worse score by what
    its proportions are off."""
    fit = seen.fit
    gains = fit.gains.copy()
    gains[:, np.array(fit.groups) == "pattern corners"] /= _LOOSE
    pose = replace(fit.pose, sizes=fit.pose.sizes * scale, centre=fit.pose.centre * scale)
    fit = replace(fit, pose=pose, gains=gains, covariance=gains @ gains.T)
    return replace(seen, fit=fit, score=seen.score + off)
