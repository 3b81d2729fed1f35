"""Which letter belongs to a step of a case, made of what the records and the settings say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from greenpack.records.case_forms import CaseEventKind
from greenpack.records.case_queries import WholeCase
from greenpack.records.case_steps import terms_of
from greenpack.report.case_files import zone_of
from greenpack.report.case_letter import Agency, Letter
from greenpack.rules.consequences import Consequence
from greenpack.rules.profile import Profile
from greenpack.settings import Settings


def agency(settings: Settings) -> Agency:
    """Who writes, as the settings say."""
    return Agency(
        settings.agency_name.strip(),
        settings.agency_address.strip(),
        settings.agency_contact.strip(),
        settings.agency_remedies.strip(),
    )


def sender_words(whole: WholeCase) -> str:
    """The sender by name and code as declared."""
    name, code = whole.sender.name, whole.sender.code
    return code if name is None or name == code else f"{name} ({code})"


def draft_letter(
    whole: WholeCase,
    profile: Profile,
    settings: Settings,
    pictures: Mapping[str, bytes],
    due_on: date | None = None,
) -> Letter:
    """The letter that would come first: an order where the profile has one, else advice."""
    at = whole.events[-1].recorded_at
    kind = first_letter(profile, at.astimezone(zone_of(profile, settings)).date())
    return letter_for(whole, profile, settings, pictures, kind, at=at, due_on=due_on, issued=False)


def first_letter(profile: Profile, day: date) -> CaseEventKind:
    """Whether a case under this profile begins with an order or with a recommendation."""
    has_order = terms_of(profile, day).order is not None
    return CaseEventKind.CORRECTION_ORDERED if has_order else CaseEventKind.RECOMMENDED


def letter_for(
    whole: WholeCase,
    profile: Profile,
    settings: Settings,
    pictures: Mapping[str, bytes],
    kind: CaseEventKind,
    *,
    at: datetime,
    issued: bool,
    addressed_to: str = "",
    due_on: date | None = None,
    amount: int | None = None,
    note: str = "",
) -> Letter:
    """The letter of one step.

    Args:
        whole: the case before the step.
        profile: its rules.
        settings: who writes.
        pictures: evidence by SHA-256.
        kind: an order, a recommendation or a fine.
        at: when; aware.
        issued: whether it goes out; else it is a draft.
        addressed_to: name and address in lines; empty for the sender as declared.
        due_on: last day to correct.
        amount: of a fine.
        note: the reasons.
    """
    zone = zone_of(profile, settings)
    proposed = whole.life.proposed
    consequence: Consequence | None = None
    if kind is CaseEventKind.FINED and proposed is not None:
        consequence = next(
            (one for one in profile.consequences if one.id == proposed.consequence), None
        )
    elif kind is CaseEventKind.CORRECTION_ORDERED:
        consequence = terms_of(profile, at.astimezone(zone).date()).order
    return Letter(
        kind=kind,
        issued=issued,
        number=whole.case.number,
        written_at=at,
        zone=zone,
        agency=agency(settings),
        addressed_to=addressed_to.strip(),
        sender=sender_words(whole),
        profile=profile,
        findings=whole.findings,
        pictures=pictures,
        due_on=due_on,
        amount=amount,
        currency=None if proposed is None else proposed.currency,
        consequence=consequence,
        note=note.strip(),
    )
