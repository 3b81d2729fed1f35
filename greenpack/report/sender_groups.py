"""A sender's parcels told apart by groups, and its decisions, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from greenpack.language.speaking import mark, moment_text, number_text, tr
from greenpack.records.count_tables import MIXED_GOODS
from greenpack.records.forms import DecisionKind
from greenpack.records.sender_facts import (
    SIZE_CLASSES,
    BinCount,
    GroupCount,
    GroupedBy,
    SenderDecision,
)
from greenpack.report.finding_address import findings_link
from greenpack.report.sender_columns import Columns, rate_words

_KINDS: Final = {
    DecisionKind.CONFIRMED: mark("confirmed"),
    DecisionKind.DISMISSED: mark("dismissed"),
    DecisionKind.CORRECTION_ORDERED: mark("correction ordered"),
    DecisionKind.RECTIFIED: mark("rectified"),
    DecisionKind.REFUSED: mark("correction refused"),
    DecisionKind.FINED: mark("fined"),
    DecisionKind.WITHDRAWN: mark("withdrawn"),
}


def decision_columns(
    decisions: Sequence[SenderDecision], profile_id: str, zone: ZoneInfo
) -> Columns:
    """A sender's decisions in the order given; each leads to its finding."""
    return {
        tr("at"): [moment_text(each.at, zone) for each in decisions],
        tr("decision"): [tr(_KINDS[each.kind]) for each in decisions],
        tr("by"): [each.by for each in decisions],
        tr("note"): [each.note for each in decisions],
        tr("waybill"): [each.waybill or "" for each in decisions],
        tr("finding"): [
            f"{findings_link(profile_id, finding=each.finding_id)}#{each.finding_id}"
            for each in decisions
        ],
    }


def group_words(group: str, by: GroupedBy) -> str:
    """What a group of parcels is called."""
    if by is GroupedBy.NOTHING:
        return tr("all parcels")
    if by is GroupedBy.SIZE:
        return _size_words(int(group))
    return tr("several classes") if group == MIXED_GOODS else group or tr("goods not known")


def group_columns(groups: Sequence[GroupCount], by: GroupedBy) -> Columns:
    """Parcels, violations and rate of each group."""
    return {
        tr(by.value): [group_words(group.group, by) for group in groups],
        tr("parcels"): [group.parcels for group in groups],
        tr("violations"): [group.violations for group in groups],
        tr("violation rate (95 %)"): [
            rate_words(group.violations, group.rated) for group in groups
        ],
    }


def histogram_rows(
    counts: Sequence[BinCount], by: GroupedBy, shown: Sequence[str], bins: int
) -> list[dict[str, object]]:
    """What the chart draws: a row for each bin that has parcels, of the groups shown.

    Args:
        counts: from the database.
        by: what the groups are.
        shown: the groups that are drawn, in their order.
        bins: how many bins there are from 0 to 1.
    """
    order = {group: place for place, group in enumerate(shown)}
    return [
        {
            "group": group_words(count.group, by),
            "order": order[count.group],
            "end": tr("at most (upper end)") if count.upper else tr("at least (lower end)"),
            "upper": count.upper,
            "from": 100 * count.bin / bins,
            "to": 100 * (count.bin + 1) / bins,
            "parcels": count.parcels,
        }
        for count in counts
        if count.group in order
    ]


def _size_words(number: int) -> str:
    if number < 0:
        return tr("size not known")
    if number == 0:
        return tr("under {limit} L", limit=number_text(SIZE_CLASSES[0]))
    if number == len(SIZE_CLASSES):
        return tr("{limit} L and more", limit=number_text(SIZE_CLASSES[-1]))
    low, high = (number_text(limit) for limit in SIZE_CLASSES[number - 1 : number + 1])
    return tr("{low} to {high} L", low=low, high=high)
