"""Which parcels of the list of findings are wanted, and the conditions that choose them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlmodel import Session

from greenpack.records.answers import SenderGroup
from greenpack.records.count_tables import UNKNOWN
from greenpack.records.forms import DecisionKind
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import decision, finding, hub, in_scope, municipality, waybill
from greenpack.records.standing import Standing
from greenpack.records.tables import Row

_C: Final = Row.metadata.tables["judged_parcel"].c


@dataclass(frozen=True, slots=True)
class Person:
    """Who works through the list: an account's row, or a name where nobody is asked."""

    name: str
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which parcels are listed; None leaves a condition out.

    Attributes:
        profile_id: the profile judged under.
        verdict: of the parcel from all of the profile's rules.
        since: the first day of receipt, in the profile's time zone.
        until: the last day, that day included.
        sender_id: the sender's row.
        sender_group: senders, unknown senders or photos without a waybill only.
        hub_id: the hub's row; 0 here and below for what is unknown, as the daily counts have it.
        municipality_id: the municipality's row.
        province_id: the province's row.
        platform_id: the platform's row.
        goods_class: as the counts have it: ``mixed`` for several, empty for unknown.
        rule_id: the rule that the verdict rests on.
        standing: what the decisions about the finding amount to.
        two_person: whether a violation needs two persons; without it one confirms.
        waits_for: only findings that this person can still help to decide.
        waybill_number: exactly this number.
        scope: the jurisdiction that who asks may see; pages always set it.
    """

    profile_id: str
    verdict: str | None = None
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
    two_person: bool = True
    waits_for: Person | None = None
    waybill_number: str | None = None
    scope: Scope = EVERYTHING


def conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Conditions on ``judged_parcel`` that let through what is wanted."""
    chosen: list[ColumnElement[bool]] = [_C.profile_id == wanted.profile_id]
    if wanted.verdict is not None:
        chosen.append(_C.verdict == str(wanted.verdict))
    if wanted.since is not None:
        chosen.append(_C.day >= wanted.since)
    if wanted.until is not None:
        chosen.append(_C.day <= wanted.until)
    if wanted.sender_id is not None:
        chosen.append(_C.sender_id == wanted.sender_id)
    if wanted.platform_id is not None:
        chosen.append(_known(_C.platform_id, [wanted.platform_id]))
    if wanted.goods_class is not None:
        chosen.append(_C.goods_class == wanted.goods_class)
    if wanted.sender_group is SenderGroup.SENDER:
        chosen.append(_C.sender_id.is_not(None))
    elif wanted.sender_group is SenderGroup.UNKNOWN:
        chosen += [_C.sender_id.is_(None), _C.waybill_id.is_not(None)]
    elif wanted.sender_group is SenderGroup.UNATTRIBUTED:
        chosen.append(_C.waybill_id.is_(None))
    if wanted.waybill_number is not None:
        number = select(waybill.c.id).where(waybill.c.number == wanted.waybill_number)
        chosen.append(_C.waybill_id.in_(number))
    places = hubs(session, wanted)
    if places is not None:
        chosen.append(_known(_C.hub_id, places))
    return chosen + _of_findings(wanted)


def _of_findings(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Conditions on the finding that the verdict rests on."""
    own = finding.c.id == _C.finding_id
    # Written out for one table each, so that the small index of decided findings is used.
    decided = finding.c.standing.is_not(None)
    chosen: list[ColumnElement[bool]] = []
    if wanted.rule_id is not None:
        chosen.append(select(1).where(own, finding.c.rule_id == wanted.rule_id).exists())
    if wanted.standing is Standing.OPEN:
        chosen.append(~select(1).where(own, decided).exists())
    elif wanted.standing is not None:
        words = [wanted.standing.value]
        if wanted.standing is Standing.CONFIRMED and not wanted.two_person:
            words.append(Standing.ONE_CONFIRMED.value)
        stands = select(finding.c.id).where(decided, finding.c.standing.in_(words))
        chosen.append(_C.finding_id.in_(stands))
    if wanted.waits_for is not None:
        settled = select(1).where(own, decided)
        if wanted.two_person:
            by_other = and_(
                finding.c.standing == Standing.ONE_CONFIRMED.value,
                ~_confirmed_by(wanted.waits_for),
            )
            settled = settled.where(~by_other)
        chosen.append(~settled.exists())
    return chosen


def _confirmed_by(person: Person) -> ColumnElement[bool]:
    """Whether a person's confirmation of the finding counts."""
    later = decision.alias("later")
    withdrawn = select(1).where(later.c.withdraws == decision.c.id).exists()
    own = decision.c.decided_by == person.name
    if person.account_id is not None:
        own = or_(own, decision.c.account_id == person.account_id)
    return (
        select(1)
        .where(
            decision.c.finding_id == finding.c.id,
            decision.c.kind == DecisionKind.CONFIRMED.value,
            own,
            ~withdrawn,
        )
        .correlate(finding)
        .exists()
    )


def hubs(session: Session, wanted: Wanted) -> list[int] | None:
    """The hubs that are asked for and may be seen, 0 for the unknown one; None for all and it.

    Read first, because the database plans better for hubs that it knows than for a question.
    """
    places = (
        (hub.c.id, wanted.hub_id),
        (hub.c.municipality_id, wanted.municipality_id),
        (municipality.c.province_id, wanted.province_id),
    )
    asked = [(column, value) for column, value in places if value is not None]
    seen = in_scope(wanted.scope, hub.c.id)
    if not asked and not seen:
        return None
    statement = (
        select(hub.c.id)
        .outerjoin(municipality, municipality.c.id == hub.c.municipality_id)
        .where(*(_known(column, [value]) for column, value in asked), *seen)
        .order_by(hub.c.id)
    )
    found = list(session.connection().execute(statement).scalars())
    # What belongs to no hub belongs to no place, and lies in no scope but everything.
    return found if seen or any(value for _, value in asked) else [UNKNOWN, *found]


def _known(column: ColumnElement[int], rows: Sequence[int]) -> ColumnElement[bool]:
    """That a column names one of some rows, 0 standing for none."""
    known = [row for row in rows if row != UNKNOWN]
    conditions = [column.in_(known)] if known else []
    if len(known) < len(rows):
        conditions.append(column.is_(None))
    return or_(*conditions) if conditions else false()
