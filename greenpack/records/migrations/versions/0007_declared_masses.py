"""What contents are judged by: board and masses, soft goods, the void by inner and outer volume."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from greenpack.records.migrations.vocabulary import widen

revision = "0007"
down_revision = "0006"
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
    "length_mm",
    "width_mm",
    "height_mm",
)
AFTER = (*BEFORE, "void_ratio_inner", "void_ratio_outer")


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    for table in ("quantity", "finding"):
        widen(table, "quantity", BEFORE, AFTER)
    for name, comment in (
        ("board_mm", "declared thickness of the parcel's board in mm, > 0; NULL until declared"),
        ("product_mass_g", "declared mass of all its goods in g, > 0; NULL until declared"),
        ("packaging_mass_g", "declared mass of all its packaging in g, > 0; NULL until declared"),
    ):
        op.add_column("waybill", sa.Column(name, sa.Float(), nullable=True, comment=comment))
    op.add_column(
        "declared_item",
        sa.Column(
            "soft",
            sa.Boolean(),
            nullable=True,
            comment="whether a piece gives way when it is pressed; NULL where not declared",
        ),
    )
