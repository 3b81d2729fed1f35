"""The tables of a camera's calibrations and of its proofs against the tape."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint

from greenpack.records.columns import Row, UtcDateTime, column, key, sha256_of


class CameraCalibration(Row, table=True):
    """One calibration of a camera. Never changed or removed; a later one takes its place."""

    __tablename__: ClassVar[str] = "camera_calibration"
    __table_args__ = (
        CheckConstraint("photos > 0", name="photos"),
        CheckConstraint("rms_px >= 0", name="rms_px"),
        CheckConstraint("focal_error >= 0", name="focal_error"),
    )

    id: int | None = key()
    camera_id: int = column("camera calibrated", foreign_key="camera.id", index=True)
    created_at: datetime = column("when it was calibrated, UTC", sa_type=UtcDateTime)
    photos: int = column("how many photos of the board it rests on, > 0")
    rms_px: float = column("re-projection error over all corners, rms, pixels")
    focal_error: float = column("95 % half width of the focal length, relative to it")
    board: str = column("JSON: the board, {columns, rows, square_mm, first_id}")
    model: str = column(
        "JSON: width, height, focal, centre, distortion (OpenCV), belt {rotation, translation, "
        "error} or null"
    )
    grounds: str = column(
        "JSON: coverage, turn_degrees, and the photos used, rejected and of the belt by SHA-256"
    )


class CameraVerification(Row, table=True):
    """A camera's sizes of known parcels against the tape's. Never changed or removed."""

    __tablename__: ClassVar[str] = "camera_verification"
    __table_args__ = (
        CheckConstraint("parcels > 0", name="parcels"),
        CheckConstraint("(bias_low_mm IS NULL) = (bias_mm IS NULL)", name="bias_low"),
        CheckConstraint("(bias_high_mm IS NULL) = (bias_mm IS NULL)", name="bias_high"),
        sha256_of("model_sha256"),
    )

    id: int | None = key()
    camera_id: int = column("camera verified", foreign_key="camera.id", index=True)
    calibration_id: int = column(
        "calibration it was measured with", foreign_key="camera_calibration.id"
    )
    created_at: datetime = column("when it was verified, UTC", sa_type=UtcDateTime)
    model_sha256: str = column("SHA-256 of the model's weights that measured")
    parcels: int = column("how many parcels were compared, > 0")
    bias_mm: float | None = column(
        "mean of measured minus tape over all sizes, mm; NULL for one parcel", default=None
    )
    bias_low_mm: float | None = column("lower end of its 95 % interval, mm", default=None)
    bias_high_mm: float | None = column("upper end of its 95 % interval, mm", default=None)
    sd_mm: float | None = column(
        "standard deviation of a single size's error, mm; NULL for one size", default=None
    )
    pairs: str = column("JSON: each photo's sizes, [{photo, parcel, measured, taped}, ...], mm")
    failed: str = column("JSON: photos without sizes, [{photo, reason}, ...]")
