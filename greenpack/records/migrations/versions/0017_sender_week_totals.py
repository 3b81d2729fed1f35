"""Senders' parcels by week, of all hubs together, counted from those by hub."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLE = "weekly_sender_total"
KEYS: dict[str, tuple[Any, str]] = {
    "profile_id": (sa.String(), "profile judged under"),
    "week": (sa.Date(), "Monday of the week in the profile's time zone"),
    "sender_id": (sa.Integer(), "sender; 0 where unknown, -1 where there is no waybill"),
}
SUMS: dict[str, tuple[Any, str]] = {
    "parcels": (sa.Integer(), "how many parcels"),
    "rated_parcels": (
        sa.Integer(),
        "how many of them are violation, undetermined or compliant",
    ),
    "violations": (sa.Integer(), "how many are a violation that nobody dismissed"),
    "dismissals": (sa.Integer(), "how many were a violation until people dismissed it"),
    "sized_parcels": (sa.Integer(), "how many have a known amount of air"),
    "air_cm3_low": (sa.BigInteger(), "least air in those, cm3"),
    "air_cm3_high": (sa.BigInteger(), "most air in those, cm3"),
}


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    op.create_table(
        TABLE,
        *(
            sa.Column(name, kind, autoincrement=False, nullable=False, comment=comment)
            for name, (kind, comment) in KEYS.items()
        ),
        *(
            sa.Column(name, kind, nullable=False, comment=comment)
            for name, (kind, comment) in SUMS.items()
        ),
        sa.PrimaryKeyConstraint(*KEYS, name=op.f(f"pk_{TABLE}")),
        sqlite_with_rowid=False,
    )
    keys, sums = ", ".join(KEYS), ", ".join(f"SUM({name})" for name in SUMS)
    op.execute(
        f"INSERT INTO {TABLE} ({', '.join((*KEYS, *SUMS))}) "
        f"SELECT {keys}, {sums} FROM weekly_sender_count GROUP BY {keys}"
    )
