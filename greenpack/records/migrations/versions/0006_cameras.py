"""Cameras: calibrations and verifications, which the database keeps from being changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PROTECTED = ("camera_calibration", "camera_verification")


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    op.create_table(
        "camera_calibration",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column("camera_id", sa.Integer(), nullable=False, comment="camera calibrated"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was calibrated, UTC",
        ),
        sa.Column(
            "photos",
            sa.Integer(),
            nullable=False,
            comment="how many photos of the board it rests on, > 0",
        ),
        sa.Column(
            "rms_px",
            sa.Float(),
            nullable=False,
            comment="re-projection error over all corners, rms, pixels",
        ),
        sa.Column(
            "focal_error",
            sa.Float(),
            nullable=False,
            comment="95 % half width of the focal length, relative to it",
        ),
        sa.Column(
            "board",
            sa.String(),
            nullable=False,
            comment="JSON: the board, {columns, rows, square_mm, first_id}",
        ),
        sa.Column(
            "model",
            sa.String(),
            nullable=False,
            comment="JSON: width, height, focal, centre, distortion (OpenCV), belt {rotation, "
            "translation, error} or null",
        ),
        sa.Column(
            "grounds",
            sa.String(),
            nullable=False,
            comment="JSON: coverage, turn_degrees, and the photos used, rejected and of the belt "
            "by SHA-256",
        ),
        sa.CheckConstraint("photos > 0", name=op.f("ck_camera_calibration_photos")),
        sa.CheckConstraint("rms_px >= 0", name=op.f("ck_camera_calibration_rms_px")),
        sa.CheckConstraint("focal_error >= 0", name=op.f("ck_camera_calibration_focal_error")),
        sa.ForeignKeyConstraint(
            ["camera_id"], ["camera.id"], name=op.f("fk_camera_calibration_camera_id_camera")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera_calibration")),
    )
    op.create_index(
        "ix_camera_calibration_camera_id", "camera_calibration", ["camera_id"], unique=False
    )
    op.create_table(
        "camera_verification",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column("camera_id", sa.Integer(), nullable=False, comment="camera verified"),
        sa.Column(
            "calibration_id",
            sa.Integer(),
            nullable=False,
            comment="calibration it was measured with",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was verified, UTC",
        ),
        sa.Column(
            "model_sha256",
            sa.String(),
            nullable=False,
            comment="SHA-256 of the model's weights that measured",
        ),
        sa.Column(
            "parcels",
            sa.Integer(),
            nullable=False,
            comment="how many parcels were compared, > 0",
        ),
        sa.Column(
            "bias_mm",
            sa.Float(),
            nullable=True,
            comment="mean of measured minus tape over all sizes, mm; NULL for one parcel",
        ),
        sa.Column(
            "bias_low_mm",
            sa.Float(),
            nullable=True,
            comment="lower end of its 95 % interval, mm",
        ),
        sa.Column(
            "bias_high_mm",
            sa.Float(),
            nullable=True,
            comment="upper end of its 95 % interval, mm",
        ),
        sa.Column(
            "sd_mm",
            sa.Float(),
            nullable=True,
            comment="standard deviation of a single size's error, mm; NULL for one size",
        ),
        sa.Column(
            "pairs",
            sa.String(),
            nullable=False,
            comment="JSON: each photo's sizes, [{photo, parcel, measured, taped}, ...], mm",
        ),
        sa.Column(
            "failed",
            sa.String(),
            nullable=False,
            comment="JSON: photos without sizes, [{photo, reason}, ...]",
        ),
        sa.CheckConstraint("parcels > 0", name=op.f("ck_camera_verification_parcels")),
        sa.CheckConstraint(
            "(bias_low_mm IS NULL) = (bias_mm IS NULL)",
            name=op.f("ck_camera_verification_bias_low"),
        ),
        sa.CheckConstraint(
            "(bias_high_mm IS NULL) = (bias_mm IS NULL)",
            name=op.f("ck_camera_verification_bias_high"),
        ),
        sa.CheckConstraint(
            "length(model_sha256) = 64", name=op.f("ck_camera_verification_model_sha256_length")
        ),
        sa.ForeignKeyConstraint(
            ["camera_id"], ["camera.id"], name=op.f("fk_camera_verification_camera_id_camera")
        ),
        sa.ForeignKeyConstraint(
            ["calibration_id"],
            ["camera_calibration.id"],
            name=op.f("fk_camera_verification_calibration_id_camera_calibration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera_verification")),
    )
    op.create_index(
        "ix_camera_verification_camera_id", "camera_verification", ["camera_id"], unique=False
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in PROTECTED:
        for act in ("UPDATE", "DELETE") if sqlite else ("UPDATE", "DELETE", "TRUNCATE"):
            what = f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            op.execute(
                f"{what} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                if sqlite
                else f"{what} FOR EACH STATEMENT EXECUTE FUNCTION greenpack_append_only()"
            )
