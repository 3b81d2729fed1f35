"""Whether a camera's sizes may accuse, or only screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from greenpack.cameras.verification import Verification, VerificationLimits


class Standing(StrEnum):
    """What is known of a camera's truth."""

    VERIFIED = "verified"
    NEVER_CALIBRATED = "never_calibrated"
    NEVER_VERIFIED = "never_verified"
    RECALIBRATED = "recalibrated"
    PAST_LIMITS = "past_limits"


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """A camera's standing with what speaks against it.

    Attributes:
        standing: the code, for programs.
        why: in words; empty where it may accuse.
    """

    standing: Standing
    why: str = ""

    @property
    def may_accuse(self) -> bool:
        """Whether sizes of this camera may be part of a violation."""
        return self.standing is Standing.VERIFIED

    @property
    def text(self) -> str:
        """The status in plain words."""
        return "may accuse" if self.may_accuse else f"may only screen: {self.why}"


def camera_status(
    calibration: int | None,
    verified_calibration: int | None,
    verification: Verification | None,
    limits: VerificationLimits,
) -> CameraStatus:
    """The status of a camera.

    Args:
        calibration: number of its newest calibration, or None.
        verified_calibration: number of the calibration that the newest verification was made
            with, or None.
        verification: that verification, or None.
        limits: what it must keep to.
    """
    if calibration is None:
        return CameraStatus(Standing.NEVER_CALIBRATED, "never calibrated")
    if verification is None:
        return CameraStatus(Standing.NEVER_VERIFIED, "never verified")
    if verified_calibration != calibration:
        return CameraStatus(Standing.RECALIBRATED, "verified before its newest calibration")
    shortfalls = verification.shortfalls(limits)
    if shortfalls:
        return CameraStatus(Standing.PAST_LIMITS, "; ".join(shortfalls))
    return CameraStatus(Standing.VERIFIED)
