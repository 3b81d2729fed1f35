"""How a case goes from one state to the next. Pure: events in, state and allowed steps out.

The order is the law's: a correction is ordered with a due date first; then it is rectified or
refused; and only then, where the profile says so, a range of fines opens. Nothing is ever changed:
``undone`` takes back the last step and is a step itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from greenpack.records.case_forms import AppealOutcome, CaseEventKind, CaseState

Kind = CaseEventKind


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, as far as the life of the case depends on it; the columns of ``case_event``."""

    number: int
    kind: CaseEventKind
    due_on: date | None = None
    consequence: str | None = None
    fine_low: int | None = None
    fine_high: int | None = None
    amount: int | None = None
    currency: str | None = None
    outcome: AppealOutcome | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class FineRange:
    """A range of fines that the profile states, whole units of ``currency``."""

    consequence: str
    low: int
    high: int
    currency: str


@dataclass(frozen=True, slots=True)
class Life:
    """How a case stands.

    Attributes:
        state: where it is.
        due_on: last day to correct; None where no order stands.
        proposed: the range that the fine is to come from, or None.
        amount: the fine, whole units of ``proposed.currency``; None where there is none.
        answered: whether the sender has answered since the last order or recommendation.
        resumes: what an appeal or a reopening leads back to.
        number: of the event that led here; 0 before the first.
        undoes_to: how it stood before that event, where it can be undone.
    """

    state: CaseState = CaseState.OPEN
    due_on: date | None = None
    proposed: FineRange | None = None
    amount: int | None = None
    answered: bool = False
    resumes: Life | None = None
    number: int = 0
    undoes_to: Life | None = None

    @property
    def overdue_since(self) -> date | None:
        """The due date, while an order waits for being followed; else None."""
        return self.due_on if self.state is CaseState.ORDERED else None

    def days_left(self, today: date) -> int | None:
        """Days until the due date, negative once it has passed; None where none is awaited."""
        due = self.overdue_since
        return None if due is None else (due - today).days


_NEXT: Final[Mapping[CaseState, tuple[CaseEventKind, ...]]] = MappingProxyType(
    {
        CaseState.OPEN: (
            Kind.FINDING_ADDED,
            Kind.FINDING_REMOVED,
            Kind.CORRECTION_ORDERED,
            Kind.RECOMMENDED,
            Kind.FINE_PROPOSED,
            Kind.ANSWERED,
            Kind.CLOSED,
        ),
        CaseState.RECOMMENDED: (Kind.ANSWERED, Kind.RECTIFIED, Kind.CLOSED),
        CaseState.ORDERED: (
            Kind.ANSWERED,
            Kind.RECTIFIED,
            Kind.REFUSED,
            Kind.EXTENDED,
            Kind.APPEALED,
            Kind.CLOSED,
        ),
        CaseState.RECTIFIED: (Kind.ANSWERED, Kind.CLOSED),
        CaseState.REFUSED: (
            Kind.FINE_PROPOSED,
            Kind.RECTIFIED,
            Kind.ANSWERED,
            Kind.APPEALED,
            Kind.CLOSED,
        ),
        CaseState.FINE_PROPOSED: (Kind.FINED, Kind.RECTIFIED, Kind.ANSWERED, Kind.CLOSED),
        CaseState.FINED: (Kind.RECTIFIED, Kind.ANSWERED, Kind.APPEALED, Kind.CLOSED),
        CaseState.APPEALED: (Kind.APPEAL_DECIDED, Kind.ANSWERED),
        CaseState.SET_ASIDE: (Kind.ANSWERED, Kind.CLOSED),
        CaseState.CLOSED: (Kind.REOPENED,),
    }
)
# Adding has its opposite in removing; the opening is what the case is.
_FOR_GOOD: Final = frozenset({Kind.OPENED, Kind.FINDING_ADDED, Kind.FINDING_REMOVED, Kind.UNDONE})
_STATES: Final[Mapping[CaseEventKind, CaseState]] = MappingProxyType(
    {
        Kind.RECOMMENDED: CaseState.RECOMMENDED,
        Kind.CORRECTION_ORDERED: CaseState.ORDERED,
        Kind.RECTIFIED: CaseState.RECTIFIED,
        Kind.REFUSED: CaseState.REFUSED,
        Kind.FINE_PROPOSED: CaseState.FINE_PROPOSED,
        Kind.FINED: CaseState.FINED,
        Kind.APPEALED: CaseState.APPEALED,
        Kind.CLOSED: CaseState.CLOSED,
    }
)


