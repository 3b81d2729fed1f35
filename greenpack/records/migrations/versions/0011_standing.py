"""Decisions by two persons, with reasons, that can be withdrawn; how each finding stands."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

from greenpack.records.migrations.vocabulary import widen

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KINDS = ("confirmed", "dismissed", "correction_ordered", "rectified", "refused", "fined")
REASONS = (
    "wrong_outline",
    "goods_missed",
    "filler_mistaken",
    "wrong_parcel",
    "photo_unfit",
    "exempt_goods",
    "other",
)
STANDINGS = ("one_confirmed", "confirmed", "dismissed", "contested")


def upgrade() -> None:
    """Change the schema forward; records are never taken back."""
    widen("decision", "kind", KINDS, (*KINDS, "withdrawn"))
    _comment(
        "decision",
        "kind",
        "confirmed, dismissed, correction_ordered, rectified, refused, fined or withdrawn",
    )
    _add(
        "decision",
        "account_id INTEGER",
        "CONSTRAINT fk_decision_account_id_user_account REFERENCES user_account (id)",
        "account of who decided; NULL where nobody was asked who they are",
    )
    _add(
        "decision",
        "reason VARCHAR",
        f"CONSTRAINT ck_decision_reason_word CHECK (reason IN ({_listed(REASONS)}))",
        "why it was dismissed: wrong_outline, goods_missed, filler_mistaken, wrong_parcel, "
        "photo_unfit, exempt_goods or other; NULL for other decisions",
    )
    _add(
        "decision",
        "withdraws INTEGER",
        "CONSTRAINT fk_decision_withdraws_decision REFERENCES decision (id)",
        "decision that no longer counts; NULL unless this withdraws one",
    )
    _add(
        "decision",
        "settles BOOLEAN",
        "",
        "true where a supervisor settled a disagreement by it; NULL otherwise",
    )
    _add(
        "finding",
        "standing VARCHAR",
        f"CONSTRAINT ck_finding_standing_word CHECK (standing IN ({_listed(STANDINGS)}))",
        "what its decisions amount to: one_confirmed (a violation needs a second person), "
        "confirmed, dismissed or contested; NULL while it is open",
    )
    _fill()
    op.create_index(
        "ix_finding_decided",
        "finding",
        ["standing", "id"],
        unique=False,
        sqlite_where=sa.text("standing IS NOT NULL"),
        postgresql_where=sa.text("standing IS NOT NULL"),
    )


def _add(table: str, column: str, constraint: str, comment: str) -> None:
    """A column with its constraint: SQLite takes that in a column's definition only."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column}\n\t{constraint}")
    _comment(table, column.split(maxsplit=1)[0], comment)


def _comment(table: str, column: str, comment: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"COMMENT ON COLUMN {table}.{column} IS '{comment}'")


def _fill() -> None:
    """How the findings stand that were decided about so far, when no name counted twice."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT finding.id, finding.verdict, decision.kind, decision.decided_by "
            "FROM decision JOIN finding ON finding.id = decision.finding_id "
            "WHERE decision.kind IN ('confirmed', 'dismissed') ORDER BY decision.id"
        )
    ).all()
    words: dict[int, dict[str, str]] = {}
    verdicts: dict[int, str] = {}
    for finding_id, verdict, kind, by in rows:
        name = " ".join(unicodedata.normalize("NFKC", by).casefold().split())
        words.setdefault(finding_id, {})[name] = kind
        verdicts[finding_id] = verdict
    for finding_id, by_name in words.items():
        kinds = list(by_name.values())
        if len(set(kinds)) > 1:
            stands = "contested"
        elif kinds == ["confirmed"] and verdicts[finding_id] == "violation":
            stands = "one_confirmed"
        else:
            stands = kinds[0]
        connection.execute(
            sa.text("UPDATE finding SET standing = :stands WHERE id = :id"),
            {"stands": stands, "id": finding_id},
        )


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
