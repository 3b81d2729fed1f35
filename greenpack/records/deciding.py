"""Recording what people decide about findings; nothing is changed or removed, only followed."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from greenpack.reasons import GreenPackError
from greenpack.records.columns import now, storable
from greenpack.records.counting import count_finding
from greenpack.records.digests import entry_for
from greenpack.records.forms import DecisionKind, DismissalReason
from greenpack.records.ledger import LedgerKind, append_all, lock
from greenpack.records.standing import Said, Standing, in_force, standing
from greenpack.records.stored import given
from greenpack.records.tables import Decision, Finding
from greenpack.rules.verdict import Verdict


def decide(
    session: Session,
    finding_id: int,
    kind: DecisionKind,
    by: str,
    note: str = "",
    *,
    account_id: int | None = None,
    reason: DismissalReason | None = None,
    withdraws: int | None = None,
    settles: bool = False,
) -> Decision:
    """Record what a person decided about a finding, and how the finding stands then.

    Args:
        session: the caller commits.
        finding_id: the finding.
        kind: what was decided.
        by: the name of who decided.
        note: why, in the person's words; may be empty.
        account_id: the person's account, or None where nobody is asked who they are.
        reason: why it is dismissed; of dismissals only.
        withdraws: the decision that no longer counts; given exactly where ``kind`` says so.
        settles: whether a supervisor settles a disagreement by it.

    Raises:
        GreenPackError: ``finding_unknown``, ``finding_superseded`` where a newer finding has
            taken its place and should be looked at first, or ``decision_not_in_force`` where what
            is to be withdrawn is no confirmation or dismissal of this finding that counts.
        ValueError: if nobody is named, or the rest does not go with the kind.
    """
    if not by.strip():
        raise ValueError("a decision needs the name of who decided")
    if (kind is DecisionKind.WITHDRAWN) != (withdraws is not None):
        raise ValueError("a withdrawal names the decision that it withdraws")
    if reason is not None and kind is not DecisionKind.DISMISSED:
        raise ValueError("only a dismissal has a reason of this kind")
    lock(session)
    finding = session.get(Finding, finding_id, populate_existing=True)
    if finding is None:
        raise GreenPackError("finding_unknown", str(finding_id))
    if finding.superseded_by is not None:
        raise GreenPackError("finding_superseded", f"{finding_id} by {finding.superseded_by}")
    before = said_about(session, finding_id)
    if withdraws is not None and withdraws not in {said.id for said in in_force(before)}:
        raise GreenPackError("decision_not_in_force", str(withdraws))
    decision = Decision(
        finding_id=finding_id,
        kind=DecisionKind(kind).value,
        decided_by=storable(by),
        note=storable(note),
        created_at=now(),
        account_id=account_id,
        reason=None if reason is None else reason.value,
        withdraws=withdraws,
        settles=settles or None,
    )
    session.add(decision)
    session.flush()
    stands = standing([*before, said_by(decision)], finding.verdict == Verdict.VIOLATION)
    finding.standing = None if stands is Standing.OPEN else stands.value
    session.add(finding)
    session.flush()
    count_finding(session, finding_id)
    more: dict[str, Any] = {} if withdraws is None else {"withdraws": withdraws}
    entry = entry_for(
        LedgerKind.DECISION,
        decision,
        finding=finding_id,
        decision=decision.kind,
        by=decision.decided_by,
        stands=stands.value,
        **more,
    )
    append_all(session, [entry])
    return decision


def said_about(session: Session, finding_id: int) -> list[Said]:
    """All decisions about a finding, the oldest first, as its standing depends on them."""
    statement = (
        select(Decision)
        .where(Decision.finding_id == finding_id)
        .order_by(col(Decision.id))
        .execution_options(populate_existing=True)
    )
    return [said_by(decision) for decision in session.exec(statement)]


def said_by(decision: Decision) -> Said:
    """A decision's row, as the standing depends on it."""
    return Said(
        id=given(decision.id),
        kind=DecisionKind(decision.kind),
        by=decision.decided_by,
        account_id=decision.account_id,
        withdraws=decision.withdraws,
        settles=bool(decision.settles),
    )
