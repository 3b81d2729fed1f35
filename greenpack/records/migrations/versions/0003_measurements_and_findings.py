"""Measurements and findings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

QUANTITIES = (
    "'area_ratio', 'filler_ratio', 'void_ratio', 'box_fit_linear', 'box_fit_diagonal', "
    "'box_fit_volume', 'layers', 'tape_width_mm', 'tape_length_ratio', 'weight_ratio'"
)


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    op.create_table(
        "measurement",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column("photo_id", sa.Integer(), nullable=False, comment="photo it was taken from"),
        sa.Column(
            "model_sha256", sa.String(), nullable=False, comment="SHA-256 of the model's weights"
        ),
        sa.Column(
            "settings_sha256",
            sa.String(),
            nullable=False,
            comment="SHA-256 of the settings that the numbers depend on",
        ),
        sa.Column("outcome", sa.String(), nullable=False, comment="measured or unmeasurable"),
        sa.Column(
            "reason",
            sa.String(),
            nullable=True,
            comment="reason code where unmeasurable, else NULL",
        ),
        sa.Column(
            "corners",
            sa.String(),
            nullable=True,
            comment="JSON: four corners of the opening [[x, y], ...], upright pixels; NULL if none",
        ),
        sa.Column(
            "shapes",
            sa.String(),
            nullable=False,
            comment="JSON: what the model saw, [{label, confidence, polygon}, ...]",
        ),
        sa.Column(
            "budget",
            sa.String(),
            nullable=False,
            comment="JSON: what widens the intervals [{quantity, source, half_width, note}, ...]",
        ),
        sa.Column(
            "assumptions",
            sa.String(),
            nullable=False,
            comment="JSON: the conditions under which the numbers hold, sentences",
        ),
        sa.Column(
            "milliseconds",
            sa.Integer(),
            nullable=False,
            comment="how long detecting and measuring took",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was recorded, UTC",
        ),
        sa.CheckConstraint(
            "(outcome = 'unmeasurable') = (reason IS NOT NULL)", name=op.f("ck_measurement_reason")
        ),
        sa.CheckConstraint(
            "outcome IN ('measured', 'unmeasurable')", name=op.f("ck_measurement_outcome_word")
        ),
        sa.CheckConstraint(
            "length(model_sha256) = 64", name=op.f("ck_measurement_model_sha256_length")
        ),
        sa.CheckConstraint(
            "length(settings_sha256) = 64", name=op.f("ck_measurement_settings_sha256_length")
        ),
        sa.CheckConstraint("milliseconds >= 0", name=op.f("ck_measurement_milliseconds")),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_measurement_photo_id_photo")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement")),
        sa.UniqueConstraint(
            "photo_id",
            "model_sha256",
            "settings_sha256",
            name=op.f("uq_measurement_photo_id_model_sha256_settings_sha256"),
        ),
    )
    op.create_table(
        "quantity",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column(
            "measurement_id", sa.Integer(), nullable=False, comment="measurement it belongs to"
        ),
        sa.Column(
            "quantity",
            sa.String(),
            nullable=False,
            comment="what was measured, for example void_ratio; sets unit and range",
        ),
        sa.Column(
            "value",
            sa.Float(),
            nullable=True,
            comment="best estimate; NULL where only bounds are known",
        ),
        sa.Column("low", sa.Float(), nullable=False, comment="lower end of the 95 % interval"),
        sa.Column("high", sa.Float(), nullable=False, comment="upper end of the 95 % interval"),
        sa.CheckConstraint(f"quantity IN ({QUANTITIES})", name=op.f("ck_quantity_quantity_word")),
        sa.CheckConstraint("low <= high", name=op.f("ck_quantity_interval")),
        sa.CheckConstraint("value >= low AND value <= high", name=op.f("ck_quantity_value")),
        sa.ForeignKeyConstraint(
            ["measurement_id"],
            ["measurement.id"],
            name=op.f("fk_quantity_measurement_id_measurement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quantity")),
        sa.UniqueConstraint(
            "measurement_id", "quantity", name=op.f("uq_quantity_measurement_id_quantity")
        ),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column("measurement_id", sa.Integer(), nullable=False, comment="measurement judged"),
        sa.Column(
            "waybill_id",
            sa.Integer(),
            nullable=True,
            comment="parcel judged; NULL where the photo belongs to no waybill",
        ),
        sa.Column(
            "profile_id",
            sa.String(),
            nullable=False,
            comment="profile judged under, for example cn-gb45186-2024",
        ),
        sa.Column(
            "profile_version", sa.String(), nullable=False, comment="version of that profile"
        ),
        sa.Column(
            "profile_sha256", sa.String(), nullable=False, comment="SHA-256 of that profile's file"
        ),
        sa.Column("rule_id", sa.String(), nullable=False, comment="rule of the profile"),
        sa.Column(
            "verdict",
            sa.String(),
            nullable=False,
            comment="violation, undetermined, compliant, exempt or unmeasurable",
        ),
        sa.Column(
            "screening",
            sa.String(),
            nullable=True,
            comment="what a rule that may only screen would have said; NULL for other rules",
        ),
        sa.Column(
            "reason", sa.String(), nullable=False, comment="reason code: how the verdict came about"
        ),
        sa.Column(
            "quantity",
            sa.String(),
            nullable=False,
            comment="what the rule limits; sets the unit of the numbers",
        ),
        sa.Column("value", sa.Float(), nullable=True, comment="best estimate; NULL where unknown"),
        sa.Column(
            "low",
            sa.Float(),
            nullable=True,
            comment="lower end of the 95 % interval; NULL where unknown",
        ),
        sa.Column(
            "high",
            sa.Float(),
            nullable=True,
            comment="upper end of the 95 % interval; NULL where unknown",
        ),
        sa.Column(
            "limit_value", sa.Float(), nullable=True, comment="limit applied; NULL where none was"
        ),
        sa.Column(
            "explanation", sa.String(), nullable=False, comment="the judgement in one sentence"
        ),
        sa.Column(
            "model_sha256", sa.String(), nullable=False, comment="SHA-256 of the model's weights"
        ),
        sa.Column(
            "evidence_sha256",
            sa.String(),
            nullable=False,
            comment="SHA-256 of the evidence picture",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was recorded, UTC",
        ),
        sa.Column(
            "superseded_by",
            sa.Integer(),
            nullable=True,
            comment="finding that took its place; NULL while it is current",
        ),
        sa.CheckConstraint(f"quantity IN ({QUANTITIES})", name=op.f("ck_finding_quantity_word")),
        sa.CheckConstraint(
            "screening IN ('violation', 'undetermined', 'compliant', 'exempt', 'unmeasurable')",
            name=op.f("ck_finding_screening_word"),
        ),
        sa.CheckConstraint(
            "verdict IN ('violation', 'undetermined', 'compliant', 'exempt', 'unmeasurable')",
            name=op.f("ck_finding_verdict_word"),
        ),
        sa.CheckConstraint("(low IS NULL) = (high IS NULL)", name=op.f("ck_finding_bounds")),
        sa.CheckConstraint(
            "length(evidence_sha256) = 64", name=op.f("ck_finding_evidence_sha256_length")
        ),
        sa.CheckConstraint(
            "length(model_sha256) = 64", name=op.f("ck_finding_model_sha256_length")
        ),
        sa.CheckConstraint(
            "length(profile_sha256) = 64", name=op.f("ck_finding_profile_sha256_length")
        ),
        sa.CheckConstraint("low <= high", name=op.f("ck_finding_interval")),
        sa.CheckConstraint("superseded_by <> id", name=op.f("ck_finding_superseded_by")),
        sa.CheckConstraint(
            "value IS NULL OR (low IS NOT NULL AND value >= low AND value <= high)",
            name=op.f("ck_finding_value"),
        ),
        sa.ForeignKeyConstraint(
            ["measurement_id"],
            ["measurement.id"],
            name=op.f("fk_finding_measurement_id_measurement"),
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["finding.id"], name=op.f("fk_finding_superseded_by_finding")
        ),
        sa.ForeignKeyConstraint(
            ["waybill_id"], ["waybill.id"], name=op.f("fk_finding_waybill_id_waybill")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index("ix_finding_created_at", "finding", ["created_at"], unique=False)
    op.create_index(
        "ix_finding_current",
        "finding",
        ["profile_id", "verdict"],
        unique=False,
        sqlite_where=sa.text("superseded_by IS NULL"),
        postgresql_where=sa.text("superseded_by IS NULL"),
    )
    op.create_index("ix_finding_evidence_sha256", "finding", ["evidence_sha256"], unique=False)
    op.create_index("ix_finding_measurement_id", "finding", ["measurement_id"], unique=False)
    op.create_index("ix_finding_waybill_id", "finding", ["waybill_id"], unique=False)
