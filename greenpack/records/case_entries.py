"""What people ask to be recorded about cases, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from greenpack.records.case_steps import Wanted
from greenpack.records.scope import Scope
from greenpack.rules.profile import Profile


@dataclass(frozen=True, slots=True)
class Person:
    """Who records something: the name as it is kept, and the account where there is one."""

    name: str
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with an event, which lies in the store already."""

    sha256: str
    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to be opened.

    Attributes:
        sender_id: whose parcels.
        profile: the one that judged the findings; its file lies in the store already.
        findings: confirmed violations of that sender, one at least, each once.
        scope: the jurisdiction that keeps the case; the findings lie in it.
        day: today, in the profile's time zone; gives the number its year.
        note: what the case is about; may be empty.
        two_person: whether a confirmation needs two persons.
    """

    sender_id: int
    profile: Profile
    findings: tuple[int, ...]
    scope: Scope
    day: date
    note: str = ""
    two_person: bool = True


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step to be recorded; see ``Wanted`` for what each kind needs.

    Attributes:
        wanted: the step.
        seen: number of the last event that the person saw.
        finding_id: of a finding added or removed.
        addressed_to: name and address for a letter.
        file: what came with it.
    """

    wanted: Wanted
    seen: int
    finding_id: int | None = None
    addressed_to: str | None = None
    file: Attached | None = None
