"""The rows of the list of findings, with what a person needs to choose one and act on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row as ResultRow
from sqlalchemy import Select, func, select
from sqlmodel import Session

from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.records.selecting import (
    finding,
    finding_hub,
    hub,
    joined,
    municipality,
    photo,
    platform,
    province,
    sender,
    waybill,
)
from greenpack.records.standing import Standing
from greenpack.rules.verdict import Verdict

# Databases take only so many values in one statement.
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A parcel of the list, with the finding that its verdict rests on.

    Attributes:
        parcel_id: the row of ``judged_parcel``, by which the list goes on.
        id: the finding's row.
        standing: what its decisions amount to, for the two-person rule.
    """

    parcel_id: int
    id: int
    verdict: Verdict
    screening: Verdict | None
    reason: str
    quantity: Quantity
    interval: Interval | None
    limit: float | None
    explanation: str
    standing: Standing
    profile_id: str
    profile_version: str
    rule_id: str
    model_sha256: str
    evidence_sha256: str
    created_at: datetime
    photo_sha256: str
    source_name: str
    taken_at: datetime | None
    received_at: datetime
    waybill_id: int | None
    waybill_number: str | None
    packed_on: date | None
    sender_id: int | None
    sender_code: str | None
    sender_name: str | None
    platform: str | None
    hub: str | None
    municipality: str | None
    province: str | None


_OWN: Final = (
    "id",
    "verdict",
    "screening",
    "reason",
    "quantity",
    "value",
    "low",
    "high",
    "limit_value",
    "explanation",
    "standing",
    "profile_id",
    "profile_version",
    "rule_id",
    "model_sha256",
    "evidence_sha256",
    "created_at",
    "waybill_id",
)


def listed_rows(session: Session, parcels: Mapping[int, int]) -> list[ListedRow]:
    """The rows of some findings, in the order given.

    Args:
        session: to read with.
        parcels: rows of ``judged_parcel`` by the findings that their verdicts rest on.
    """
    wanted = list(parcels)
    found: dict[int, ListedRow] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        statement = _statement().where(finding.c.id.in_(part))
        for row in session.connection().execute(statement):
            found[row.id] = _row(row, parcels[row.id])
    return [found[finding_id] for finding_id in wanted]


def _statement() -> Select[Any]:
    columns = select(
        *(finding.c[name] for name in _OWN),
        photo.c.sha256.label("photo_sha256"),
        photo.c.source_name,
        photo.c.taken_at,
        photo.c.received_at,
        waybill.c.number.label("waybill_number"),
        waybill.c.packed_on,
        sender.c.id.label("sender_id"),
        sender.c.code.label("sender_code"),
        sender.c.name.label("sender_name"),
        platform.c.name.label("platform"),
        hub.c.name.label("hub"),
        municipality.c.name.label("municipality"),
        province.c.name.label("province"),
    )
    return (
        joined(columns)
        .outerjoin(
            platform, platform.c.id == func.coalesce(sender.c.platform_id, waybill.c.platform_id)
        )
        .outerjoin(hub, hub.c.id == finding_hub())
        .outerjoin(municipality, municipality.c.id == hub.c.municipality_id)
        .outerjoin(province, province.c.id == municipality.c.province_id)
    )


def _row(row: ResultRow[*tuple[Any, ...]], parcel_id: int) -> ListedRow:
    values = dict(row._mapping)
    value, low, high = values.pop("value"), values.pop("low"), values.pop("high")
    screening, standing = values.pop("screening"), values.pop("standing")
    return ListedRow(
        parcel_id=parcel_id,
        verdict=Verdict(values.pop("verdict")),
        screening=None if screening is None else Verdict(screening),
        quantity=Quantity(values.pop("quantity")),
        interval=None if low is None else Interval(value, low, high),
        limit=values.pop("limit_value"),
        standing=Standing.OPEN if standing is None else Standing(standing),
        **values,
    )
