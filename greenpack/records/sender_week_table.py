"""Senders' parcels by week: what the ranking of senders reads, one row where days have ten."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index

from greenpack.records.columns import Row, column


def _part(comment: str) -> Any:
    return column(comment, primary_key=True, sa_column_kwargs={"autoincrement": False})


class WeeklySenderCount(Row, table=True):
    """Parcels by week, hub and sender; kept and checked like the counts by day."""

    __tablename__: ClassVar[str] = "weekly_sender_count"
    __table_args__ = (
        # For whoever sees some hubs: a server reads what it adds up in the index itself.
        Index(
            "ix_weekly_sender_count_hub",
            *("profile_id", "hub_id", "week"),
            postgresql_include=[
                *("sender_id", "parcels", "rated_parcels", "violations", "dismissals"),
                *("sized_parcels", "air_cm3_low", "air_cm3_high"),
            ],
        ),
        {"sqlite_with_rowid": False},
    )

    profile_id: str = _part("profile judged under")
    week: date = _part("Monday of the week in the profile's time zone")
    hub_id: int = _part("hub; 0 where unknown")
    sender_id: int = _part("sender; 0 where unknown, -1 where there is no waybill")
    parcels: int = column("how many parcels")
    rated_parcels: int = column("how many of them are violation, undetermined or compliant")
    violations: int = column("how many are a violation that nobody dismissed")
    dismissals: int = column("how many were a violation until people dismissed it")
    sized_parcels: int = column("how many have a known amount of air")
    air_cm3_low: int = column("least air in those, cm3", sa_type=BigInteger)
    air_cm3_high: int = column("most air in those, cm3", sa_type=BigInteger)


class WeeklySenderTotal(Row, table=True):
    """Parcels by week and sender, of all hubs together: for whoever sees everything.

    A sender's parcels go through many hubs, so that this is a fraction of the rows.
    """

    __tablename__: ClassVar[str] = "weekly_sender_total"
    __table_args__ = ({"sqlite_with_rowid": False},)

    profile_id: str = _part("profile judged under")
    week: date = _part("Monday of the week in the profile's time zone")
    sender_id: int = _part("sender; 0 where unknown, -1 where there is no waybill")
    parcels: int = column("how many parcels")
    rated_parcels: int = column("how many of them are violation, undetermined or compliant")
    violations: int = column("how many are a violation that nobody dismissed")
    dismissals: int = column("how many were a violation until people dismissed it")
    sized_parcels: int = column("how many have a known amount of air")
    air_cm3_low: int = column("least air in those, cm3", sa_type=BigInteger)
    air_cm3_high: int = column("most air in those, cm3", sa_type=BigInteger)
