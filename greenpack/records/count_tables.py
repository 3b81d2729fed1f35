"""Tables that are counted from the findings, so that a page answers at once over millions.

They hold nothing that cannot be counted anew (``greenpack recount`` does), are no evidence and
hang on no ledger entry. ``greenpack.records.counting`` keeps them in the transaction that changes
what they count; ``greenpack verify`` holds them against the findings.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint

from greenpack.records.columns import Row, UtcDateTime, column, key, one_of
from greenpack.rules.verdict import Verdict

# What stands in a count's key where a hub, platform or sender is not known.
UNKNOWN = 0
# What stands for the sender of a parcel without a waybill.
NO_WAYBILL = -1
# What stands for the class of goods where the declared goods are of several.
MIXED_GOODS = "mixed"
# And where nothing, or not everything, was declared.
UNKNOWN_GOODS = ""


class CountedProfile(Row, table=True):
    """A profile that parcels were judged under, and the time zone in which its days are counted."""

    __tablename__: ClassVar[str] = "counted_profile"

    profile_id: str = column("profile, for example cn-gb45186-2024", primary_key=True)
    timezone: str = column("IANA name of the time zone that its days are days of")


class JudgedParcel(Row, table=True):
    """A parcel as its current findings under one profile have it, in one row."""

    __tablename__: ClassVar[str] = "judged_parcel"
    __table_args__ = (
        UniqueConstraint("waybill_id", "profile_id"),
        UniqueConstraint("photo_id", "profile_id"),
        CheckConstraint("(waybill_id IS NULL) <> (photo_id IS NULL)", name="parcel"),
        CheckConstraint("(low IS NULL) = (high IS NULL)", name="bounds"),
        one_of("verdict", Verdict),
        Index("ix_judged_parcel_verdict", "profile_id", "verdict", "id"),
        Index("ix_judged_parcel_sender", "profile_id", "sender_id", "id"),
        Index("ix_judged_parcel_hub", "profile_id", "hub_id", "id"),
        Index("ix_judged_parcel_day", "profile_id", "day", "id"),
        Index("ix_judged_parcel_received", "profile_id", "received_at", "id"),
        Index("ix_judged_parcel_finding", "finding_id"),
        Index("ix_judged_parcel_platform", "profile_id", "platform_id", "id"),
        Index("ix_judged_parcel_goods", "profile_id", "goods_class", "id"),
        Index("ix_judged_parcel_low", "profile_id", "low", "id"),
        Index("ix_judged_parcel_sender_day", "profile_id", "sender_id", "day", "id"),
        Index("ix_judged_parcel_hub_day", "profile_id", "hub_id", "day", "id"),
    )

    id: int | None = key()
    profile_id: str = column("profile judged under")
    waybill_id: int | None = column(
        "the parcel's waybill; NULL where the photo belongs to none",
        default=None,
        foreign_key="waybill.id",
    )
    photo_id: int | None = column(
        "the photo that stands for the parcel; NULL where it has a waybill",
        default=None,
        foreign_key="photo.id",
    )
    verdict: str = column("verdict on the parcel from all rules of the profile")
    dismissed: bool = column("whether people dismissed every violation found on it")
    received_at: datetime = column(
        "when the newest photo judged reached GreenPack, UTC", sa_type=UtcDateTime
    )
    day: date = column("the day of that in the profile's time zone")
    hub_id: int | None = column(
        "hub it went through; NULL where unknown", default=None, foreign_key="hub.id"
    )
    sender_id: int | None = column(
        "who sent it; NULL where unknown", default=None, foreign_key="sender.id"
    )
    platform_id: int | None = column(
        "platform it was sold on; NULL where unknown", default=None, foreign_key="platform.id"
    )
    goods_class: str = column("class of its goods; mixed where several, empty where unknown")
    finding_id: int = column(
        "the current finding that the verdict rests on", foreign_key="finding.id"
    )
    low: float | None = column(
        "lower end of the void ratio's 95 % interval; NULL where not judged", default=None
    )
    high: float | None = column("upper end of that interval; NULL where not judged", default=None)
    parcel_cm3_low: int | None = column(
        "smallest outer volume of the parcel in cm3; NULL where its sizes are unknown",
        default=None,
        sa_type=BigInteger,
    )
    parcel_cm3_high: int | None = column(
        "largest outer volume of the parcel in cm3; NULL where unknown",
        default=None,
        sa_type=BigInteger,
    )
    air_cm3_low: int | None = column(
        "least air in it in cm3; NULL where sizes or void ratio are unknown",
        default=None,
        sa_type=BigInteger,
    )
    air_cm3_high: int | None = column(
        "most air in it in cm3; NULL where unknown", default=None, sa_type=BigInteger
    )


def _part(comment: str) -> Any:
    """A column of a count's key; the whole key is the primary one."""
    return column(comment, primary_key=True, sa_column_kwargs={"autoincrement": False})