def life_of(events: Iterable[Happened]) -> Life:
    """How a case stands after all its events, in their order.

    Raises:
        ValueError: if the first is not ``opened``, or one does not follow from those before it.
    """
    life: Life | None = None
    for event in events:
        if life is None:
            if event.kind is not Kind.OPENED:
                raise ValueError("a case begins with its opening")
            life = Life(number=event.number)
        else:
            life = after(life, event)
    if life is None:
        raise ValueError("a case has one event at least")
    return life


def follows(life: Life) -> tuple[CaseEventKind, ...]:
    """The kinds of events that can follow, whatever the profile provides for; undoing last."""
    undo = (Kind.UNDONE,) if life.undoes_to is not None else ()
    return (*_NEXT[life.state], *undo)


def after(life: Life, event: Happened) -> Life:
    """How the case stands after one more event.

    Raises:
        ValueError: if it cannot follow.
    """
    kind = event.kind
    if kind not in follows(life):
        raise ValueError(f"{kind} does not follow in a case that is {life.state}")
    if kind is Kind.UNDONE:
        if event.undoes != life.number or life.undoes_to is None:
            raise ValueError(f"only event {life.number} can be undone")
        return life.undoes_to
    changed = _changed(life, event)
    if kind in _FOR_GOOD:
        # What came before cannot be undone past this any more.
        return replace(changed, number=event.number, undoes_to=None)
    return replace(changed, number=event.number, undoes_to=life)


def _changed(life: Life, event: Happened) -> Life:
    kind = event.kind
    changed = replace(life, state=_STATES.get(kind, life.state))
    if kind is Kind.ANSWERED:
        changed = replace(life, answered=True)
    elif kind is Kind.EXTENDED:
        changed = replace(life, due_on=event.due_on)
    elif kind in (Kind.APPEALED, Kind.CLOSED):
        changed = replace(changed, resumes=life)
    elif kind is Kind.REOPENED:
        assert life.resumes is not None
        changed = life.resumes
    elif kind is Kind.APPEAL_DECIDED:
        changed = _appealed(life, event)
    elif kind in (Kind.CORRECTION_ORDERED, Kind.RECOMMENDED):
        changed = replace(changed, due_on=event.due_on, answered=False)
    elif kind is Kind.FINE_PROPOSED:
        changed = replace(changed, proposed=_range(event), amount=None)
    elif kind is Kind.FINED:
        changed = replace(changed, amount=event.amount)
    return changed


def _appealed(life: Life, event: Happened) -> Life:
    """The appeal leaves all as it was, changes the due date or the fine, or ends everything."""
    assert life.resumes is not None
    before = life.resumes
    if event.outcome is AppealOutcome.SET_ASIDE:
        return replace(before, state=CaseState.SET_ASIDE, due_on=None, proposed=None, amount=None)
    if event.outcome is AppealOutcome.UPHELD:
        return before
    if event.amount is not None and before.state is CaseState.FINED:
        return replace(before, amount=event.amount)
    # A new due date gives a refused order another chance.
    state = CaseState.ORDERED if before.state is CaseState.REFUSED else before.state
    return replace(before, state=state, due_on=event.due_on)


def _range(event: Happened) -> FineRange:
    if (
        event.consequence is None
        or event.fine_low is None
        or event.fine_high is None
        or event.currency is None
    ):
        raise ValueError("a proposed fine has a range")
    return FineRange(event.consequence, event.fine_low, event.fine_high, event.currency)
