"""The address of the findings page: which findings it shows, so that a link or a reload keeps it.

The address is the one place where this is kept: the page reads it with every drawing, and every
other page's numbers link to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from greenpack.records.answers import FindingSort, SenderGroup
from greenpack.records.standing import Standing
from greenpack.rules.verdict import Verdict

PAGE: Final = "findings"
# How the address writes goods of which nothing was declared; no class is called so.
_UNKNOWN_GOODS: Final = "unknown"
# No database has larger row numbers, and drivers refuse them in their own words.
_LARGEST: Final = 2**31 - 1
_LONGEST: Final = 200

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsAddress:
    """What the address asks for; None leaves a condition out.

    Attributes:
        profile_id: the profile judged under; None: the one of the settings.
        verdict: of the parcel.
        since: received on that local day of the profile's zone or later.
        until: received on that local day or earlier.
        sender_id: the sender's row.
        sender_group: senders, unknown senders or unattributed photos only.
        hub_id: the hub's row; 0 here and below for what is unknown.
        municipality_id: the municipality's row.
        province_id: the province's row.
        platform_id: the platform's row.
        goods_class: of the parcel's goods: ``mixed`` for several, empty for unknown.
        rule_id: of the profile.
        standing: what people decided.
        waybill: a whole number, as typed.
        sort: the order.
        after: the list goes on behind this row of it.
        before: the list ends before this row; at most one of the two is given.
        finding: the one that is open.
    """

    profile_id: str | None = None
    verdict: Verdict | None = None
    since: date | None = None
    until: date | None = None
    sender_id: int | None = None
    sender_group: SenderGroup | None = None
    hub_id: int | None = None
    municipality_id: int | None = None
    province_id: int | None = None
    platform_id: int | None = None
    goods_class: str | None = None
    rule_id: str | None = None
    standing: Standing | None = None
    waybill: str | None = None
    sort: FindingSort = FindingSort.NEWEST
    after: int | None = None
    before: int | None = None
    finding: int | None = None

    def query(self) -> dict[str, str]:
        """As the address's query has it; what is not asked for is left out."""
        return dict(_written(self))


# Short, because people read addresses and send them to each other.
_NAMES: Final[dict[str, str]] = {
    "profile_id": "profile",
    "verdict": "verdict",
    "since": "from",
    "until": "until",
    "sender_id": "sender",
    "sender_group": "senders",
    "hub_id": "hub",
    "municipality_id": "municipality",
    "province_id": "province",
    "platform_id": "platform",
    "goods_class": "goods",
    "rule_id": "rule",
    "standing": "decision",
    "waybill": "waybill",
    "sort": "order",
    "after": "after",
    "before": "before",
    "finding": "finding",
}


def findings_link(
    profile_id: str,
    *,
    verdict: Verdict | None = None,
    since: date | None = None,
    until: date | None = None,
    sender_id: int | None = None,
    hub_id: int | None = None,
    municipality_id: int | None = None,
    province_id: int | None = None,
    platform_id: int | None = None,
    goods_class: str | None = None,
    rule_id: str | None = None,
    standing: Standing | None = None,
    sender_group: SenderGroup | None = None,
    finding: int | None = None,
) -> str:
    """A relative link to the findings page, filtered: ``findings?profile=...&verdict=...``.

    Args:
        profile_id: the profile judged under.
        verdict: of the parcels.
        since: the first local day of receipt in the profile's zone.
        until: the last local day, that day included.
        sender_id: a sender's row; 0 for a known parcel without a sender, -1 for photos without a
            waybill, as the daily counts have it.
        hub_id: a hub's row; 0 here and below for what is unknown.
        municipality_id: a municipality's row.
        province_id: a province's row.
        platform_id: a platform's row.
        goods_class: of the parcel's goods: ``mixed`` for several, empty for unknown.
        rule_id: of the profile.
        standing: what people decided.
        sender_group: senders, unknown senders or unattributed photos only.
        finding: one to be opened.
    """
    if sender_id is not None and sender_id <= 0:
        group = SenderGroup.UNKNOWN if sender_id == 0 else SenderGroup.UNATTRIBUTED
        sender_id, sender_group = None, group
    address = FindingsAddress(
        profile_id=profile_id,
        verdict=verdict,
        since=since,
        until=until,
        sender_id=sender_id,
        sender_group=sender_group,
        hub_id=hub_id,
        municipality_id=municipality_id,
        province_id=province_id,
        platform_id=platform_id,
        goods_class=goods_class,
        rule_id=rule_id,
        standing=standing,
        finding=finding,
    )
    return f"{PAGE}?{urlencode(address.query())}"


def read_address(query: Mapping[str, str]) -> FindingsAddress:
    """What an address's query asks for; what cannot be read is as if it were not there."""

    def text(name: str) -> str | None:
        return query.get(_NAMES[name], "").strip()[:_LONGEST] or None

    after, before = _number(text("after")), _number(text("before"))
    goods = text("goods_class")
    return FindingsAddress(
        profile_id=text("profile_id"),
        verdict=_word(Verdict, text("verdict")),
        since=_day(text("since")),
        until=_day(text("until")),
        sender_id=_number(text("sender_id")),
        sender_group=_word(SenderGroup, text("sender_group")),
        hub_id=_number(text("hub_id")),
        municipality_id=_number(text("municipality_id")),
        province_id=_number(text("province_id")),
        platform_id=_number(text("platform_id")),
        goods_class="" if goods == _UNKNOWN_GOODS else goods,
        rule_id=text("rule_id"),
        standing=_word(Standing, text("standing")),
        waybill=text("waybill"),
        sort=_word(FindingSort, text("sort")) or FindingSort.NEWEST,
        after=after,
        before=before if after is None else None,
        finding=_number(text("finding")),
    )


def _written(address: FindingsAddress) -> Iterator[tuple[str, str]]:
    for field in fields(address):
        value: Any = getattr(address, field.name)
        if value is not None and value != field.default:
            word = value.isoformat() if isinstance(value, date) else str(value)
            yield _NAMES[field.name], word or _UNKNOWN_GOODS


def _number(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdecimal()):
        return None
    return min(int(text), _LARGEST)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None


def _word(words: type[Word], text: str | None) -> Word | None:
    try:
        return None if text is None else words(text)
    except ValueError:
        return None
