"""The list of findings over millions of parcels: a page at a time, by keys and never by counting.

A row is a parcel as it was judged under a profile, with the finding that its verdict rests on. A
page is asked for by the row that it goes on behind, so that it costs the same wherever it is in
the list, and rows that come in meanwhile move nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session

from greenpack.records.answers import FindingSort
from greenpack.records.finding_rows import ListedRow, listed_rows
from greenpack.records.finding_wanted import Person, Wanted, conditions, hubs
from greenpack.records.listed_counts import counted_parcels
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import finding, in_scope, measurement, sender
from greenpack.records.tables import Row

__all__ = [
    "MOST_COUNTED",
    "MOST_SENDERS",
    "Count",
    "Listed",
    "Person",
    "Wanted",
    "count_listed",
    "find_senders",
    "listed",
    "listed_profiles",
    "parcel_of",
]

_C: Final = Row.metadata.tables["judged_parcel"].c
_PROFILE: Final = Row.metadata.tables["counted_profile"]
# Past it a count is told as so many and more: nobody reads on page 400.
MOST_COUNTED: Final = 10_000
# Few senders have the same words in their names; more than these are not asked for at once.
MOST_SENDERS: Final = 20

Keys = tuple[ColumnElement[Any], ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows a list has; ``capped`` where there are more than were counted."""

    rows: int
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list.

    Attributes:
        rows: in the list's order.
        has_before: whether rows come before them.
        has_after: whether rows come behind them.
    """

    rows: Sequence[ListedRow]
    has_before: bool
    has_after: bool


def listed(
    session: Session,
    wanted: Wanted,
    sort: FindingSort = FindingSort.NEWEST,
    *,
    limit: int,
    after: int | None = None,
    before: int | None = None,
) -> Listed:
    """One page of the list.

    Args:
        session: to read with.
        wanted: which parcels.
        sort: in which order.
        limit: how many rows at most, > 0.
        after: the page goes on behind this parcel (``ListedRow.parcel_id``), whether or not it
            is itself among those that are wanted; if it is gone, the list begins anew.
        before: the page ends before this parcel; at most one of the two is given.
    """
    chosen = conditions(session, wanted)
    cursor = _cursor(session, after if after is not None else before)
    backwards = cursor is not None and after is None
    found = _parcels(session, chosen, _order(sort, wanted), cursor, limit + 1, backwards=backwards)
    more = len(found) > limit
    found = found[:limit]
    if backwards:
        found.reverse()
    rows = listed_rows(session, {row.finding_id: row.id for row in found})
    return Listed(
        rows,
        has_before=more if backwards else cursor is not None,
        has_after=True if backwards else more,
    )


def parcel_of(session: Session, finding_id: int) -> int | None:
    """The row of the list that a finding is in, or None where it is no current parcel's."""
    parcel = or_(
        finding.c.waybill_id == _C.waybill_id,
        and_(finding.c.waybill_id.is_(None), measurement.c.photo_id == _C.photo_id),
    )
    statement = (
        select(_C.id)
        .join(finding, finding.c.profile_id == _C.profile_id)
        .join(measurement, measurement.c.id == finding.c.measurement_id)
        .where(finding.c.id == finding_id, parcel)
    )
    found = session.connection().execute(statement).scalar()
    return None if found is None else int(found)


def count_listed(session: Session, wanted: Wanted) -> Count:
    """How many rows the list has: exact from the daily counts, else counted up to a limit."""
    exact = None if _needs_rows(wanted) else counted_parcels(session, wanted, hubs(session, wanted))
    if exact is not None:
        return Count(exact)
    some = (
        select(_C.id).where(*conditions(session, wanted)).limit(MOST_COUNTED + 1).subquery("some")
    )
    rows = session.connection().execute(select(func.count()).select_from(some)).scalar_one()
    return Count(min(rows, MOST_COUNTED), rows > MOST_COUNTED)


def listed_profiles(session: Session, scope: Scope = EVERYTHING) -> list[str]:
    """The profiles that parcels in a scope were judged under, sorted."""
    seen = in_scope(scope, _C.hub_id)
    judged = select(_C.id).where(_C.profile_id == _PROFILE.c.profile_id, *seen).exists()
    statement = select(_PROFILE.c.profile_id).where(judged).order_by(_PROFILE.c.profile_id)
    return list(session.connection().execute(statement).scalars())


