"""The air by day and hub, and the indexes by which cases and some hubs' senders are read."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLE = "daily_hub_count"
KEYS: dict[str, tuple[Any, str]] = {
    "profile_id": (sa.String(), "profile judged under"),
    "day": (sa.Date(), "day in the profile's time zone"),
    "hub_id": (sa.Integer(), "hub; 0 where unknown"),
    "verdict": (sa.String(), "verdict on the parcels"),
    "dismissed": (sa.Boolean(), "whether people dismissed their violations"),
}
SUMS: dict[str, tuple[Any, str]] = {
    "parcels": (sa.Integer(), "how many parcels"),
    "sized_parcels": (sa.Integer(), "how many of them have a known amount of air"),
    "air_cm3_low": (sa.BigInteger(), "least air in those, cm3"),
    "air_cm3_high": (sa.BigInteger(), "most air in those, cm3"),
}
TO_ANSWER = "standing IS NOT NULL AND superseded_by IS NULL AND verdict = 'violation'"


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    op.drop_table(TABLE)
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
    fill()
    op.create_index(
        "ix_weekly_sender_count_hub",
        "weekly_sender_count",
        ["profile_id", "hub_id", "week"],
        postgresql_include=[
            *("sender_id", "parcels", "rated_parcels", "violations", "dismissals"),
            *("sized_parcels", "air_cm3_low", "air_cm3_high"),
        ],
    )
    op.create_index(
        "ix_finding_to_answer",
        "finding",
        ["profile_id", "standing", "waybill_id", "measurement_id", "id"],
        sqlite_where=sa.text(TO_ANSWER),
        postgresql_where=sa.text(TO_ANSWER),
    )


def fill() -> None:
    """Count by hub what is counted by sender already."""
    keys, sums = ", ".join(KEYS), ", ".join(f"SUM({name})" for name in SUMS)
    op.execute(
        f"INSERT INTO {TABLE} ({', '.join((*KEYS, *SUMS))}) "
        f"SELECT {keys}, {sums} FROM daily_sender_count GROUP BY {keys}"
    )
