"""What the findings page shows, as plain words and columns; nothing here draws."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final, Literal
from zoneinfo import ZoneInfo

from greenpack.intake.waybill_number import normalise
from greenpack.language.speaking import mark, moment_text, tr
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.reasons import REASONS
from greenpack.records.answers import ReasonCount, SenderGroup
from greenpack.records.finding_rows import ListedRow
from greenpack.report.decision_words import standing_words
from greenpack.rules.verdict import Verdict
from greenpack.rules.wording import QUANTITY_WORDS, number_words

Columns = dict[str, list[str | int]]

# A second sign beside the word, never instead of it.
VERDICT_COLOURS: Final[dict[Verdict, Literal["red", "orange", "green", "blue", "gray"]]] = {
    Verdict.VIOLATION: "red",
    Verdict.UNDETERMINED: "orange",
    Verdict.COMPLIANT: "green",
    Verdict.EXEMPT: "blue",
    Verdict.UNMEASURABLE: "gray",
}
_NO_SENDER: Final = {
    SenderGroup.UNKNOWN: mark("(sender unknown)"),
    SenderGroup.UNATTRIBUTED: mark("(no waybill found)"),
}
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """The text with every sign escaped that Markdown could take for markup.

    For words of our own around a path or a number. A bare web address still becomes a link, so
    what comes from outside (names, notes, file names) is drawn without Markdown altogether.
    """
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def quantity_name(quantity: Quantity) -> str:
    """What was measured, for a heading: ``void ratio``."""
    return tr(QUANTITY_WORDS[quantity].name).removeprefix("the ")


def interval_cell(interval: Interval | None, quantity: Quantity, limit: float | None) -> str:
    """A number with its interval in one short cell: ``31.0 % (28.0 % to 34.0 %)``.

    Decimals are added where rounding would move a number over the limit.
    """
    if interval is None:
        return tr("not measured")
    low = number_words(interval.low, quantity, limit)
    high = number_words(interval.high, quantity, limit)
    if interval.value is not None:
        value = number_words(interval.value, quantity, limit)
        return tr("{value} ({low} to {high})", value=value, low=low, high=high)
    is_share = QUANTITY_WORDS[quantity].unit == "percent"
    if is_share and interval.high >= 1.0:
        return tr("at least {low}", low=low)
    return tr("{low} to {high}", low=low, high=high)


def time_words(moment: datetime | None, zone: ZoneInfo) -> str:
    """A moment in a time zone with its offset: ``2026-11-23 16:30:15 UTC+08:00``."""
    if moment is None:
        return tr("unknown")
    local = moment.astimezone(zone)
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{offset[:3]}:{offset[3:5]}"


def waybill_wanted(text: str) -> str | None:
    """The waybill number that a person typed, written as the records have it; None if none."""
    return normalise(text) or text.strip() or None


def sender_words(group: SenderGroup, name: str | None, code: str | None) -> str:
    """A sender's name, else its code, or in words why there is none."""
    none = _NO_SENDER.get(group)
    return tr(none) if none else name or code or tr(_NO_SENDER[SenderGroup.UNKNOWN])


def listed_columns(
    rows: Sequence[ListedRow], zone: ZoneInfo, *, two_person: bool = True
) -> Columns:
    """One page of findings, the columns that tell parcels apart first."""
    return {
        tr("finding"): [row.id for row in rows],
        tr("verdict"): [tr(row.verdict.value) for row in rows],
        tr("decision"): [standing_words(row.standing, two_person) for row in rows],
        tr("measured (95 % interval)"): [measured_words(row) for row in rows],
        tr("sender"): [sender_of(row) for row in rows],
        tr("waybill"): [row.waybill_number or tr("unknown") for row in rows],
        tr("hub"): [row.hub or row.municipality or row.province or tr("unknown") for row in rows],
        tr("rule"): [row.rule_id for row in rows],
        tr("received"): [moment_text(row.received_at, zone) for row in rows],
        tr("photo"): [PurePosixPath(row.source_name).name for row in rows],
    }


def measured_words(row: ListedRow) -> str:
    """What was measured with its interval: ``void ratio 66.0 % (62.0 % to 70.0 %)``."""
    return tr(
        "{quantity} {interval}",
        quantity=quantity_name(row.quantity),
        interval=interval_cell(row.interval, row.quantity, row.limit),
    )


def sender_of(row: ListedRow) -> str:
    """Who sent the parcel, or why that is not known."""
    if row.waybill_id is None:
        return sender_words(SenderGroup.UNATTRIBUTED, None, None)
    group = SenderGroup.UNKNOWN if row.sender_id is None else SenderGroup.SENDER
    return sender_words(group, row.sender_name, row.sender_code)


def unmeasurable_columns(counts: Sequence[ReasonCount]) -> Columns:
    """Photos without numbers: why, how many, and how to retake them."""
    return {
        tr("photos"): [count.photos for count in counts],
        tr("reason"): [count.reason for count in counts],
        tr("what it means"): [meaning_of(count.reason) for count in counts],
        tr("what to do"): [advice_on(count.reason) for count in counts],
    }


def meaning_of(code: str) -> str:
    """What a reason code means; the code itself where this version does not know it."""
    reason = REASONS.get(code)
    return code if reason is None else tr(reason.meaning)


def advice_on(code: str) -> str:
    """What to do about a reason code; empty where this version does not know it."""
    reason = REASONS.get(code)
    return "" if reason is None else tr(reason.advice)


def page_count(rows: int, page_size: int) -> int:
    """How many pages that many rows fill; one where there are none."""
    return max(1, -(-rows // page_size))
