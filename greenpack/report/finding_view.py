"""What the page shows of one finding, as plain words and columns; nothing here draws."""

from __future__ import annotations

from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from greenpack.report.findings_view import (
    Columns,
    advice_on,
    decision_words,
    interval_cell,
    quantity_name,
    time_words,
)
from greenpack.report.one_finding import OneFinding, PastDecision
from greenpack.rules.wording import limit_words, number_words

_UTC: Final = ZoneInfo("UTC")


def what_to_do(finding: OneFinding) -> str:
    """The advice that goes with the reason; for screening also what was merely hinted at."""
    advice = advice_on(finding.reason)
    if finding.screening in {None, finding.verdict}:
        return advice
    return f"{advice} Were the rule verified, it would have said: {finding.screening}."


def numbers_columns(finding: OneFinding) -> Columns:
    """The judged quantity with its limit, then everything else measured on the photo."""
    judged = finding.quantity
    others = [
        (quantity, interval)
        for quantity, interval in finding.measured.quantities.items()
        # Several photos or declared sizes may have narrowed the judged one: both are shown then.
        if quantity is not judged or interval != finding.interval
    ]
    limit = "none applied" if finding.limit is None else limit_words(finding.limit, judged)
    return {
        "quantity": [
            f"{quantity_name(judged)} (judged)",
            *(
                f"{quantity_name(quantity)}{' (this photo alone)' if quantity is judged else ''}"
                for quantity, _ in others
            ),
        ],
        "95 % interval": [
            interval_cell(finding.interval, judged, finding.limit),
            *(interval_cell(interval, quantity, None) for quantity, interval in others),
        ],
        "limit": [limit, *("" for _ in others)],
    }


def budget_columns(finding: OneFinding) -> Columns:
    """Where the width of the photo's intervals comes from."""
    lines = finding.measured.budget
    return {
        "quantity": [quantity_name(line.quantity) for line in lines],
        "source": [line.source for line in lines],
        "half-width": [f"± {number_words(line.half_width, line.quantity)}" for line in lines],
        "how it was obtained": [line.note for line in lines],
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
    return {
        "Waybill": finding.waybill or "unknown",
        "Sender": sender or "unknown",
        "Platform": finding.platform or "unknown",
        "Hub": ", ".join(finding.place) or "unknown",
        "Photo": finding.photo_name,
        "Taken (UTC)": time_words(finding.taken_at, _UTC),
        f"Taken ({zone.key})": time_words(finding.taken_at, zone),
        f"Received ({zone.key})": time_words(finding.received_at, zone),
        f"Judged ({zone.key})": time_words(finding.created_at, zone),
        "Profile": f"{finding.profile_id}, version {finding.profile_version}",
        "Rule": finding.rule_id,
    }


def pins(finding: OneFinding) -> dict[str, str]:
    """The hashes that tie the finding to exactly these bytes, by name."""
    return {
        "Model SHA-256": finding.model_sha256,
        "Photo SHA-256": finding.photo_sha256,
        "Evidence SHA-256": finding.evidence_sha256,
        "Profile SHA-256": finding.profile_sha256,
    }


def facts_html(named: dict[str, str]) -> str:
    """Facts as a list of definitions in HTML, every word escaped; long hashes wrap."""
    lines = "".join(
        '<div style="margin:0.35rem 0;overflow-wrap:anywhere">'
        f'<dt style="display:inline;font-weight:600">{escape(name)}:</dt> '
        f'<dd style="display:inline;margin:0">{escape(value)}</dd></div>'
        for name, value in named.items()
    )
    return f'<dl style="margin:0;padding:0">{lines}</dl>'


def decision_line(decision: PastDecision, zone: ZoneInfo) -> str:
    """A decision in one line: ``confirmed by Li Wei, 2026-11-23 ...: seen``."""
    line = f"{decision_words(decision.kind)} by {decision.by}, {time_words(decision.at, zone)}"
    return f"{line}: {decision.note}" if decision.note else line
