"""The tables of the trade: who sent what through which hub, and what was declared."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text

from greenpack.records.columns import Row, UtcDateTime, column, key, later_column


def _alone(name: str, own: str, parent: str) -> Index:
    """Keeps rows without a parent unique too: to a database two NULLs are never the same."""
    missing = text(f"{parent} IS NULL")
    return Index(name, own, unique=True, sqlite_where=missing, postgresql_where=missing)


class Platform(Row, table=True):
    """An e-commerce platform."""

    __tablename__: ClassVar[str] = "platform"
    __table_args__ = (UniqueConstraint("name"),)

    id: int | None = key()
    name: str = column("the platform's name as its data gives it")


class Sender(Row, table=True):
    """A shop or company that sends parcels. Codes are a platform's own, so unique only there."""

    __tablename__: ClassVar[str] = "sender"
    __table_args__ = (
        UniqueConstraint("platform_id", "code"),
        _alone("uq_sender_code_without_platform", "code", "platform_id"),
    )

    id: int | None = key()
    platform_id: int | None = column(
        "platform whose code it is; NULL where the data names none",
        default=None,
        foreign_key="platform.id",
    )
    code: str = column("the sender's code on its platform; its name where it has no code")
    name: str | None = column("the sender's name as last declared", default=None)


class Province(Row, table=True):
    """A province."""

    __tablename__: ClassVar[str] = "province"
    __table_args__ = (UniqueConstraint("name"),)

    id: int | None = key()
    name: str = column("the province's name")


class Municipality(Row, table=True):
    """A municipality of a province."""

    __tablename__: ClassVar[str] = "municipality"
    __table_args__ = (
        UniqueConstraint("province_id", "name"),
        _alone("uq_municipality_name_without_province", "name", "province_id"),
    )

    id: int | None = key()
    province_id: int | None = column(
        "province it belongs to; NULL where the data names none",
        default=None,
        foreign_key="province.id",
    )
    name: str = column("the municipality's name; empty where only the province is named")


class Hub(Row, table=True):
    """A sorting hub of a municipality."""

    __tablename__: ClassVar[str] = "hub"
    __table_args__ = (
        UniqueConstraint("municipality_id", "name"),
        _alone("uq_hub_name_without_municipality", "name", "municipality_id"),
    )

    id: int | None = key()
    municipality_id: int | None = column(
        "municipality it lies in; NULL where the data names none",
        default=None,
        foreign_key="municipality.id",
    )
    name: str = column("the hub's name; empty where only the municipality is named")
    photos_per_hour: float | None = later_column(
        "photos an hour that it is stated to cope with, > 0; NULL until stated"
    )


class Camera(Row, table=True):
    """A camera at a hub."""

    __tablename__: ClassVar[str] = "camera"
    __table_args__ = (UniqueConstraint("hub_id", "name"),)

    id: int | None = key()
    hub_id: int = column("hub it hangs in", foreign_key="hub.id")
    name: str = column("the camera's name, unique at its hub")
    silent_after_minutes: float | None = later_column(
        "posting nothing for longer than this many minutes it counts as silent, > 0; NULL: as the "
        "settings say"
    )
    last_seen_at: datetime | None = column(
        "when it last posted, UTC, to 10 seconds; NULL until then",
        default=None,
        sa_type=UtcDateTime,
    )


class Waybill(Row, table=True):
    """A parcel, known by its waybill number; the rest comes with the platform's data."""

    __tablename__: ClassVar[str] = "waybill"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint(
            "length_mm > 0 AND width_mm > 0 AND height_mm > 0",
            name="parcel_size",
        ),
    )

    id: int | None = key()
    number: str = column("the waybill number as printed")
    platform_id: int | None = column(
        "platform it was sold on; NULL until declared",
        default=None,
        foreign_key="platform.id",
    )
    sender_id: int | None = column(
        "who sent it; NULL until declared", default=None, foreign_key="sender.id", index=True
    )
    hub_id: int | None = column(
        "hub it went through; NULL until declared",
        default=None,
        foreign_key="hub.id",
        index=True,
    )
    packed_on: date | None = column(
        "day it was packed, which decides the rules in force; NULL until declared", default=None
    )
    packaging: str | None = column(
        "packaging as declared: single_use or reusable; NULL until declared", default=None
    )
    length_mm: float | None = column(
        "declared outer length of the parcel in mm, > 0; NULL until declared", default=None
    )
    width_mm: float | None = column(
        "declared outer width of the parcel in mm, > 0; NULL until declared", default=None
    )
    height_mm: float | None = column(
        "declared outer height of the parcel in mm, > 0; NULL until declared", default=None
    )
    items_complete: bool | None = column(
        "false where a line of the declaration could not be read; NULL until declared",
        default=None,
    )
    declared_at: datetime | None = column(
        "when the declaration last changed, UTC; NULL until declared",
        default=None,
        sa_type=UtcDateTime,
    )
    board_mm: float | None = later_column(
        "declared thickness of the parcel's board in mm, > 0; NULL until declared"
    )
    product_mass_g: float | None = later_column(
        "declared mass of all its goods in g, > 0; NULL until declared"
    )
    packaging_mass_g: float | None = later_column(
        "declared mass of all its packaging in g, > 0; NULL until declared"
    )


class DeclaredItem(Row, table=True):
    """One line of what a platform says is in a parcel."""

    __tablename__: ClassVar[str] = "declared_item"
    __table_args__ = (
        UniqueConstraint("waybill_id", "line"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("length_mm > 0 AND width_mm > 0 AND height_mm > 0", name="size"),
    )

    id: int | None = key()
    waybill_id: int = column("parcel it is in", foreign_key="waybill.id")
    line: int = column("place in the declaration, from 0")
    name: str = column("what it is, as declared")
    length_mm: float | None = column("length in mm, > 0; NULL where not declared", default=None)
    width_mm: float | None = column("width in mm, > 0; NULL where not declared", default=None)
    height_mm: float | None = column("height in mm, > 0; NULL where not declared", default=None)
    quantity: int = column("how many of it, > 0")
    goods_class: str = column("class of goods that limits and exemptions go by, as declared")
    soft: bool | None = later_column(
        "whether a piece gives way when it is pressed; NULL where not declared"
    )
