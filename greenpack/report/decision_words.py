"""Decisions, their reasons and standings, in the reader's words; nothing here draws."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from greenpack.language.speaking import mark, moment_text, tr
from greenpack.records.forms import DecisionKind, DismissalReason
from greenpack.records.standing import Standing, in_force, under
from greenpack.report.one_finding import OneFinding, PastDecision

_STANDINGS: Final = {
    Standing.OPEN: mark("undecided"),
    Standing.ONE_CONFIRMED: mark("one of two confirmed"),
    Standing.CONFIRMED: mark("confirmed"),
    Standing.DISMISSED: mark("dismissed"),
    Standing.CONTESTED: mark("contested"),
}
_KINDS: Final = {
    DecisionKind.CONFIRMED: mark("Confirmed by {name}, {moment}"),
    DecisionKind.DISMISSED: mark("Dismissed by {name}, {moment}"),
    DecisionKind.CORRECTION_ORDERED: mark("Correction ordered by {name}, {moment}"),
    DecisionKind.RECTIFIED: mark("Rectified, noted by {name}, {moment}"),
    DecisionKind.REFUSED: mark("Correction refused, noted by {name}, {moment}"),
    DecisionKind.FINED: mark("Fined, noted by {name}, {moment}"),
    DecisionKind.WITHDRAWN: mark("Withdrawn by {name}, {moment}"),
}
_REASONS: Final = {
    DismissalReason.WRONG_OUTLINE: mark("Outline wrong"),
    DismissalReason.GOODS_MISSED: mark("Goods missed"),
    DismissalReason.FILLER_MISTAKEN: mark("Filler mistaken"),
    DismissalReason.WRONG_PARCEL: mark("Another parcel"),
    DismissalReason.PHOTO_UNFIT: mark("Photo unfit"),
    DismissalReason.EXEMPT_GOODS: mark("Goods exempt"),
    DismissalReason.OTHER: mark("Other (see note)"),
}
_MEANINGS: Final = {
    DismissalReason.WRONG_OUTLINE: mark("The outline does not follow the opening or the parcel."),
    DismissalReason.GOODS_MISSED: mark("Goods in the parcel were not seen."),
    DismissalReason.FILLER_MISTAKEN: mark("Goods were taken for filler, or filler for goods."),
    DismissalReason.WRONG_PARCEL: mark("The photo shows another parcel than the waybill's."),
    DismissalReason.PHOTO_UNFIT: mark("The photo does not show enough to judge by."),
    DismissalReason.EXEMPT_GOODS: mark("The rule exempts these goods, which nobody declared."),
    DismissalReason.OTHER: mark("Another reason, which the note tells."),
}
# Why people take a decision back; the first is offered first.
WITHDRAWALS: Final = (
    mark("A slip of the hand."),
    mark("Seen otherwise at a second look."),
    mark("New facts have come in."),
)


def standing_words(stands: Standing, two_person: bool = True) -> str:
    """What the decisions amount to, in a word or two."""
    return tr(_STANDINGS[under(stands, two_person)])


def reason_words(reason: DismissalReason) -> str:
    """Why a finding is dismissed, short enough for a button."""
    return tr(_REASONS[reason])


def reason_meaning(reason: DismissalReason) -> str:
    """The same in a sentence."""
    return tr(_MEANINGS[reason])


def decision_line(decision: PastDecision, zone: ZoneInfo) -> str:
    """Who decided what and when: ``Confirmed by Li Wei, 2026-11-23 16:30``."""
    moment = moment_text(decision.at, zone)
    return tr(_KINDS[decision.kind], name=decision.by, moment=moment)


def decision_detail(decision: PastDecision, finding: OneFinding) -> str:
    """Its reason and note, whether it settled a disagreement, and whether it still counts."""
    parts = []
    if decision.reason is not None and decision.reason is not DismissalReason.OTHER:
        parts.append(reason_meaning(decision.reason))
    if decision.note:
        parts.append(tr(decision.note) if decision.note in WITHDRAWALS else decision.note)
    if decision.said.settles:
        parts.append(tr("This settled the disagreement."))
    judged = {DecisionKind.CONFIRMED, DecisionKind.DISMISSED}
    counts = {said.id for said in in_force(past.said for past in finding.decisions)}
    if decision.kind in judged and decision.said.id not in counts:
        parts.append(tr("Withdrawn since."))
    return " ".join(parts)


def standing_sentence(finding: OneFinding, two_person: bool) -> str:
    """What the decisions amount to, and what is wanted next."""
    names = {
        kind: tr(", ").join(
            dict.fromkeys(
                said.by
                for said in in_force(past.said for past in finding.decisions)
                if said.kind is kind
            )
        )
        for kind in (DecisionKind.CONFIRMED, DecisionKind.DISMISSED)
    }
    match under(finding.standing, two_person):
        case Standing.OPEN:
            return tr("Nobody has decided about this finding yet.")
        case Standing.ONE_CONFIRMED:
            return tr(
                "Confirmed by {name}. A violation needs two persons: another must confirm it too.",
                name=names[DecisionKind.CONFIRMED],
            )
        case Standing.CONFIRMED:
            return tr("Confirmed by {names}.", names=names[DecisionKind.CONFIRMED])
        case Standing.DISMISSED:
            return tr("Dismissed by {names}.", names=names[DecisionKind.DISMISSED])
        case Standing.CONTESTED:
            return tr(
                "{confirming} confirmed what {dismissing} dismissed. A supervisor who has not "
                "decided about it settles this; or one of them withdraws.",
                confirming=names[DecisionKind.CONFIRMED],
                dismissing=names[DecisionKind.DISMISSED],
            )
