"""How a finding stands after what people decided about it. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from greenpack.language.speaking import mark
from greenpack.records.forms import DecisionKind


class Standing(StrEnum):
    """What the decisions about a finding amount to."""

    OPEN = mark("open")  # nobody has decided, or everything was withdrawn
    ONE_CONFIRMED = mark("one_confirmed")  # a second person must confirm it too
    CONFIRMED = mark("confirmed")
    DISMISSED = mark("dismissed")
    CONTESTED = mark("contested")  # people disagree: a supervisor settles it


@dataclass(frozen=True, slots=True)
class Said:
    """A decision, as far as the standing depends on it.

    Attributes:
        id: the decision's number; later ones have larger numbers.
        kind: what was decided.
        by: the name of who decided.
        account_id: the person's account, or None where nobody was asked who they are.
        withdraws: the number of the decision that this one withdraws, or None.
        settles: whether a supervisor settled a disagreement by it.
    """

    id: int
    kind: DecisionKind
    by: str
    account_id: int | None = None
    withdraws: int | None = None
    settles: bool = False


def standing(decisions: Iterable[Said], two_person: bool = True) -> Standing:
    """How a finding stands.

    Of each person the last word counts, unless it was withdrawn. One person's dismissal
    dismisses. A confirmation confirms, where two persons are asked for only the second person's.
    If one confirms what another dismisses, it is contested until one of them withdraws or a third
    person settles it; what is decided after that can contest it again. What follows from a
    finding (a correction ordered, a fine) says nothing about whether it stands.

    Args:
        decisions: all of them, in any order.
        two_person: whether two persons must confirm; for findings that say violation.
    """
    votes = _votes(in_force(decisions))
    if not votes:
        return Standing.OPEN
    confirmed = sum(vote.kind is DecisionKind.CONFIRMED for vote in votes)
    if 0 < confirmed < len(votes):
        return Standing.CONTESTED
    if not confirmed:
        return Standing.DISMISSED
    return Standing.ONE_CONFIRMED if two_person and confirmed == 1 else Standing.CONFIRMED


def under(stored: Standing, two_person: bool) -> Standing:
    """The standing of a violation that is stored for the two-person rule, with or without it."""
    if stored is Standing.ONE_CONFIRMED and not two_person:
        return Standing.CONFIRMED
    return stored


def in_force(decisions: Iterable[Said]) -> list[Said]:
    """Confirmations and dismissals that nobody withdrew, the oldest first."""
    ordered = sorted(decisions, key=lambda said: said.id)
    withdrawn = {said.withdraws for said in ordered}
    return [
        said
        for said in ordered
        if said.kind in {DecisionKind.CONFIRMED, DecisionKind.DISMISSED}
        and said.id not in withdrawn
    ]


def word_of(decisions: Sequence[Said], by: str, account_id: int | None = None) -> Said | None:
    """The last decision of one person that is in force, or None."""
    person = Said(0, DecisionKind.CONFIRMED, by, account_id)
    own = [said for said in in_force(decisions) if same_person(said, person)]
    return own[-1] if own else None


def same_person(one: Said, other: Said) -> bool:
    """Whether two decisions are one person's: by account, or by name where one has none."""
    if one.account_id is not None and other.account_id is not None:
        return one.account_id == other.account_id
    return _name(one.by) == _name(other.by)


def _votes(decisions: Sequence[Said]) -> list[Said]:
    """The last word of each person; what a settlement overruled is left out."""
    votes: list[Said] = []
    for said in decisions:
        votes = [vote for vote in votes if not same_person(vote, said)]
        if said.settles:
            votes = [vote for vote in votes if vote.kind is said.kind]
        votes.append(said)
    return votes


def _name(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
