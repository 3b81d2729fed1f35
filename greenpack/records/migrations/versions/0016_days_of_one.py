"""The indexes by which the days of one sender and of one hub are read, among millions."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_judged_parcel_sender_day": ("profile_id", "sender_id", "day", "id"),
    "ix_judged_parcel_hub_day": ("profile_id", "hub_id", "day", "id"),
}


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    for name, columns in INDEXES.items():
        op.create_index(name, "judged_parcel", list(columns), unique=False)
