"""Which steps a case may take next under a profile, and whether one is as it must be. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from greenpack.reasons import GreenPackError
from greenpack.records.case_forms import AppealOutcome, CaseEventKind, CaseState
from greenpack.records.case_life import Life, follows
from greenpack.rules.consequences import Consequence, Needs, Step
from greenpack.rules.profile import Profile

Kind = CaseEventKind

# What the sender says may stand in the attached file alone; every other reason is put in words.
_NOTE_OR_FILE: Final = frozenset({Kind.ANSWERED, Kind.APPEALED})
_NOTE: Final = frozenset(
    {
        Kind.FINDING_REMOVED,
        Kind.EXTENDED,
        Kind.RECTIFIED,
        Kind.REFUSED,
        Kind.FINE_PROPOSED,
        Kind.FINED,
        Kind.APPEAL_DECIDED,
        Kind.CLOSED,
        Kind.REOPENED,
        Kind.UNDONE,
    }
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a profile provides for on a day; only what is verified can be taken.

    Attributes:
        is_law: whether the profile renders law; else a case ends at a recommendation.
        order: the order to correct, or None where nothing verified provides for it.
        fines: verified fines; of those by count, the one for the breach that this is.
        appeals: verified ways to appeal.
        unverified: what is only reported to be provided for.
    """

    is_law: bool
    order: Consequence | None = None
    fines: tuple[Consequence, ...] = ()
    appeals: tuple[Consequence, ...] = ()
    unverified: tuple[Consequence, ...] = ()

    def fine(self, consequence: str | None) -> Consequence | None:
        """The fine of that id that can be taken, or None."""
        return next((one for one in self.fines if one.id == consequence), None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A step that somebody wants to take.

    Attributes:
        kind: which.
        note: the reasons, or what the sender answered.
        has_file: whether a file comes with it.
        due_on: the due date of an order, extension or changed order.
        consequence: of a proposed fine, its id in the profile.
        amount: of a fine or a changed fine, whole units.
        outcome: of a decided appeal.
    """

    kind: CaseEventKind
    note: str = ""
    has_file: bool = False
    due_on: date | None = None
    consequence: str | None = None
    amount: int | None = None
    outcome: AppealOutcome | None = None


def terms_of(profile: Profile, day: date, earlier_fines: dict[int, int] | None = None) -> Terms:
    """What a profile provides for.

    Args:
        profile: the one that judged the findings.
        day: today, in the profile's time zone.
        earlier_fines: how many fines the sender had within so many days, by days; for fines
            by count.
    """
    if not profile.is_law:
        return Terms(False)
    current = [one for one in profile.consequences if one.in_force(day)]
    verified = [one for one in current if one.verified]
    orders = [one for one in verified if one.step is Step.CORRECTION_ORDER]
    return Terms(
        True,
        orders[0] if orders else None,
        tuple(_fines(verified, earlier_fines or {})),
        tuple(one for one in verified if one.step is Step.APPEAL),
        tuple(one for one in current if not one.verified),
    )


def allowed_steps(life: Life, terms: Terms, today: date) -> tuple[CaseEventKind, ...]:
    """The steps that are allowed now, in the order in which a page offers them."""
    return tuple(kind for kind in follows(life) if _provided(kind, life, terms, today))


def check_step(life: Life, terms: Terms, wanted: Wanted, today: date) -> None:
    """Refuse a step that is not as it must be.

    Raises:
        GreenPackError: ``case_step_not_allowed``, ``case_refusal_too_early``,
            ``case_note_missing``, ``case_due_date_wrong``, ``case_consequence_unknown`` or
            ``case_amount_out_of_range``.
    """
    kind = wanted.kind
    if kind is Kind.REFUSED and kind in follows(life) and not _may_refuse(life, today):
        raise GreenPackError("case_refusal_too_early", str(life.due_on))
    if kind not in follows(life):
        raise GreenPackError("case_step_not_allowed", f"{kind} in a case that is {life.state}")
    if not _provided(kind, life, terms, today):
        raise GreenPackError("case_consequence_unknown", kind.value)
    has_words = bool(wanted.note.strip()) or (kind in _NOTE_OR_FILE and wanted.has_file)
    if kind in _NOTE | _NOTE_OR_FILE and not has_words:
        raise GreenPackError("case_note_missing", kind.value)
    _check_due(life, wanted, today)
    _check_amount(life, terms, wanted)


def open_fines(life: Life, terms: Terms) -> tuple[Consequence, ...]:
    """The fines that may be proposed: after a refusal all, before it those that need none."""
    if life.state is CaseState.REFUSED:
        return terms.fines
    return tuple(one for one in terms.fines if one.needs is Needs.BREACH)


def _provided(kind: CaseEventKind, life: Life, terms: Terms, today: date) -> bool:
    if kind is Kind.CORRECTION_ORDERED:
        return terms.order is not None
    if kind is Kind.RECOMMENDED:
        # Whoever may order does not merely recommend.
        return terms.order is None
    if kind is Kind.FINE_PROPOSED:
        return bool(open_fines(life, terms))
    if kind is Kind.REFUSED:
        return _may_refuse(life, today)
    return True


def _may_refuse(life: Life, today: date) -> bool:
    return life.answered or (life.due_on is not None and today > life.due_on)


def _check_due(life: Life, wanted: Wanted, today: date) -> None:
    kind, due = wanted.kind, wanted.due_on
    needed = kind in (Kind.CORRECTION_ORDERED, Kind.EXTENDED)
    if kind is Kind.APPEAL_DECIDED and wanted.outcome is AppealOutcome.CHANGED:
        needed = life.resumes is None or life.resumes.state is not CaseState.FINED
    if not needed:
        if due is not None and kind is not Kind.RECOMMENDED:
            raise GreenPackError("case_due_date_wrong", f"{kind} has none")
        return
    if due is None or due <= today:
        raise GreenPackError("case_due_date_wrong", "" if due is None else str(due))
    if kind is Kind.EXTENDED and life.due_on is not None and due <= life.due_on:
        raise GreenPackError("case_due_date_wrong", f"{due} is not after {life.due_on}")


def _check_amount(life: Life, terms: Terms, wanted: Wanted) -> None:
    kind, amount = wanted.kind, wanted.amount
    if kind is Kind.FINE_PROPOSED:
        fine = terms.fine(wanted.consequence)
        if fine is None or fine not in open_fines(life, terms):
            raise GreenPackError("case_consequence_unknown", str(wanted.consequence))
    if kind is Kind.APPEAL_DECIDED and wanted.outcome is None:
        raise GreenPackError("case_step_not_allowed", "an appeal is decided with an outcome")
    before = life.resumes if kind is Kind.APPEAL_DECIDED else life
    changes = wanted.outcome is AppealOutcome.CHANGED
    fined = before is not None and before.state is CaseState.FINED
    if kind is Kind.FINED or (kind is Kind.APPEAL_DECIDED and changes and fined):
        allowed = None if before is None else before.proposed
        # Whoever decides an appeal may go below what the authority could.
        low = 0 if kind is Kind.APPEAL_DECIDED else (allowed.low if allowed else 0)
        if allowed is None or amount is None or not low <= amount <= allowed.high:
            raise GreenPackError("case_amount_out_of_range", "" if amount is None else str(amount))
    elif amount is not None:
        raise GreenPackError("case_amount_out_of_range", f"{kind} has none")


def _fines(verified: list[Consequence], earlier: dict[int, int]) -> list[Consequence]:
    fines = [one for one in verified if one.step is Step.FINE]
    chosen: list[Consequence] = []
    for one in fines:
        if one.breach is None or one.within_days is None:
            chosen.append(one)
            continue
        same = [
            other.breach
            for other in fines
            if other.breach is not None and other.within_days == one.within_days
        ]
        if one.breach == min(earlier.get(one.within_days, 0) + 1, max(same)):
            chosen.append(one)
    return chosen
