"""The words of cases: what can happen to one, how it stands, and how an appeal ends."""

from __future__ import annotations

from enum import StrEnum

from greenpack.language.speaking import mark


class CaseEventKind(StrEnum):
    """What happened to a case; every one is an entry that is never changed or removed."""

    OPENED = mark("opened")
    FINDING_ADDED = mark("finding_added")
    FINDING_REMOVED = mark("finding_removed")
    RECOMMENDED = mark("recommended")
    CORRECTION_ORDERED = mark("correction_ordered")
    ANSWERED = mark("answered")
    EXTENDED = mark("extended")
    RECTIFIED = mark("rectified")
    REFUSED = mark("refused")
    FINE_PROPOSED = mark("fine_proposed")
    FINED = mark("fined")
    APPEALED = mark("appealed")
    APPEAL_DECIDED = mark("appeal_decided")
    CLOSED = mark("closed")
    REOPENED = mark("reopened")
    UNDONE = mark("undone")


class CaseState(StrEnum):
    """How a case stands after its last event."""

    OPEN = mark("open")
    RECOMMENDED = mark("recommended")
    ORDERED = mark("ordered")
    RECTIFIED = mark("rectified")
    REFUSED = mark("refused")
    FINE_PROPOSED = mark("fine_proposed")
    FINED = mark("fined")
    APPEALED = mark("appealed")
    SET_ASIDE = mark("set_aside")
    CLOSED = mark("closed")


class AppealOutcome(StrEnum):
    """What an appeal came to."""

    UPHELD = mark("upheld")
    CHANGED = mark("changed")
    SET_ASIDE = mark("set_aside")
