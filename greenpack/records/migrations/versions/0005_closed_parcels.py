"""What a photo of a closed parcel gives: sizes, the cuboid, and where millimetres come from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from greenpack.records.migrations.vocabulary import widen

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BEFORE = (
    "area_ratio",
    "filler_ratio",
    "void_ratio",
    "box_fit_linear",
    "box_fit_diagonal",
    "box_fit_volume",
    "layers",
    "tape_width_mm",
    "tape_length_ratio",
    "weight_ratio",
)
AFTER = (*BEFORE, "length_mm", "width_mm", "height_mm")


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    for table in ("quantity", "finding"):
        widen(table, "quantity", BEFORE, AFTER)
    op.add_column(
        "measurement",
        sa.Column(
            "cuboid",
            sa.String(),
            nullable=True,
            comment="JSON: eight corners of a closed parcel [[x, y], ...], bottom then top, "
            "upright pixels; NULL if none",
        ),
    )
    op.add_column(
        "measurement",
        sa.Column(
            "scale",
            sa.String(),
            nullable=True,
            comment="source of the millimetres: calibrated_camera, marker or waybill_label; "
            "NULL if none",
        ),
    )
