"""Which cameras the measurements in the records come from, told by the settings they name."""

from __future__ import annotations

from collections.abc import Sequence

from greenpack.cameras.status import CameraStatus
from greenpack.examination import measure_settings
from greenpack.records.cameras import KnownCamera
from greenpack.settings import Settings
from greenpack.vision.weights import Weights


def statuses_by_settings(
    cameras: Sequence[KnownCamera], settings: Settings, weights: Weights
) -> dict[str, CameraStatus | None]:
    """Of the settings that photos may have been measured with: whose they are, and their worth.

    Returns:
        By the SHA-256 of the settings: the calibrated camera's status, or None for photos that no
        calibrated camera took. Those that may accuse come first, those without a camera last.

    Raises:
        GreenPackError: ``weights_unsuitable``.
    """
    calibrated = sorted(
        (camera for camera in cameras if camera.model is not None),
        key=lambda camera: not camera.status.may_accuse,
    )
    found: dict[str, CameraStatus | None] = {
        measure_settings(settings, weights, camera.model).sha256(): camera.status
        for camera in calibrated
    }
    found.setdefault(measure_settings(settings, weights).sha256(), None)
    return found
