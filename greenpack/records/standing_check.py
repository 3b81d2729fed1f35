"""Whether the standing that is kept with each finding is what its decisions amount to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection, select

from greenpack.records.forms import DecisionKind
from greenpack.records.selecting import decision, finding
from greenpack.records.standing import Said, Standing, standing
from greenpack.rules.verdict import Verdict

_AT_ONCE: Final = 500
_KINDS: Final = frozenset(DecisionKind)
_COLUMNS: Final = tuple(
    decision.c[name]
    for name in ("id", "finding_id", "kind", "decided_by", "account_id", "withdraws", "settles")
)


def wrong_standings(connection: Connection) -> Iterator[tuple[int, str, str]]:
    """Findings that stand otherwise than their decisions say: id, as kept, as it should be."""
    undecided = (
        select(finding.c.id, finding.c.standing)
        .where(
            finding.c.standing.is_not(None),
            ~select(1).where(decision.c.finding_id == finding.c.id).exists(),
        )
        .order_by(finding.c.id)
    )
    for row in connection.execute(undecided):
        yield row.id, row.standing, Standing.OPEN.value
    last = 0
    while True:
        page = (
            select(decision.c.finding_id)
            .where(decision.c.finding_id > last)
            .distinct()
            .order_by(decision.c.finding_id)
            .limit(_AT_ONCE)
        )
        ids = list(connection.execute(page).scalars())
        if not ids:
            return
        yield from _wrong_of(connection, ids)
        last = ids[-1]


def _wrong_of(connection: Connection, ids: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    said: dict[int, list[Said]] = {}
    rows = select(*_COLUMNS).where(decision.c.finding_id.in_(ids)).order_by(decision.c.id)
    for row in connection.execute(rows):
        if row.kind not in _KINDS:
            continue  # the row's digest tells that somebody changed it
        told = Said(
            row.id,
            DecisionKind(row.kind),
            str(row.decided_by),
            row.account_id,
            row.withdraws,
            bool(row.settles),
        )
        said.setdefault(row.finding_id, []).append(told)
    columns = select(finding.c.id, finding.c.verdict, finding.c.standing)
    for row in connection.execute(columns.where(finding.c.id.in_(ids)).order_by(finding.c.id)):
        kept = row.standing or Standing.OPEN.value
        right = standing(said.get(row.id, []), row.verdict == Verdict.VIOLATION.value).value
        if kept != right:
            yield row.id, kept, right
