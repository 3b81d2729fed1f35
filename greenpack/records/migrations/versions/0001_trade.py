"""Who sent what through which hub, and what was declared."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    op.create_table(
        "platform",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column(
            "name", sa.String(), nullable=False, comment="the platform's name as its data gives it"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform")),
        sa.UniqueConstraint("name", name=op.f("uq_platform_name")),
    )
    op.create_table(
        "province",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column("name", sa.String(), nullable=False, comment="the province's name"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_province")),
        sa.UniqueConstraint("name", name=op.f("uq_province_name")),
    )
    op.create_table(
        "municipality",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column(
            "province_id",
            sa.Integer(),
            nullable=True,
            comment="province it belongs to; NULL where the data names none",
        ),
        sa.Column(
            "name",
            sa.String(),
            nullable=False,
            comment="the municipality's name; empty where only the province is named",
        ),
        sa.ForeignKeyConstraint(
            ["province_id"], ["province.id"], name=op.f("fk_municipality_province_id_province")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.UniqueConstraint("province_id", "name", name=op.f("uq_municipality_province_id_name")),
    )
    op.create_index(
        "uq_municipality_name_without_province",
        "municipality",
        ["name"],
        unique=True,
        sqlite_where=sa.text("province_id IS NULL"),
        postgresql_where=sa.text("province_id IS NULL"),
    )
    op.create_table(
        "sender",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column(
            "platform_id",
            sa.Integer(),
            nullable=True,
            comment="platform whose code it is; NULL where the data names none",
        ),
        sa.Column(
            "code",
            sa.String(),
            nullable=False,
            comment="the sender's code on its platform; its name where it has no code",
        ),
        sa.Column("name", sa.String(), nullable=True, comment="the sender's name as last declared"),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_sender_platform_id_platform")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender")),
        sa.UniqueConstraint("platform_id", "code", name=op.f("uq_sender_platform_id_code")),
    )
    op.create_index(
        "uq_sender_code_without_platform",
        "sender",
        ["code"],
        unique=True,
        sqlite_where=sa.text("platform_id IS NULL"),
        postgresql_where=sa.text("platform_id IS NULL"),
    )
    op.create_table(
        "hub",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column(
            "municipality_id",
            sa.Integer(),
            nullable=True,
            comment="municipality it lies in; NULL where the data names none",
        ),
        sa.Column(
            "name",
            sa.String(),
            nullable=False,
            comment="the hub's name; empty where only the municipality is named",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_hub_municipality_id_municipality"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub")),
        sa.UniqueConstraint("municipality_id", "name", name=op.f("uq_hub_municipality_id_name")),
    )
    op.create_index(
        "uq_hub_name_without_municipality",
        "hub",
        ["name"],
        unique=True,
        sqlite_where=sa.text("municipality_id IS NULL"),
        postgresql_where=sa.text("municipality_id IS NULL"),
    )
    op.create_table(
        "camera",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column("hub_id", sa.Integer(), nullable=False, comment="hub it hangs in"),
        sa.Column(
            "name", sa.String(), nullable=False, comment="the camera's name, unique at its hub"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_camera_hub_id_hub")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera")),
        sa.UniqueConstraint("hub_id", "name", name=op.f("uq_camera_hub_id_name")),
    )
    op.create_table(
        "waybill",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column("number", sa.String(), nullable=False, comment="the waybill number as printed"),
        sa.Column(
            "platform_id",
            sa.Integer(),
            nullable=True,
            comment="platform it was sold on; NULL until declared",
        ),
        sa.Column(
            "sender_id", sa.Integer(), nullable=True, comment="who sent it; NULL until declared"
        ),
        sa.Column(
            "hub_id",
            sa.Integer(),
            nullable=True,
            comment="hub it went through; NULL until declared",
        ),
        sa.Column(
            "packed_on",
            sa.Date(),
            nullable=True,
            comment="day it was packed, which decides the rules in force; NULL until declared",
        ),
        sa.Column(
            "packaging",
            sa.String(),
            nullable=True,
            comment="packaging as declared: single_use or reusable; NULL until declared",
        ),
        sa.Column(
            "length_mm",
            sa.Float(),
            nullable=True,
            comment="declared outer length of the parcel in mm, > 0; NULL until declared",
        ),
        sa.Column(
            "width_mm",
            sa.Float(),
            nullable=True,
            comment="declared outer width of the parcel in mm, > 0; NULL until declared",
        ),
        sa.Column(
            "height_mm",
            sa.Float(),
            nullable=True,
            comment="declared outer height of the parcel in mm, > 0; NULL until declared",
        ),
        sa.Column(
            "items_complete",
            sa.Boolean(),
            nullable=True,
            comment="false where a line of the declaration could not be read; NULL until declared",
        ),
        sa.Column(
            "declared_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the declaration last changed, UTC; NULL until declared",
        ),
        sa.CheckConstraint(
            "length_mm > 0 AND width_mm > 0 AND height_mm > 0",
            name=op.f("ck_waybill_parcel_size"),
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_waybill_hub_id_hub")),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platform.id"], name=op.f("fk_waybill_platform_id_platform")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["sender.id"], name=op.f("fk_waybill_sender_id_sender")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waybill")),
        sa.UniqueConstraint("number", name=op.f("uq_waybill_number")),
    )
    op.create_index("ix_waybill_hub_id", "waybill", ["hub_id"], unique=False)
    op.create_index("ix_waybill_sender_id", "waybill", ["sender_id"], unique=False)
    op.create_table(
        "declared_item",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column("waybill_id", sa.Integer(), nullable=False, comment="parcel it is in"),
        sa.Column("line", sa.Integer(), nullable=False, comment="place in the declaration, from 0"),
        sa.Column("name", sa.String(), nullable=False, comment="what it is, as declared"),
        sa.Column(
            "length_mm",
            sa.Float(),
            nullable=True,
            comment="length in mm, > 0; NULL where not declared",
        ),
        sa.Column(
            "width_mm",
            sa.Float(),
            nullable=True,
            comment="width in mm, > 0; NULL where not declared",
        ),
        sa.Column(
            "height_mm",
            sa.Float(),
            nullable=True,
            comment="height in mm, > 0; NULL where not declared",
        ),
        sa.Column("quantity", sa.Integer(), nullable=False, comment="how many of it, > 0"),
        sa.Column(
            "goods_class",
            sa.String(),
            nullable=False,
            comment="class of goods that limits and exemptions go by, as declared",
        ),
        sa.CheckConstraint(
            "length_mm > 0 AND width_mm > 0 AND height_mm > 0", name=op.f("ck_declared_item_size")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_declared_item_quantity")),
        sa.ForeignKeyConstraint(
            ["waybill_id"], ["waybill.id"], name=op.f("fk_declared_item_waybill_id_waybill")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_item")),
        sa.UniqueConstraint("waybill_id", "line", name=op.f("uq_declared_item_waybill_id_line")),
    )
