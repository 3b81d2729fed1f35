"""Counts by day, kept with the findings they count; filled from what is there already."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from greenpack.records.migrations.first_counts import fill

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# What each count counts by, beside profile, day and hub.
KEYS = {
    "daily_parcel_count": ("platform_id", "goods_class"),
    "daily_hub_count": (),
    "daily_platform_count": ("platform_id",),
    "daily_goods_count": ("goods_class",),
    "daily_sender_count": ("sender_id",),
}
COMMENTS = {
    "profile_id": "profile judged under",
    "day": "day in the profile's time zone",
    "hub_id": "hub; 0 where unknown",
    "platform_id": "platform; 0 where unknown",
    "goods_class": "class of goods; mixed where several, empty where unknown",
    "sender_id": "sender; 0 where unknown, -1 where there is no waybill",
    "verdict": "verdict on the parcels",
    "dismissed": "whether people dismissed their violations",
}


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    op.create_table(
        "counted_profile",
        sa.Column(
            "profile_id",
            sa.String(),
            nullable=False,
            comment="profile, for example cn-gb45186-2024",
        ),
        sa.Column(
            "timezone",
            sa.String(),
            nullable=False,
            comment="IANA name of the time zone that its days are days of",
        ),
        sa.PrimaryKeyConstraint("profile_id", name=op.f("pk_counted_profile")),
    )
    op.create_table(
        "unmeasured_photo",
        sa.Column(
            "photo_id", sa.Integer(), autoincrement=False, nullable=False, comment="the photo"
        ),
        sa.Column("reason", sa.String(), nullable=False, comment="reason code"),
        sa.Column(
            "refused",
            sa.Boolean(),
            nullable=False,
            comment="whether the bytes are no usable image at all",
        ),
        sa.Column(
            "hub_id",
            sa.Integer(),
            nullable=True,
            comment="hub it was taken at, else its waybill's; NULL where unknown",
        ),
        sa.ForeignKeyConstraint(
            ["hub_id"], ["hub.id"], name=op.f("fk_unmeasured_photo_hub_id_hub")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_unmeasured_photo_photo_id_photo")
        ),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_unmeasured_photo")),
    )
    op.create_index(
        "ix_unmeasured_photo_reason",
        "unmeasured_photo",
        ["refused", "reason", "hub_id"],
        unique=False,
    )
    op.create_table(
        "judged_parcel",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column("profile_id", sa.String(), nullable=False, comment="profile judged under"),
        sa.Column(
            "waybill_id",
            sa.Integer(),
            nullable=True,
            comment="the parcel's waybill; NULL where the photo belongs to none",
        ),
        sa.Column(
            "photo_id",
            sa.Integer(),
            nullable=True,
            comment="the photo that stands for the parcel; NULL where it has a waybill",
        ),
        sa.Column(
            "verdict",
            sa.String(),
            nullable=False,
            comment="verdict on the parcel from all rules of the profile",
        ),
        sa.Column(
            "dismissed",
            sa.Boolean(),
            nullable=False,
            comment="whether people dismissed every violation found on it",
        ),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the newest photo judged reached GreenPack, UTC",
        ),
        sa.Column(
            "day", sa.Date(), nullable=False, comment="the day of that in the profile's time zone"
        ),
        sa.Column(
            "hub_id", sa.Integer(), nullable=True, comment="hub it went through; NULL where unknown"
        ),
        sa.Column(
            "sender_id", sa.Integer(), nullable=True, comment="who sent it; NULL where unknown"
        ),
        sa.Column(
            "platform_id",
            sa.Integer(),
            nullable=True,
            comment="platform it was sold on; NULL where unknown",
        ),
        sa.Column(
            "goods_class",
            sa.String(),
            nullable=False,
            comment="class of its goods; mixed where several, empty where unknown",
        ),
        sa.Column(
            "finding_id",
            sa.Integer(),
            nullable=False,
            comment="the current finding that the verdict rests on",
        ),
        sa.Column(
            "low",
            sa.Float(),
            nullable=True,
            comment="lower end of the void ratio's 95 % interval; NULL where not judged",
        ),
        sa.Column(
            "high",
            sa.Float(),
            nullable=True,
            comment="upper end of that interval; NULL where not judged",
        ),
        sa.Column(
            "parcel_cm3_low",
            sa.BigInteger(),
            nullable=True,
            comment="smallest outer volume of the parcel in cm3; NULL where its sizes are unknown",
        ),
        sa.Column(
            "parcel_cm3_high",
            sa.BigInteger(),
            nullable=True,
            comment="largest outer volume of the parcel in cm3; NULL where unknown",
        ),
        sa.Column(
            "air_cm3_low",
            sa.BigInteger(),
            nullable=True,
            comment="least air in it in cm3; NULL where sizes or void ratio are unknown",
        ),
        sa.Column(
            "air_cm3_high",
            sa.BigInteger(),
            nullable=True,
            comment="most air in it in cm3; NULL where unknown",
        ),
        sa.CheckConstraint(
            "verdict IN ('violation', 'undetermined', 'compliant', 'exempt', 'unmeasurable')",
            name=op.f("ck_judged_parcel_verdict_word"),
        ),
        sa.CheckConstraint("(low IS NULL) = (high IS NULL)", name=op.f("ck_judged_parcel_bounds")),
        sa.CheckConstraint(
            "(waybill_id IS NULL) <> (photo_id IS NULL)", name=op.f("ck_judged_parcel_parcel")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_judged_parcel_finding_id_finding")
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_judged_parcel_hub_id_hub")),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_judged_parcel_photo_id_photo")
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_judged_parcel_platform_id_platform")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["sender.id"], name=op.f("fk_judged_parcel_sender_id_sender")
        ),
        sa.ForeignKeyConstraint(
            ["waybill_id"], ["waybill.id"], name=op.f("fk_judged_parcel_waybill_id_waybill")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judged_parcel")),
        sa.UniqueConstraint(
            "photo_id", "profile_id", name=op.f("uq_judged_parcel_photo_id_profile_id")
        ),
        sa.UniqueConstraint(
            "waybill_id", "profile_id", name=op.f("uq_judged_parcel_waybill_id_profile_id")
        ),
    )
    op.create_index(
        "ix_judged_parcel_day", "judged_parcel", ["profile_id", "day", "id"], unique=False
    )
    op.create_index(
        "ix_judged_parcel_hub", "judged_parcel", ["profile_id", "hub_id", "id"], unique=False
    )
    op.create_index(
        "ix_judged_parcel_received",
        "judged_parcel",
        ["profile_id", "received_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_judged_parcel_sender", "judged_parcel", ["profile_id", "sender_id", "id"], unique=False
    )
    op.create_index(
        "ix_judged_parcel_verdict", "judged_parcel", ["profile_id", "verdict", "id"], unique=False
    )

    for table, keys in KEYS.items():
        _count_table(table, keys)
    op.create_index(
        "ix_daily_sender_count_sender",
        "daily_sender_count",
        ["profile_id", "sender_id", "day"],
        unique=False,
    )
    fill(KEYS)


def _count_table(table: str, more: tuple[str, ...]) -> None:
    keys = ("profile_id", "day", "hub_id", *more, "verdict", "dismissed")
    types: dict[str, Any] = {
        "day": sa.Date(),
        "hub_id": sa.Integer(),
        "platform_id": sa.Integer(),
        "sender_id": sa.Integer(),
        "dismissed": sa.Boolean(),
    }
    air = (
        sa.Column(
            "sized_parcels",
            sa.Integer(),
            nullable=False,
            comment="how many of them have a known amount of air",
        ),
        sa.Column(
            "air_cm3_low", sa.BigInteger(), nullable=False, comment="least air in those, cm3"
        ),
        sa.Column(
            "air_cm3_high", sa.BigInteger(), nullable=False, comment="most air in those, cm3"
        ),
    )
    op.create_table(
        table,
        *(
            sa.Column(
                name,
                types.get(name, sa.String()),
                autoincrement=False,
                nullable=False,
                comment=COMMENTS[name],
            )
            for name in keys
        ),
        sa.Column("parcels", sa.Integer(), nullable=False, comment="how many parcels"),
        *(air if "sender_id" in keys else ()),
        sa.PrimaryKeyConstraint(*keys, name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )
