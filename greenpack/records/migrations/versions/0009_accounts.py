"""The people who use the report: their accounts, and their being signed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _time(name: str, comment: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, comment=comment)


def _text(name: str, comment: str, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable, comment=comment)


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        _text(
            "name",
            "what the person signs in with, in lower case: a name or an e-mail address",
            nullable=False,
        ),
        _text("full_name", "the person's name as others read it; may be empty", nullable=False),
        _text("role", "inspector, reviewer, supervisor or admin", nullable=False),
        _text(
            "scope",
            "what may be seen: everything, or PROVINCE[/MUNICIPALITY[/HUB]]",
            nullable=False,
        ),
        _text(
            "password_hash", "argon2id in PHC form; NULL for who signs in by OpenID Connect only"
        ),
        _time("created_at", "when it was made, UTC", nullable=False),
        _time("password_changed_at", "when the password was set, UTC; NULL without one"),
        _time("disabled_at", "since when it is refused, UTC; NULL where it is not"),
        sa.Column(
            "failed_tries",
            sa.Integer(),
            nullable=False,
            comment="wrong passwords since failed_since",
        ),
        _time("failed_since", "when the first of these was given, UTC; NULL without any"),
        _time(
            "locked_until",
            "until when it is locked for wrong passwords, UTC; NULL where it never was",
        ),
        sa.CheckConstraint(
            "role IN ('inspector', 'reviewer', 'supervisor', 'admin')",
            name=op.f("ck_user_account_role_word"),
        ),
        sa.CheckConstraint("failed_tries >= 0", name=op.f("ck_user_account_failed_tries")),
        sa.CheckConstraint(
            "(password_hash IS NULL) = (password_changed_at IS NULL)",
            name=op.f("ck_user_account_password"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("name", name=op.f("uq_user_account_name")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False, comment="number of the row"),
        sa.Column("account_id", sa.Integer(), nullable=False, comment="who is signed in"),
        _text(
            "token_sha256",
            "SHA-256 of the token in the browser's cookie, hexadecimal",
            nullable=False,
        ),
        _time("created_at", "when the person signed in, UTC", nullable=False),
        _time("last_seen_at", "when last used, UTC, to a minute", nullable=False),
        _time("expires_at", "when it ends at the latest, UTC", nullable=False),
        _time("ended_at", "when the person signed out, or was signed out, UTC; NULL until then"),
        sa.CheckConstraint(
            "length(token_sha256) = 64", name=op.f("ck_sign_in_session_token_sha256_length")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["user_account.id"],
            name=op.f("fk_sign_in_session_account_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_in_session_token_sha256")),
    )
    op.create_index(
        "ix_sign_in_session_account_id", "sign_in_session", ["account_id"], unique=False
    )