_CLUSTERED = {"sqlite_with_rowid": False}
_PROFILE = "profile judged under"
_DAY = "day in the profile's time zone"
_HUB = "hub; 0 where unknown"
_PLATFORM = "platform; 0 where unknown"
_GOODS = "class of goods; mixed where several, empty where unknown"
_VERDICT = "verdict on the parcels"
_DISMISSED = "whether people dismissed their violations"
_PARCELS = "how many parcels"
_SIZED = "how many of them have a known amount of air"
_LEAST_AIR = "least air in those, cm3"
_MOST_AIR = "most air in those, cm3"


class DailyParcelCount(Row, table=True):
    """Parcels by day, hub, platform, class of goods and verdict."""

    __tablename__: ClassVar[str] = "daily_parcel_count"
    __table_args__ = (_CLUSTERED,)

    profile_id: str = _part(_PROFILE)
    day: date = _part(_DAY)
    hub_id: int = _part(_HUB)
    platform_id: int = _part(_PLATFORM)
    goods_class: str = _part(_GOODS)
    verdict: str = _part(_VERDICT)
    dismissed: bool = _part(_DISMISSED)
    parcels: int = column(_PARCELS)


class DailyHubCount(Row, table=True):
    """Parcels by day, hub and verdict, with the air in those whose sizes are known."""

    __tablename__: ClassVar[str] = "daily_hub_count"
    __table_args__ = (_CLUSTERED,)

    profile_id: str = _part(_PROFILE)
    day: date = _part(_DAY)
    hub_id: int = _part(_HUB)
    verdict: str = _part(_VERDICT)
    dismissed: bool = _part(_DISMISSED)
    parcels: int = column(_PARCELS)
    sized_parcels: int = column(_SIZED)
    air_cm3_low: int = column(_LEAST_AIR, sa_type=BigInteger)
    air_cm3_high: int = column(_MOST_AIR, sa_type=BigInteger)


class DailyPlatformCount(Row, table=True):
    """Parcels by day, hub, platform and verdict."""

    __tablename__: ClassVar[str] = "daily_platform_count"
    __table_args__ = (_CLUSTERED,)

    profile_id: str = _part(_PROFILE)
    day: date = _part(_DAY)
    hub_id: int = _part(_HUB)
    platform_id: int = _part(_PLATFORM)
    verdict: str = _part(_VERDICT)
    dismissed: bool = _part(_DISMISSED)
    parcels: int = column(_PARCELS)


class DailyGoodsCount(Row, table=True):
    """Parcels by day, hub, class of goods and verdict."""

    __tablename__: ClassVar[str] = "daily_goods_count"
    __table_args__ = (_CLUSTERED,)

    profile_id: str = _part(_PROFILE)
    day: date = _part(_DAY)
    hub_id: int = _part(_HUB)
    goods_class: str = _part(_GOODS)
    verdict: str = _part(_VERDICT)
    dismissed: bool = _part(_DISMISSED)
    parcels: int = column(_PARCELS)


class DailySenderCount(Row, table=True):
    """Parcels by day, hub, sender and verdict, with the air in those whose sizes are known."""

    __tablename__: ClassVar[str] = "daily_sender_count"
    __table_args__ = (
        Index("ix_daily_sender_count_sender", "profile_id", "sender_id", "day"),
        _CLUSTERED,
    )

    profile_id: str = _part(_PROFILE)
    day: date = _part(_DAY)
    hub_id: int = _part(_HUB)
    sender_id: int = _part("sender; 0 where unknown, -1 where there is no waybill")
    verdict: str = _part(_VERDICT)
    dismissed: bool = _part(_DISMISSED)
    parcels: int = column(_PARCELS)
    sized_parcels: int = column(_SIZED)
    air_cm3_low: int = column(_LEAST_AIR, sa_type=BigInteger)
    air_cm3_high: int = column(_MOST_AIR, sa_type=BigInteger)


class UnmeasuredPhoto(Row, table=True):
    """A photo without numbers, by its newest measurement, or without a usable image."""

    __tablename__: ClassVar[str] = "unmeasured_photo"
    __table_args__ = (Index("ix_unmeasured_photo_reason", "refused", "reason", "hub_id"),)

    photo_id: int = column(
        "the photo",
        primary_key=True,
        sa_column_kwargs={"autoincrement": False},
        foreign_key="photo.id",
    )
    reason: str = column("reason code")
    refused: bool = column("whether the bytes are no usable image at all")
    hub_id: int | None = column(
        "hub it was taken at, else its waybill's; NULL where unknown",
        default=None,
        foreign_key="hub.id",
    )
