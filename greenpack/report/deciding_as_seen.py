"""Deciding about a finding as somebody saw it: by whom, with what reason, after which others."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from greenpack.reasons import GreenPackError
from greenpack.records.deciding import decide, said_about
from greenpack.records.forms import DecisionKind, DismissalReason
from greenpack.records.ledger import lock
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.standing import Said, Standing, same_person, standing, word_of
from greenpack.report.one_finding import one_finding


class DecidedMeanwhileError(Exception):
    """Somebody decided about the finding after the page was drawn."""


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides.

    Attributes:
        name: as others read it.
        account_id: the person's account, or None where nobody is asked who they are.
        settles: whether the person's role settles what others disagree about.
    """

    name: str
    account_id: int | None = None
    settles: bool = False

    def said(self, decision: Said) -> bool:
        """Whether a decision is this person's."""
        return same_person(decision, Said(0, decision.kind, self.name, self.account_id))


def decide_as_seen(
    session: Session,
    finding_id: int,
    kind: DecisionKind,
    by: Decider,
    note: str,
    seen: int,
    scope: Scope = EVERYTHING,
    *,
    reason: DismissalReason | None = None,
    withdraws: int | None = None,
) -> None:
    """Record a decision, unless it was made without knowing the latest one.

    Two people may look at the same finding, and a button may be pressed twice.

    Args:
        session: in a transaction that the caller commits, or rolls back if this raises.
        finding_id: the finding.
        kind: what was decided.
        by: who decided.
        note: why, in the person's words.
        seen: how many decisions the person saw.
        scope: what the person may see.
        reason: why it is dismissed.
        withdraws: the decision that is withdrawn.

    Raises:
        DecidedMeanwhileError: if there are other decisions than were seen.
        GreenPackError: ``finding_unknown``, ``finding_superseded``, ``decider_unnamed``,
            ``dismissal_unexplained``, ``withdrawal_unexplained``, ``decided_already``,
            ``decision_not_yours`` or ``decision_not_in_force``.
    """
    note = note.strip()
    if not by.name.strip():
        raise GreenPackError("decider_unnamed")
    if reason is DismissalReason.OTHER and not note:
        raise GreenPackError("dismissal_unexplained")
    if kind is DecisionKind.WITHDRAWN and not note:
        raise GreenPackError("withdrawal_unexplained")
    # First, because it waits for other writers: only then nobody can decide in between.
    lock(session)
    if scope != EVERYTHING:
        one_finding(session, finding_id, scope)
    told = said_about(session, finding_id)
    if len(told) != seen:
        raise DecidedMeanwhileError(finding_id)
    own = word_of(told, by.name, by.account_id)
    if own is not None and own.kind is kind:
        raise GreenPackError("decided_already")
    if withdraws is not None and not may_withdraw(by, told, withdraws):
        raise GreenPackError("decision_not_yours")
    decide(
        session,
        finding_id,
        kind,
        by.name,
        note,
        account_id=by.account_id,
        reason=reason,
        withdraws=withdraws,
        settles=may_settle(by, told) and kind is not DecisionKind.WITHDRAWN,
    )


def may_settle(by: Decider, told: list[Said]) -> bool:
    """Whether a word of this person settles it: others disagree, and the person is a third."""
    is_third = word_of(told, by.name, by.account_id) is None
    return by.settles and is_third and standing(told) is Standing.CONTESTED


def may_withdraw(by: Decider, told: list[Said], decision_id: int) -> bool:
    """Whether this person may withdraw a decision: their own, or anybody's for a supervisor."""
    return any(said.id == decision_id and (by.settles or by.said(said)) for said in told)
