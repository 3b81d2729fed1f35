"""The letter to a sender: what was found, under which rule, what to do by when; as a PDF.

It says what the profile states and no more: which law, which clause, which time, which appeal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from greenpack.language.speaking import (
    Language,
    date_text,
    mark,
    moment_text,
    number_text,
    speaking,
    tr,
    trn,
)
from greenpack.records.case_finding_queries import CaseFinding
from greenpack.records.case_forms import CaseEventKind
from greenpack.report.findings_view import interval_cell, quantity_name
from greenpack.report.written_page import WrittenPages
from greenpack.rules.consequences import Consequence, Needs, Step
from greenpack.rules.profile import Profile, Rule
from greenpack.rules.wording import limit_words

# More pictures make a letter that nobody can send; the archive has them all.
PICTURES: Final = 24
_PICTURE_MM: Final = 78.0

_TITLES: Final = {
    CaseEventKind.CORRECTION_ORDERED: mark("Order to correct excessive packaging"),
    CaseEventKind.RECOMMENDED: mark("Recommendation on packaging (no legal order)"),
    CaseEventKind.FINED: mark("Decision on a fine for excessive packaging"),
}


@dataclass(frozen=True, slots=True)
class Agency:
    """Who writes; empty where it was not set."""

    name: str = ""
    address: str = ""
    contact: str = ""
    remedies: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that a letter says.

    Attributes:
        kind: ``correction_ordered``, ``recommended`` or ``fined``.
        issued: whether it was recorded; a draft says that it is one.
        number: of the case.
        written_at: the moment it is dated by.
        zone: for local times.
        agency: who writes.
        addressed_to: name and address of the sender, in lines.
        sender: name and code of the sender as declared.
        profile: the rules.
        findings: what it rests on.
        pictures: evidence by SHA-256; one that is missing is said to be.
        due_on: last day to correct; None without one.
        amount: of a fine, whole units of ``currency``.
        currency: of ``amount``.
        consequence: what the order or fine rests on.
        note: the reasons that were recorded; may be empty.
    """

    kind: CaseEventKind
    issued: bool
    number: str
    written_at: datetime
    zone: ZoneInfo
    agency: Agency
    addressed_to: str
    sender: str
    profile: Profile
    findings: tuple[CaseFinding, ...]
    pictures: Mapping[str, bytes]
    due_on: date | None = None
    amount: int | None = None
    currency: str | None = None
    consequence: Consequence | None = None
    note: str = ""

    @property
    def dated(self) -> date:
        """Its day, in the profile's time zone."""
        return self.written_at.astimezone(self.zone).date()


def letter_pdf(letter: Letter, languages: Sequence[Language]) -> bytes:
    """The letter in one or more languages, one after the other; same content, same bytes."""
    pages = WrittenPages(
        letter.written_at,
        f"{letter.number} {letter.kind}",
        letter.agency.name or "GreenPack",
        letter.number,
    )
    for language in languages:
        with speaking(language):
            pages.set_lang(language.value)
            _write(pages, letter)
    return bytes(pages.output())


def _write(pages: WrittenPages, letter: Letter) -> None:
    pages.add_page()
    _head(pages, letter)
    pages.paragraph(_opening(letter))
    pages.boxed(_demand(letter))
    if letter.note:
        pages.paragraph(tr("Reasons: {note}", note=letter.note))
    _findings(pages, letter)
    for rule in _rules(letter):
        _rule(pages, letter, rule)
    _rights(pages, letter)
    _pictures(pages, letter)


def _head(pages: WrittenPages, letter: Letter) -> None:
    agency = letter.agency
    if not letter.issued:
        pages.boxed(tr("DRAFT. Not issued: nothing follows from this page."), 9.5)
    pages.paragraph(agency.name or _unset(tr("name of the authority"), "GREENPACK_AGENCY_NAME"), 14)
    lines = [
        agency.address.replace("|", "\n")
        or _unset(tr("address of the authority"), "GREENPACK_AGENCY_ADDRESS"),
        agency.contact or _unset(tr("contact of the authority"), "GREENPACK_AGENCY_CONTACT"),
    ]
    pages.small("\n".join(lines))
    pages.ln(4)
    case = tr("Case {number}", number=letter.number)
    pages.paragraph(f"{case}\n{date_text(letter.dated)}", align="R")
    pages.paragraph(letter.addressed_to or letter.sender)
    pages.ln(2)
    pages.paragraph(tr(_TITLES[letter.kind]), 16)
    if letter.addressed_to and letter.sender:
        pages.small(tr("Sender as declared on the waybills: {sender}", sender=letter.sender))
        pages.ln(2)


def _opening(letter: Letter) -> str:
    return trn(
        "The packaging of {count} parcel that you sent was measured on a photograph and found to "
        "break the rule below.",
        "The packaging of {count} parcels that you sent was measured on photographs and found to "
        "break the rules below.",
        len({finding.waybill_id or -finding.photo_id for finding in letter.findings}),
    )


