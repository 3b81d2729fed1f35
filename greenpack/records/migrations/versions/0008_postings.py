"""Hub cameras: what they post, their tokens, when they were last seen, and what hubs can take."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _time(name: str, comment: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, comment=comment)


def _text(name: str, comment: str, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable, comment=comment)


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    op.add_column(
        "camera",
        sa.Column(
            "silent_after_minutes",
            sa.Float(),
            nullable=True,
            comment="posting nothing for longer than this many minutes it counts as silent, > 0; "
            "NULL: as the settings say",
        ),
    )
    op.add_column(
        "camera", _time("last_seen_at", "when it last posted, UTC, to 10 seconds; NULL until then")
    )
    op.add_column(
        "hub",
        sa.Column(
            "photos_per_hour",
            sa.Float(),
            nullable=True,
            comment="photos an hour that it is stated to cope with, > 0; NULL until stated",
        ),
    )
    op.create_table(
        "camera_token",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column("camera_id", sa.Integer(), nullable=False, comment="camera it belongs to"),
        _text("sha256", "SHA-256 of the token's secret part, hexadecimal", nullable=False),
        _time("created_at", "when it was made, UTC", nullable=False),
        _time("revoked_at", "from when on it is refused, UTC; NULL where that is not set"),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_camera_token_sha256_length")),
        sa.ForeignKeyConstraint(
            ["camera_id"], ["camera.id"], name=op.f("fk_camera_token_camera_id_camera")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera_token")),
        sa.UniqueConstraint("sha256", name=op.f("uq_camera_token_sha256")),
    )
    op.create_index("ix_camera_token_camera_id", "camera_token", ["camera_id"], unique=False)
    _create_posting()


def _create_posting() -> None:
    op.create_table(
        "posting",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column("camera_id", sa.Integer(), nullable=False, comment="camera that posted it"),
        _text("sha256", "SHA-256 of the bytes as received, hexadecimal", nullable=False),
        sa.Column(
            "size_bytes", sa.BigInteger(), nullable=False, comment="size of the bytes as received"
        ),
        _text("source_name", "file name that the camera gave; may be empty", nullable=False),
        _time("taken_at", "when the camera says it was taken, UTC; NULL where it does not say"),
        _text("waybill_number", "waybill number that the camera sent with it; NULL where none"),
        _time("received_at", "when it was received, UTC", nullable=False),
        _text("state", "waiting, working, done or failed", nullable=False),
        _text("worker", "worker that holds it, or held it last; NULL where none did"),
        _time(
            "lease_until",
            "until when the worker holds it unless it renews, UTC; NULL unless working",
        ),
        _time("begun_at", "when the worker began with its bytes, UTC; NULL until then"),
        sa.Column(
            "tries",
            sa.Integer(),
            nullable=False,
            comment="how often its bytes were begun with, without an orderly end",
        ),
        _time("not_before", "not to be tried again before, UTC; NULL where at once"),
        _text(
            "reason",
            "reason code: why it failed, or why the last try did; NULL where none did",
        ),
        _text("detail", "more on the reason"),
        sa.Column(
            "photo_id",
            sa.Integer(),
            nullable=True,
            comment="photo that was recorded; NULL until done",
        ),
        _time("finished_at", "when it was done or given up, UTC; NULL until then"),
        _time(
            "removed_at", "when the bytes as received were deleted, UTC; NULL while they are kept"
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_posting_sha256_length")),
        sa.CheckConstraint(
            "state IN ('waiting', 'working', 'done', 'failed')", name=op.f("ck_posting_state_word")
        ),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_posting_size_bytes")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_posting_tries")),
        sa.CheckConstraint(
            "(state = 'working') = (lease_until IS NOT NULL)"
            " AND (state <> 'working' OR worker IS NOT NULL)",
            name=op.f("ck_posting_held"),
        ),
        sa.CheckConstraint(
            "state <> 'done' OR photo_id IS NOT NULL", name=op.f("ck_posting_photo")
        ),
        sa.CheckConstraint(
            "state <> 'failed' OR reason IS NOT NULL", name=op.f("ck_posting_reason")
        ),
        sa.CheckConstraint(
            "(state IN ('done', 'failed')) = (finished_at IS NOT NULL)",
            name=op.f("ck_posting_finished"),
        ),
        sa.ForeignKeyConstraint(
            ["camera_id"], ["camera.id"], name=op.f("fk_posting_camera_id_camera")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_posting_photo_id_photo")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.UniqueConstraint("camera_id", "sha256", name=op.f("uq_posting_camera_id_sha256")),
    )
    op.create_index("ix_posting_queue", "posting", ["state", "id"], unique=False)
    op.create_index(
        "ix_posting_camera_id_received_at", "posting", ["camera_id", "received_at"], unique=False
    )
    op.create_index("ix_posting_received_at", "posting", ["received_at"], unique=False)
    op.create_index("ix_posting_photo_id", "posting", ["photo_id"], unique=False)
