"""What can go wrong when people decide about findings: codes for ``greenpack.reasons``."""

from __future__ import annotations

DECISION_REASONS = (
    (
        "finding_unknown",
        "there is no such finding",
        "Look for it in the list of findings again.",
    ),
    (
        "finding_superseded",
        "a newer finding has taken this one's place",
        "Look at the newer finding and decide about that.",
    ),
    (
        "decision_not_in_force",
        "this decision does not count any more",
        "Load the page again to see what was decided since.",
    ),
    (
        "decided_already",
        "you have decided so already",
        "Somebody else must decide too: two different persons are asked for.",
    ),
    (
        "decision_not_yours",
        "somebody else made this decision",
        "Ask them to withdraw it, or a supervisor.",
    ),
    (
        "dismissal_unexplained",
        "a dismissal for another reason needs a note",
        "Write into the note why the finding does not stand.",
    ),
    (
        "withdrawal_unexplained",
        "withdrawing a decision needs a note",
        "Write into the note why it no longer counts.",
    ),
    (
        "decider_unnamed",
        "nobody is named who decides",
        "Type your name beside the buttons.",
    ),
)
