"""Photos."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column(
            "sha256",
            sa.String(),
            nullable=False,
            comment="SHA-256 of the bytes as received, hexadecimal: what the photo is known by",
        ),
        sa.Column(
            "source_name", sa.String(), nullable=False, comment="file name it was first seen under"
        ),
        sa.Column(
            "size_bytes", sa.BigInteger(), nullable=False, comment="size of the bytes as received"
        ),
        sa.Column(
            "media_type",
            sa.String(),
            nullable=True,
            comment="for example image/jpeg; NULL where the bytes are no image",
        ),
        sa.Column(
            "width",
            sa.Integer(),
            nullable=True,
            comment="width of the upright photo in pixels; NULL where refused",
        ),
        sa.Column(
            "height",
            sa.Integer(),
            nullable=True,
            comment="height of the upright photo in pixels; NULL where refused",
        ),
        sa.Column(
            "taken_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the camera says it was taken, UTC; NULL where unknown",
        ),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it first reached GreenPack, UTC",
        ),
        sa.Column(
            "hub_id", sa.Integer(), nullable=True, comment="hub it was taken at; NULL where unknown"
        ),
        sa.Column(
            "camera_id",
            sa.Integer(),
            nullable=True,
            comment="camera that sent it; NULL where none did",
        ),
        sa.Column(
            "refused_reason",
            sa.String(),
            nullable=True,
            comment="reason code where the bytes are no usable image, else NULL",
        ),
        sa.Column(
            "waybill_id", sa.Integer(), nullable=True, comment="parcel it shows; NULL where unknown"
        ),
        sa.Column(
            "attribution_source",
            sa.String(),
            nullable=True,
            comment="source of the waybill number: barcode, sidecar or file_name; NULL if unknown",
        ),
        sa.Column(
            "attribution_note",
            sa.String(),
            nullable=True,
            comment="more on the attribution, for example the barcode's format",
        ),
        sa.CheckConstraint(
            "attribution_source IN ('barcode', 'sidecar', 'file_name')",
            name=op.f("ck_photo_attribution_source_word"),
        ),
        sa.CheckConstraint(
            "(waybill_id IS NULL) = (attribution_source IS NULL)", name=op.f("ck_photo_attribution")
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_photo_sha256_length")),
        sa.CheckConstraint(
            "refused_reason IS NOT NULL OR (width > 0 AND width IS NOT NULL AND height > 0 "
            "AND height IS NOT NULL AND media_type IS NOT NULL)",
            name=op.f("ck_photo_usable"),
        ),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_photo_size_bytes")),
        sa.ForeignKeyConstraint(
            ["camera_id"], ["camera.id"], name=op.f("fk_photo_camera_id_camera")
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_photo_hub_id_hub")),
        sa.ForeignKeyConstraint(
            ["waybill_id"], ["waybill.id"], name=op.f("fk_photo_waybill_id_waybill")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("sha256", name=op.f("uq_photo_sha256")),
    )
    op.create_index("ix_photo_hub_id", "photo", ["hub_id"], unique=False)
    op.create_index("ix_photo_received_at", "photo", ["received_at"], unique=False)
    op.create_index("ix_photo_refused_reason", "photo", ["refused_reason"], unique=False)
    op.create_index("ix_photo_waybill_id", "photo", ["waybill_id"], unique=False)
