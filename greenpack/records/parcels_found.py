"""What each parcel's current findings amount to, in one statement.

This one statement is what the counts rest on: it fills them, keeps them when a parcel changes,
and checks them. ``greenpack.records.count_tables`` says what the columns mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Float,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)

from greenpack.measure.measurement import Quantity
from greenpack.records.count_tables import MIXED_GOODS, UNKNOWN_GOODS
from greenpack.records.dismissing import is_dismissed
from greenpack.records.local_day import local_day
from greenpack.records.selecting import finding, measurement, photo, sender, waybill
from greenpack.records.tables import Row
from greenpack.rules.verdict import Verdict

_TABLES = Row.metadata.tables
_ITEM = _TABLES["declared_item"]
_PROFILE = _TABLES["counted_profile"]
_QUANTITY = _TABLES["quantity"]

_VOID = [
    quantity.value
    for quantity in (Quantity.VOID_RATIO, Quantity.VOID_RATIO_INNER, Quantity.VOID_RATIO_OUTER)
]
_SIDES = (Quantity.LENGTH_MM, Quantity.WIDTH_MM, Quantity.HEIGHT_MM)
# What stands beside others; exempt rules say nothing beside them.
_SAYING = (Verdict.UNDETERMINED, Verdict.COMPLIANT, Verdict.UNMEASURABLE)
# A thousand lorries in cm3: a parcel of that size was misread, and would burst a sum.
_LARGEST_CM3 = 1e14

COLUMNS = tuple(name for name in _TABLES["judged_parcel"].c.keys() if name != "id")  # noqa: SIM118


def parcels_found(*conditions: ColumnElement[bool]) -> Select[Any]:
    """One row for each parcel and profile with current findings, with all ``COLUMNS``.

    Args:
        conditions: on ``finding``, ``measurement`` and ``photo``; they must choose whole parcels.
    """
    parcels = _judged(conditions)
    speaking = finding.alias("speaking")
    void = finding.alias("void")
    place = func.coalesce(photo.c.hub_id, waybill.c.hub_id)
    # Joined, and not asked for beside the columns: PostgreSQL would ask anew in each column that
    # is made of them.
    sides = {side: _QUANTITY.alias(side.value) for side in _SIDES}
    measured = func.coalesce(void.c.measurement_id, speaking.c.measurement_id)
    smallest, largest = _volumes(sides)
    columns = {
        "profile_id": parcels.c.profile_id,
        "waybill_id": parcels.c.waybill_id,
        "photo_id": parcels.c.photo_id,
        "verdict": parcels.c.verdict,
        "dismissed": parcels.c.dismissed,
        "received_at": photo.c.received_at,
        "day": local_day(photo.c.received_at, _PROFILE.c.timezone),
        "hub_id": place,
        "sender_id": waybill.c.sender_id,
        "platform_id": func.coalesce(sender.c.platform_id, waybill.c.platform_id),
        "goods_class": _goods_class(),
        "finding_id": parcels.c.finding_id,
        "low": void.c.low,
        "high": void.c.high,
        "parcel_cm3_low": _whole(smallest),
        "parcel_cm3_high": _whole(largest),
        "air_cm3_low": _whole(smallest * void.c.low),
        "air_cm3_high": _whole(largest * void.c.high),
    }
    found = (
        select(*(columns[name].label(name) for name in COLUMNS))
        .select_from(parcels)
        .join(_PROFILE, _PROFILE.c.profile_id == parcels.c.profile_id)
        .join(photo, photo.c.id == parcels.c.newest_photo)
        .join(speaking, speaking.c.id == parcels.c.finding_id)
        .outerjoin(void, void.c.id == parcels.c.void_finding)
        .outerjoin(waybill, waybill.c.id == parcels.c.waybill_id)
        .outerjoin(sender, sender.c.id == waybill.c.sender_id)
    )
    for side, one in sides.items():
        found = found.outerjoin(
            one, and_(one.c.measurement_id == measured, one.c.quantity == side.value)
        )
    return found


def _judged(conditions: tuple[ColumnElement[bool], ...]) -> Subquery:
    """Each parcel with its verdict and the findings that say it."""
    alone = case((finding.c.waybill_id.is_(None), measurement.c.photo_id))
    first = {
        verdict: func.min(case((finding.c.verdict == verdict.value, finding.c.id))).label(
            f"first_{verdict.value}"
        )
        for verdict in Verdict
    }
    is_violation = finding.c.verdict == Verdict.VIOLATION.value
    grouped = (
        select(
            finding.c.profile_id,
            finding.c.waybill_id,
            alone.label("photo_id"),
            func.min(finding.c.id).label("first"),
            *first.values(),
            func.min(
                case(
                    (and_(finding.c.quantity.in_(_VOID), finding.c.low.is_not(None)), finding.c.id)
                )
            ).label("void_finding"),
            func.max(measurement.c.photo_id).label("newest_photo"),
            # Of violations that stand there is none left where the parcel is dismissed.
            func.max(case((is_violation, case((is_dismissed(finding), 0), else_=1)))).label(
                "standing"
            ),
        )
        .select_from(finding)
        .join(measurement, measurement.c.id == finding.c.measurement_id)
        .where(finding.c.superseded_by.is_(None), *conditions)
        .group_by(finding.c.profile_id, finding.c.waybill_id, alone)
        .subquery("grouped")
    )
    verdict = _overall({each: grouped.c[f"first_{each.value}"].is_not(None) for each in Verdict})
    bearing = case(*((verdict == each.value, grouped.c[f"first_{each.value}"]) for each in Verdict))
    return select(
        grouped.c.profile_id,
        grouped.c.waybill_id,
        grouped.c.photo_id,
        verdict.label("verdict"),
        # Rules that disagree leave the parcel undetermined without any of them saying so.
        func.coalesce(bearing, grouped.c.first).label("finding_id"),
        grouped.c.void_finding,
        grouped.c.newest_photo,
        cast(func.coalesce(grouped.c.standing == 0, literal(False)), Boolean).label("dismissed"),
    ).subquery("parcels")


def _overall(seen: dict[Verdict, ColumnElement[bool]]) -> ColumnElement[str]:
    """``greenpack.rules.verdict.overall`` in SQL."""
    alone = [
        (
            and_(seen[verdict], *(~seen[other] for other in _SAYING if other is not verdict)),
            verdict.value,
        )
        for verdict in _SAYING
    ]
    none_says = and_(*(~seen[verdict] for verdict in _SAYING))
    return case(
        (seen[Verdict.VIOLATION], Verdict.VIOLATION.value),
        (none_says, Verdict.EXEMPT.value),
        *alone,
        else_=Verdict.UNDETERMINED.value,
    )


def _goods_class() -> ColumnElement[str]:
    """The one class of the declared goods; a list that is not complete proves nothing."""
    name = _ITEM.c.goods_class
    declared = (
        select(case((func.min(name) == func.max(name), func.min(name)), else_=MIXED_GOODS))
        .where(_ITEM.c.waybill_id == waybill.c.id)
        .having(func.count() > 0)
        .correlate(waybill)
        .scalar_subquery()
    )
    known = case((waybill.c.items_complete.is_(False), UNKNOWN_GOODS), else_=declared)
    return func.coalesce(known, UNKNOWN_GOODS)


def _volumes(sides: Mapping[Quantity, Any]) -> tuple[ColumnElement[Any], ...]:
    """The parcel's outer volume in cm3 at least and at most: as declared, else as measured."""
    declared = waybill.c.length_mm * waybill.c.width_mm * waybill.c.height_mm
    ends: list[ColumnElement[Any]] = []
    for end in ("low", "high"):
        length, width, height = (sides[side].c[end] for side in _SIDES)
        ends.append(func.coalesce(declared / 1000, length * width * height / 1000))
    return tuple(ends)


def _whole(cm3: ColumnElement[float]) -> ColumnElement[int]:
    return case(
        (cast(cm3, Float).between(0, _LARGEST_CM3), cast(func.round(cast(cm3, Float)), BigInteger))
    )
