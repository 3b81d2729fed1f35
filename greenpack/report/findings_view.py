"""What the findings page shows, as plain words and columns; nothing here draws."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from greenpack.intake.waybill_number import normalise
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.reasons import REASONS
from greenpack.records.answers import FindingRow, ReasonCount, SenderGroup, SenderRow
from greenpack.rules.verdict import Verdict
from greenpack.rules.wording import QUANTITY_WORDS, number_words

Columns = dict[str, list[str | int]]

ALL_SENDERS: Final = "all"
_NO_SENDER: Final = {
    SenderGroup.UNKNOWN: "(sender unknown)",
    SenderGroup.UNATTRIBUTED: "(no waybill found)",
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
    return QUANTITY_WORDS[quantity].name.removeprefix("the ")


def interval_cell(interval: Interval | None, quantity: Quantity, limit: float | None) -> str:
    """A number with its interval in one short cell: ``31.0 % (28.0 % to 34.0 %)``.

    Decimals are added where rounding would move a number over the limit.
    """
    if interval is None:
        return "not measured"
    low = number_words(interval.low, quantity, limit)
    high = number_words(interval.high, quantity, limit)
    if interval.value is not None:
        return f"{number_words(interval.value, quantity, limit)} ({low} to {high})"
    is_share = QUANTITY_WORDS[quantity].unit == "percent"
    return f"at least {low}" if is_share and interval.high >= 1.0 else f"{low} to {high}"


def time_words(moment: datetime | None, zone: ZoneInfo) -> str:
    """A moment in a time zone with its offset: ``2026-11-23 16:30:15 UTC+08:00``."""
    if moment is None:
        return "unknown"
    local = moment.astimezone(zone)
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{offset[:3]}:{offset[3:5]}"


def period(
    first: date | None, last: date | None, zone: ZoneInfo
) -> tuple[datetime | None, datetime | None]:
    """The moments [since, until) of whole days in a time zone, the last day included; in UTC."""
    since = None if first is None else datetime.combine(first, time(), zone).astimezone(UTC)
    if last is None:
        return since, None
    return since, datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)


def waybill_wanted(text: str) -> str | None:
    """The waybill number that a person typed, written as the records have it; None if none."""
    return normalise(text) or text.strip() or None


def sender_words(group: SenderGroup, name: str | None, code: str | None) -> str:
    """A sender's name, else its code, or in words why there is none."""
    return _NO_SENDER.get(group) or name or code or _NO_SENDER[SenderGroup.UNKNOWN]


def sender_columns(rows: Sequence[SenderRow]) -> Columns:
    """The table by sender, in the order given: parcels by verdict, every verdict a column."""
    table: Columns = {
        "sender": [sender_words(row.group, row.name, row.code) for row in rows],
        "code": [row.code or "" for row in rows],
        "platform": [row.platform or "" for row in rows],
    }
    for verdict in Verdict:
        table[verdict.value] = [row.counts.by_verdict[verdict] for row in rows]
    table["parcels"] = [row.counts.parcels for row in rows]
    return table


def sender_choices(rows: Sequence[SenderRow]) -> dict[str, str]:
    """What the sender filter offers: keys that stay the same when names change, and words."""
    return {ALL_SENDERS: "all senders"} | {_sender_key(row): _sender_label(row) for row in rows}


def sender_filter(choice: str) -> tuple[int | None, SenderGroup | None]:
    """The sender's row or the group that a key of ``sender_choices`` stands for."""
    if choice == ALL_SENDERS:
        return None, None
    if choice.isdecimal():
        return int(choice), None
    return None, SenderGroup(choice)


def finding_columns(rows: Sequence[FindingRow], zone: ZoneInfo) -> Columns:
    """One page of findings, the columns that tell parcels apart first."""
    return {
        "finding": [row.id for row in rows],
        "verdict": [row.verdict.value for row in rows],
        "waybill": [row.waybill_number or "unknown" for row in rows],
        "measured (95 % interval)": [
            f"{quantity_name(row.quantity)} {interval_cell(row.interval, row.quantity, row.limit)}"
            for row in rows
        ],
        "decision": [decision_words(row.decision) for row in rows],
        "sender": [sender_words(_group_of(row), row.sender_name, row.sender_code) for row in rows],
        "rule": [row.rule_id for row in rows],
        "received": [time_words(row.received_at, zone) for row in rows],
        "photo": [row.source_name for row in rows],
    }


def decision_words(kind: str | None) -> str:
    """A decision as a person reads it: ``correction ordered``; ``open`` where there is none."""
    return "open" if kind is None else str(kind).replace("_", " ")


def unmeasurable_columns(counts: Sequence[ReasonCount]) -> Columns:
    """Photos without numbers: why, how many, and how to retake them."""
    return {
        "photos": [count.photos for count in counts],
        "reason": [count.reason for count in counts],
        "what it means": [meaning_of(count.reason) for count in counts],
        "what to do": [advice_on(count.reason) for count in counts],
    }


def meaning_of(code: str) -> str:
    """What a reason code means; the code itself where this version does not know it."""
    reason = REASONS.get(code)
    return code if reason is None else reason.meaning


def advice_on(code: str) -> str:
    """What to do about a reason code; empty where this version does not know it."""
    reason = REASONS.get(code)
    return "" if reason is None else reason.advice


def page_count(findings: int, page_size: int) -> int:
    """How many pages that many findings fill; one where there are none."""
    return max(1, -(-findings // page_size))


def _sender_key(row: SenderRow) -> str:
    return row.group.value if row.sender_id is None else str(row.sender_id)


def _sender_label(row: SenderRow) -> str:
    label = sender_words(row.group, row.name, row.code)
    # Two platforms may have senders of the same name.
    known = [part for part in (row.code, row.platform) if part and part != label]
    return f"{label} ({', '.join(known)})" if known else label


def _group_of(row: FindingRow) -> SenderGroup:
    if row.waybill_id is None:
        return SenderGroup.UNATTRIBUTED
    return SenderGroup.UNKNOWN if row.sender_id is None else SenderGroup.SENDER
