"""Senders' parcels by week, counted from those by day."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLE = "weekly_sender_count"
KEYS: dict[str, tuple[Any, str]] = {
    "profile_id": (sa.String(), "profile judged under"),
    "week": (sa.Date(), "Monday of the week in the profile's time zone"),
    "hub_id": (sa.Integer(), "hub; 0 where unknown"),
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
MONDAY = {
    "sqlite": "date(day, 'weekday 0', '-6 days')",
    "postgresql": "CAST(date_trunc('week', CAST(day AS timestamp)) AS DATE)",
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
    monday = MONDAY[op.get_bind().dialect.name]
    op.execute(
        f"""
        INSERT INTO {TABLE} ({", ".join((*KEYS, *SUMS))})
        SELECT profile_id, {monday}, hub_id, sender_id, SUM(parcels),
            SUM(CASE WHEN verdict IN ('violation', 'undetermined', 'compliant')
                THEN parcels ELSE 0 END),
            SUM(CASE WHEN verdict = 'violation' AND NOT dismissed THEN parcels ELSE 0 END),
            SUM(CASE WHEN verdict = 'violation' AND dismissed THEN parcels ELSE 0 END),
            SUM(sized_parcels), SUM(air_cm3_low), SUM(air_cm3_high)
        FROM daily_sender_count
        GROUP BY profile_id, {monday}, hub_id, sender_id
        """
    )