def find_senders(session: Session, text: str, scope: Scope = EVERYTHING) -> list[tuple[int, str]]:
    """Senders whose name or code holds some words, with what tells them apart.

    Codes and names that begin so come first; capitals do not matter.

    Args:
        session: to read with.
        text: as typed, without blanks at its ends.
        scope: only senders of parcels in it.
    """
    words = text.strip().lower()
    if not words:
        return []
    name, code = func.lower(func.coalesce(sender.c.name, "")), func.lower(sender.c.code)
    holds = or_(name.contains(words, autoescape=True), code.contains(words, autoescape=True))
    begins = or_(name.startswith(words, autoescape=True), code.startswith(words, autoescape=True))
    statement = select(sender.c.id, sender.c.name, sender.c.code).where(holds)
    seen = in_scope(scope, _C.hub_id)
    if seen:
        theirs = select(_C.id).where(_C.sender_id == sender.c.id, *seen).correlate(sender)
        statement = statement.where(theirs.exists())
    statement = statement.order_by(begins.desc(), sender.c.code, sender.c.id).limit(MOST_SENDERS)
    return [
        (row.id, f"{row.name} ({row.code})" if row.name and row.name != row.code else row.code)
        for row in session.connection().execute(statement)
    ]


def _needs_rows(wanted: Wanted) -> bool:
    """Whether the daily counts cannot tell how many there are."""
    return any(
        value is not None
        for value in (
            wanted.rule_id,
            wanted.standing,
            wanted.waits_for,
            wanted.waybill_number,
        )
    )


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of the list: its rows have a key, or all of them lack it.

    Attributes:
        key: by which they are ordered before their own number; None: by that alone.
        lacking: whether these are the rows without the key.
        falling: from the largest to the smallest.
    """

    key: ColumnElement[Any] | None
    lacking: bool
    falling: bool

    @property
    def keys(self) -> Keys:
        """By what the rows are ordered; no two have the same."""
        return (_C.id,) if self.key is None or self.lacking else (self.key, _C.id)

    @property
    def condition(self) -> list[ColumnElement[bool]]:
        """Which rows these are."""
        if self.key is None or self.key is _C.day:
            return []
        return [self.key.is_(None) if self.lacking else self.key.is_not(None)]

    def holds(self, cursor: Any) -> bool:
        """Whether a row is one of these."""
        return self.key is None or (getattr(cursor, self.key.name) is None) is self.lacking


def _order(sort: FindingSort, wanted: Wanted) -> list[_Stretch]:
    """The stretches of the list, one behind the other; those that lack the key come last."""
    if sort is FindingSort.LARGEST:
        return [_Stretch(_C.low, False, True), _Stretch(_C.low, True, True)]
    if sort is FindingSort.SENDER:
        return [_Stretch(_C.sender_id, False, False), _Stretch(_C.sender_id, True, False)]
    # By day where days are chosen, for then that index holds the rows together.
    by_day = wanted.since is not None or wanted.until is not None
    return [_Stretch(_C.day if by_day else None, False, sort is FindingSort.NEWEST)]


def _cursor(session: Session, parcel_id: int | None) -> Any:
    if parcel_id is None:
        return None
    columns = select(_C.id, _C.day, _C.low, _C.sender_id).where(_C.id == parcel_id)
    return session.connection().execute(columns).first()


def _parcels(
    session: Session,
    chosen: Sequence[ColumnElement[bool]],
    order: Sequence[_Stretch],
    cursor: Any,
    limit: int,
    *,
    backwards: bool,
) -> list[Any]:
    found: list[Any] = []
    ahead = cursor is not None
    for stretch in reversed(order) if backwards else order:
        own = stretch.condition
        falling = stretch.falling is not backwards
        if ahead:
            if not stretch.holds(cursor):
                continue
            values = [getattr(cursor, key.name) for key in stretch.keys]
            own = [*own, _beyond(stretch.keys, values, falling=falling)]
            ahead = False
        statement: Select[Any] = (
            select(_C.id, _C.finding_id)
            .where(*chosen, *own)
            .order_by(*(key.desc() if falling else key.asc() for key in stretch.keys))
            .limit(limit - len(found))
        )
        found += session.connection().execute(statement).all()
        if len(found) >= limit:
            break
    return found


def _beyond(keys: Keys, values: Sequence[Any], *, falling: bool) -> ColumnElement[bool]:
    """Rows behind a row: by the first key, and where that is the same by the next."""
    first: ColumnElement[bool] = keys[0] < values[0] if falling else keys[0] > values[0]
    if len(keys) == 1:
        return first
    # The bare bound first: by it an index finds its place.
    bound = keys[0] <= values[0] if falling else keys[0] >= values[0]
    return and_(bound, or_(first, _beyond(keys[1:], values[1:], falling=falling)))
