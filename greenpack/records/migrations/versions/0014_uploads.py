"""Photos that people upload: who, when, which files; they wait in the queue beside the cameras'."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ORIGIN = "(camera_id IS NULL) <> (upload_batch_id IS NULL)"
_BATCH_COMMENT = "upload it came with; NULL where a camera posted it"
_CAMERA_COMMENT = "camera that posted it; NULL where a person uploaded it"
_NAME_COMMENT = "file name that came with it; may be empty"


def _time(name: str, comment: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, comment=comment)


def _text(name: str, comment: str, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable, comment=comment)


def _number(name: str, comment: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable, comment=comment)


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    op.create_table(
        "upload_batch",
        _number("id", "number of the row", nullable=False),
        _number("account_id", "who uploaded; NULL where nobody was asked who they are"),
        _text("by_name", "that person's name at the time; may be empty", nullable=False),
        _text("profile_id", "profile to judge under", nullable=False),
        _number("hub_id", "hub the photos were taken at; NULL where none was named"),
        _number("files", "how many photos and zips the person chose", nullable=False),
        _time("created_at", "when it began, UTC", nullable=False),
        _time("touched_at", "when a file of it was last taken in, UTC", nullable=False),
        _time(
            "completed_at",
            "when the last file was taken in, UTC; NULL until then, and where that broke off",
        ),
        _text("table_name", "file name of the waybill table that came with it; NULL without one"),
        _number("waybills", "waybills taken from that table; NULL without one"),
        _number("rows_left_out", "rows of that table that were not taken; NULL without one"),
        sa.CheckConstraint("files >= 0", name=op.f("ck_upload_batch_files")),
        sa.CheckConstraint(
            "waybills IS NULL OR waybills >= 0", name=op.f("ck_upload_batch_waybills")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["user_account.id"],
            name=op.f("fk_upload_batch_account_id_user_account"),
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_upload_batch_hub_id_hub")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_batch")),
    )
    op.create_index("ix_upload_batch_hub_id", "upload_batch", ["hub_id"], unique=False)
    _let_postings_be_uploads()
    _create_upload_file()


def _let_postings_be_uploads() -> None:
    """A posting is a camera's or an upload's.

    SQLite cannot take a NOT NULL away, and writing the table anew loses the other constraints. So
    its text is changed in the schema, as SQLite's documentation has it for changes that leave the
    rows alone (sqlite.org/lang_altertable.html, section 7).
    """
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        schema = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
        connection.exec_driver_sql("PRAGMA writable_schema = ON")
        changed = connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
            "WHERE type = 'table' AND name = 'posting' AND instr(sql, ?) > 0",
            ("camera_id INTEGER NOT NULL", "camera_id INTEGER", "camera_id INTEGER NOT NULL"),
        ).rowcount
        # Every connection reads the schema anew once its version is another.
        connection.exec_driver_sql(f"PRAGMA schema_version = {int(schema) + 1}")
        connection.exec_driver_sql("PRAGMA writable_schema = OFF")
        if changed != 1:
            raise RuntimeError("posting.camera_id is not what the migrations before made it")
        # A column's own CHECK may name other columns in SQLite, and is the only one to be added.
        connection.exec_driver_sql(
            "ALTER TABLE posting ADD COLUMN upload_batch_id INTEGER "
            "CONSTRAINT fk_posting_upload_batch_id_upload_batch REFERENCES upload_batch (id) "
            f"CONSTRAINT ck_posting_origin CHECK ({_ORIGIN})"
        )
    else:
        op.alter_column("posting", "camera_id", nullable=True, comment=_CAMERA_COMMENT)
        op.alter_column("posting", "source_name", comment=_NAME_COMMENT)
        op.add_column("posting", _number("upload_batch_id", _BATCH_COMMENT))
        op.create_foreign_key(
            op.f("fk_posting_upload_batch_id_upload_batch"),
            "posting",
            "upload_batch",
            ["upload_batch_id"],
            ["id"],
        )
        op.create_check_constraint(op.f("ck_posting_origin"), "posting", _ORIGIN)
    op.create_index(
        "ix_posting_upload_batch_id_sha256", "posting", ["upload_batch_id", "sha256"], unique=True
    )


def _create_upload_file() -> None:
    op.create_table(
        "upload_file",
        _number("id", "number of the row", nullable=False),
        _number("batch_id", "upload it came with", nullable=False),
        _text("name", "file name, in a zip after the zip's; for people", nullable=False),
        _text("sha256", "SHA-256 of its bytes, hexadecimal; NULL where they were not read"),
        sa.Column(
            "size_bytes",
            sa.BigInteger(),
            nullable=True,
            comment="how many bytes; NULL where they were not read",
        ),
        _number("posting_id", "its place in the queue; NULL where it has none"),
        _number(
            "same_as", "file of the same upload with the same bytes; NULL where it is the first"
        ),
        _text("reason", "reason code why it was not taken; NULL where it was"),
        _text("detail", "more on the reason"),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_upload_file_sha256_length")),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_upload_file_size_bytes")),
        sa.CheckConstraint(
            "(CASE WHEN posting_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN same_as IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN reason IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_upload_file_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["upload_batch.id"], name=op.f("fk_upload_file_batch_id_upload_batch")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_upload_file_posting_id_posting")
        ),
        sa.ForeignKeyConstraint(
            ["same_as"], ["upload_file.id"], name=op.f("fk_upload_file_same_as_upload_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_file")),
    )
    op.create_index("ix_upload_file_batch_id", "upload_file", ["batch_id", "id"], unique=False)
    op.create_index("ix_upload_file_posting_id", "upload_file", ["posting_id"], unique=False)