def _demand(letter: Letter) -> str:
    if letter.kind is CaseEventKind.RECOMMENDED:
        words = tr(
            "These rules ({title}) are no law. This letter is a recommendation and no legal order: "
            "nobody is obliged by it, and no penalty follows from it. We suggest that you choose "
            "packaging that fits its contents more closely.",
            title=tr(letter.profile.title),
        )
        if letter.due_on is None:
            return words
        asked = tr("We will look again after {day}.", day=date_text(letter.due_on))
        return f"{words}\n{asked}"
    basis = "" if letter.consequence is None else tr(letter.consequence.clause)
    if letter.kind is CaseEventKind.FINED:
        fine = {
            "amount": "" if letter.amount is None else number_text(letter.amount),
            "currency": letter.currency or "",
            "clause": basis,
        }
        if letter.consequence is None or letter.consequence.needs is Needs.BREACH:
            return tr("A fine of {amount} {currency} is imposed under {clause}.", **fine)
        return tr(
            "The correction that was ordered was refused. A fine of {amount} {currency} is imposed "
            "under {clause}.",
            **fine,
        )
    due = "" if letter.due_on is None else date_text(letter.due_on)
    return tr(
        "You are ordered under {clause} to correct the packaging of your parcels by {day}, that "
        "day included.",
        clause=basis,
        day=due,
    )


def _findings(pages: WrittenPages, letter: Letter) -> None:
    pages.heading(tr("What was found"))
    pages.rows(
        (
            tr("No."),
            tr("Waybill"),
            tr("Photographed ({zone})", zone=letter.zone.key),
            tr("Measured (95 % interval)"),
            tr("Limit"),
            tr("Rule"),
        ),
        [
            (
                number_text(number),
                finding.waybill_number or tr("unknown"),
                moment_text(finding.taken_at or finding.received_at, letter.zone),
                tr(
                    "{title}: {text}",
                    title=quantity_name(finding.quantity),
                    text=interval_cell(finding.interval, finding.quantity, finding.limit),
                ),
                "" if finding.limit is None else limit_words(finding.limit, finding.quantity),
                finding.rule_id,
            )
            for number, finding in enumerate(letter.findings, 1)
        ],
        (8, 28, 31, 54, 13, 20),
    )
    pages.small(
        tr(
            "Every number has a 95 % interval. A parcel counts as breaking a rule only where the "
            "whole interval lies beyond the limit, and only after people looked at the picture."
        )
    )


def _rules(letter: Letter) -> list[Rule]:
    named = {finding.rule_id for finding in letter.findings}
    return [rule for rule in letter.profile.rules if rule.id in named]


def _rule(pages: WrittenPages, letter: Letter, rule: Rule) -> None:
    pages.heading(tr("The rule: {title}", title=tr(rule.title)))
    pages.paragraph(f"{tr(letter.profile.title)}\n{tr(rule.clause)}")
    pages.paragraph(tr(rule.explanation))
    for source in rule.sources:
        pages.small(tr("Source: {source}", source=source.cite))
    pages.small(
        tr(
            "Profile {profile}, version {version}, SHA-256 of its file: {sha256}",
            profile=letter.profile.id,
            version=letter.profile.version,
            sha256=letter.profile.sha256,
        )
    )


def _rights(pages: WrittenPages, letter: Letter) -> None:
    pages.heading(tr("Your answer"))
    pages.paragraph(
        tr(
            "You may answer in writing to the address at the head of this letter, naming case "
            "{number}. What you answer becomes part of the case.",
            number=letter.number,
        )
    )
    if letter.kind is CaseEventKind.RECOMMENDED:
        return
    pages.heading(tr("Appeal"))
    appeals = [
        one
        for one in letter.profile.consequences
        if one.step is Step.APPEAL and one.verified and one.in_force(letter.dated)
    ]
    for appeal in appeals:
        pages.paragraph(
            tr(
                "{title} ({clause}): {text}",
                title=tr(appeal.title),
                clause=tr(appeal.clause),
                text=tr(appeal.explanation),
            )
        )
        if appeal.days is not None:
            pages.paragraph(trn("Time: {count} day.", "Time: {count} days.", appeal.days))
        if appeal.addressee:
            pages.paragraph(tr("Addressee: {addressee}", addressee=tr(appeal.addressee)))
        for source in appeal.sources:
            pages.small(tr("Source: {source}", source=source.cite))
    if letter.agency.remedies:
        pages.paragraph(letter.agency.remedies)
    elif not appeals:
        pages.paragraph(
            tr(
                "The rules on file state no way to appeal; that does not mean that there is none. "
                "The authority named at the head of this letter tells you which there is."
            )
        )


def _pictures(pages: WrittenPages, letter: Letter) -> None:
    shown = letter.findings[:PICTURES]
    if not shown:
        return
    pages.heading(tr("Evidence"))
    if len(letter.findings) > len(shown):
        pages.paragraph(
            tr(
                "The first {shown} of {count} pictures; the archive of the case holds all.",
                shown=number_text(len(shown)),
                count=number_text(len(letter.findings)),
            )
        )
    for number, finding in enumerate(shown, 1):
        missing = tr("The picture of this finding could not be read when this was written.")
        data = letter.pictures.get(finding.evidence_sha256, b"")
        pages.picture(data, _PICTURE_MM, missing)
        waybill = finding.waybill_number or tr("unknown")
        pages.small(
            tr("No. {number}, waybill {waybill}", number=number_text(number), waybill=waybill)
        )
        pages.small(tr("SHA-256 of this picture: {sha256}", sha256=finding.evidence_sha256))
        pages.small(tr("SHA-256 of the photograph: {sha256}", sha256=finding.photo_sha256))
        pages.ln(3)


def _unset(what: str, setting: str) -> str:
    return tr("[{what} not set: {setting}]", what=what, setting=setting)
