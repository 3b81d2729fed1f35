"""The indexes by which the list of findings is read a page at a time, over millions."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_judged_parcel_finding": ("finding_id",),
    "ix_judged_parcel_platform": ("profile_id", "platform_id", "id"),
    "ix_judged_parcel_goods": ("profile_id", "goods_class", "id"),
    "ix_judged_parcel_low": ("profile_id", "low", "id"),
}


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    for name, columns in INDEXES.items():
        op.create_index(name, "judged_parcel", list(columns), unique=False)
