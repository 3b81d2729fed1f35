"""The tables that count parcels by day or week, and what each should hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Table, case, cast, func, literal, select
from sqlalchemy import Row as Row_

from greenpack.records.count_tables import NO_WAYBILL, UNKNOWN
from greenpack.records.sender_sums import RATED, is_violation, standing_violation
from greenpack.records.tables import Row
from greenpack.records.week_of import monday_of, week_of

_TABLES = Row.metadata.tables
PARCEL = _TABLES["judged_parcel"]
PROFILE = _TABLES["counted_profile"]
UNMEASURED = _TABLES["unmeasured_photo"]

_FIELDS: Mapping[str, ColumnElement[Any]] = {
    "profile_id": PARCEL.c.profile_id,
    "day": PARCEL.c.day,
    "hub_id": func.coalesce(PARCEL.c.hub_id, UNKNOWN),
    "platform_id": func.coalesce(PARCEL.c.platform_id, UNKNOWN),
    "goods_class": PARCEL.c.goods_class,
    "sender_id": case(
        (PARCEL.c.waybill_id.is_(None), NO_WAYBILL),
        else_=func.coalesce(PARCEL.c.sender_id, UNKNOWN),
    ),
    "verdict": PARCEL.c.verdict,
    "dismissed": PARCEL.c.dismissed,
    "week": week_of(PARCEL.c.day),
}
_SUMS: Mapping[str, ColumnElement[Any]] = {
    "parcels": func.count(),
    "rated_parcels": func.count(case((PARCEL.c.verdict.in_([one.value for one in RATED]), 1))),
    "violations": func.count(case((standing_violation(PARCEL), 1))),
    "dismissals": func.count(case((is_violation(PARCEL) & PARCEL.c.dismissed, 1))),
    "sized_parcels": func.count(PARCEL.c.air_cm3_low),
    "air_cm3_low": func.coalesce(func.sum(PARCEL.c.air_cm3_low), 0),
    "air_cm3_high": func.coalesce(func.sum(PARCEL.c.air_cm3_high), 0),
}


def key_of(parcel: Row_[Any]) -> dict[str, Any]:
    """All that a row of ``judged_parcel`` is counted by, as ``_FIELDS`` has it in SQL."""
    sender_id = NO_WAYBILL if parcel.waybill_id is None else parcel.sender_id or UNKNOWN
    return {
        "profile_id": parcel.profile_id,
        "day": parcel.day,
        "hub_id": parcel.hub_id or UNKNOWN,
        "platform_id": parcel.platform_id or UNKNOWN,
        "goods_class": parcel.goods_class,
        "sender_id": sender_id,
        "verdict": parcel.verdict,
        "dismissed": parcel.dismissed,
        "week": monday_of(parcel.day),
    }


@dataclass(frozen=True, slots=True)
class RollUp:
    """A table that counts parcels by some of what is known of them."""

    table: Table

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that it counts by."""
        return tuple(column.name for column in self.table.primary_key)

    @property
    def sums(self) -> tuple[str, ...]:
        """The columns that it counts."""
        return tuple(name for name in self.table.c.keys() if name not in self.keys)  # noqa: SIM118

    def counted(self, *conditions: ColumnElement[bool], sign: int = 1) -> Select[Any]:
        """What it should hold of some parcels, or the negative of it."""
        keys = [_FIELDS[name] for name in self.keys]
        whole = {True: BigInteger(), False: self.table.c.parcels.type}
        sums = [
            cast(_SUMS[name] * literal(sign), whole[name.startswith("air")]).label(name)
            for name in self.sums
        ]
        named = [key.label(name) for key, name in zip(keys, self.keys, strict=True)]
        return select(*named, *sums).where(*conditions).group_by(*keys)


ROLL_UPS = (
    *(
        RollUp(_TABLES[f"daily_{name}_count"])
        for name in ("parcel", "hub", "platform", "goods", "sender")
    ),
    RollUp(_TABLES["weekly_sender_count"]),
    RollUp(_TABLES["weekly_sender_total"]),
)
