"""What the page shows of one finding, as plain words and columns; nothing here draws."""

from __future__ import annotations

from html import escape
from pathlib import PurePosixPath
from typing import Final
from zoneinfo import ZoneInfo

from greenpack.language.said_again import said_again
from greenpack.language.speaking import moment_text, tr
from greenpack.report.findings_view import (
    Columns,
    advice_on,
    interval_cell,
    meaning_of,
    quantity_name,
    time_words,
)
from greenpack.report.one_finding import OneFinding
from greenpack.report.other_photos import OtherPhoto
from greenpack.rules.profile import Profile, Rule
from greenpack.rules.wording import limit_words, number_words

_UTC: Final = ZoneInfo("UTC")


def what_to_do(finding: OneFinding) -> str:
    """The advice that goes with the reason; for screening also what was merely hinted at."""
    advice = advice_on(finding.reason)
    if finding.screening in {None, finding.verdict}:
        return advice
    hinted = tr(str(finding.screening))
    return tr(
        "{advice} Were the rule verified, it would have said: {verdict}.",
        advice=advice,
        verdict=hinted,
    )


def numbers_columns(finding: OneFinding) -> Columns:
    """The judged quantity with its limit, then everything else measured on the photo."""
    judged = finding.quantity
    others = [
        (quantity, interval)
        for quantity, interval in finding.measured.quantities.items()
        # Several photos or declared sizes may have narrowed the judged one: both are shown then.
        if quantity is not judged or interval != finding.interval
    ]
    limit = tr("none applied") if finding.limit is None else limit_words(finding.limit, judged)
    return {
        tr("quantity"): [
            tr("{quantity} (judged)", quantity=quantity_name(judged)),
            *(
                tr("{quantity} (this photo alone)", quantity=quantity_name(quantity))
                if quantity is judged
                else quantity_name(quantity)
                for quantity, _ in others
            ),
        ],
        tr("95 % interval"): [
            interval_cell(finding.interval, judged, finding.limit),
            *(interval_cell(interval, quantity, None) for quantity, interval in others),
        ],
        tr("limit"): [limit, *("" for _ in others)],
    }


def budget_columns(finding: OneFinding) -> Columns:
    """Where the width of the photo's intervals comes from."""
    lines = finding.measured.budget
    return {
        tr("quantity"): [quantity_name(line.quantity) for line in lines],
        tr("source"): [said_again(line.source) for line in lines],
        tr("half-width"): [f"± {number_words(line.half_width, line.quantity)}" for line in lines],
        tr("how it was obtained"): [said_again(line.note) for line in lines],
    }


def photo_columns(photos: list[OtherPhoto], finding: OneFinding, zone: ZoneInfo) -> Columns:
    """The other photos of the waybill, with the judged quantity as each alone has it."""
    return {
        tr("photo"): [PurePosixPath(photo.name).name for photo in photos],
        tr("received"): [moment_text(photo.received_at, zone) for photo in photos],
        tr("measured (95 % interval)"): [_of_photo(photo, finding) for photo in photos],
        tr("beside this one"): [
            tr("contradicts it") if photo.contradicts else tr("agrees") if photo.interval else ""
            for photo in photos
        ],
    }


def facts(finding: OneFinding, zone: ZoneInfo) -> dict[str, str]:
    """Parcel and photo by name, in the order of reading.

    Args:
        finding: the finding.
        zone: for local times.
    """
    sender = " ".join(
        part
        for part in (finding.sender_name, f"({finding.sender_code})" if finding.sender_code else "")
        if part
    )
    unknown = tr("unknown")
    return {
        tr("Waybill"): finding.waybill or unknown,
        tr("Sender"): sender or unknown,
        tr("Platform"): finding.platform or unknown,
        tr("Hub"): tr(", ").join(finding.place) or unknown,
        tr("Photo"): finding.photo_name,
        tr("Taken (UTC)"): time_words(finding.taken_at, _UTC),
        tr("Taken ({zone})", zone=zone.key): time_words(finding.taken_at, zone),
        tr("Received ({zone})", zone=zone.key): time_words(finding.received_at, zone),
        tr("Judged ({zone})", zone=zone.key): time_words(finding.created_at, zone),
    }


def rule_facts(finding: OneFinding, profile: Profile | None) -> dict[str, str]:
    """The rule with its clause and its sources, as far as the profile's file is there."""
    version = tr(
        "{profile}, version {version}",
        profile=finding.profile_id,
        version=finding.profile_version,
    )
    told = {tr("Profile"): version, tr("Rule"): finding.rule_id}
    rule = rule_of(finding, profile)
    if profile is None or rule is None:
        return told
    told[tr("Instrument")] = tr(profile.title)
    told[tr("Clause")] = tr(rule.clause)
    told[tr("In force")] = said_again(rule.period_words())
    for number, source in enumerate(rule.sources, start=1):
        words = f"{source.cite} {tr(source.states) if source.states else ''}".strip()
        told[tr("Source {number}", number=number)] = words
    return told


def rule_of(finding: OneFinding, profile: Profile | None) -> Rule | None:
    """The finding's rule as the profile's file has it now, or None."""
    rules = () if profile is None else profile.rules
    return next((rule for rule in rules if rule.id == finding.rule_id), None)


def is_another_version(finding: OneFinding, profile: Profile | None) -> bool:
    """Whether the profile's file is no longer the one that judged."""
    return profile is not None and profile.sha256 != finding.profile_sha256


def pins(finding: OneFinding) -> dict[str, str]:
    """The hashes that tie the finding to exactly these bytes, by name."""
    return {
        tr("Model SHA-256"): finding.model_sha256,
        tr("Photo SHA-256"): finding.photo_sha256,
        tr("Evidence SHA-256"): finding.evidence_sha256,
        tr("Profile SHA-256"): finding.profile_sha256,
    }


def facts_html(named: dict[str, str]) -> str:
    """Facts as a list of definitions in HTML, every word escaped; long hashes wrap."""
    lines = "".join(
        '<div style="margin:0.35rem 0;overflow-wrap:anywhere">'
        f'<dt style="display:inline;font-weight:600">{escape(tr("{name}:", name=name))}</dt> '
        f'<dd style="display:inline;margin:0">{escape(value)}</dd></div>'
        for name, value in named.items()
    )
    return f'<dl style="margin:0;padding:0">{lines}</dl>'


def _of_photo(photo: OtherPhoto, finding: OneFinding) -> str:
    if photo.reason == "":
        return tr("not measured yet")
    if photo.reason is not None:
        return meaning_of(photo.reason)
    return interval_cell(photo.interval, finding.quantity, finding.limit)
