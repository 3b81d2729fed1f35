"""How many parcels a list has, from the daily counts: exact, however many millions there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Table, false, func, select
from sqlmodel import Session

from greenpack.records.answers import SenderGroup
from greenpack.records.count_tables import NO_WAYBILL, UNKNOWN
from greenpack.records.finding_wanted import Wanted
from greenpack.records.tables import Row

_TABLES: Final = Row.metadata.tables


def counted_parcels(session: Session, wanted: Wanted, places: Sequence[int] | None) -> int | None:
    """How many parcels are wanted, or None where no daily count is kept for such a question.

    Args:
        session: to read with.
        wanted: which parcels; what the counts do not hold (rules, decisions, numbers) must not
            be asked for.
        places: the hubs that are asked for and may be seen, or None for all and for none.
    """
    by_sender = wanted.sender_id is not None or wanted.sender_group is not None
    by_platform, by_goods = wanted.platform_id is not None, wanted.goods_class is not None
    if by_sender and (by_platform or by_goods):
        return None
    if by_sender:
        table = _TABLES["daily_sender_count"]
    elif by_platform and by_goods:
        table = _TABLES["daily_parcel_count"]
    elif by_platform:
        table = _TABLES["daily_platform_count"]
    elif by_goods:
        table = _TABLES["daily_goods_count"]
    else:
        table = _TABLES["daily_hub_count"]
    statement = select(func.coalesce(func.sum(table.c.parcels), 0))
    counted = session.connection().execute(statement.where(*_chosen(table, wanted, places)))
    return int(counted.scalar_one())


def _chosen(
    table: Table, wanted: Wanted, places: Sequence[int] | None
) -> list[ColumnElement[bool]]:
    columns = table.c
    chosen: list[ColumnElement[bool]] = [columns.profile_id == wanted.profile_id]
    if wanted.since is not None:
        chosen.append(columns.day >= wanted.since)
    if wanted.until is not None:
        chosen.append(columns.day <= wanted.until)
    if wanted.verdict is not None:
        chosen.append(columns.verdict == str(wanted.verdict))
    if wanted.platform_id is not None:
        chosen.append(columns.platform_id == wanted.platform_id)
    if wanted.goods_class is not None:
        chosen.append(columns.goods_class == wanted.goods_class)
    if wanted.sender_id is not None:
        chosen.append(columns.sender_id == wanted.sender_id)
    if wanted.sender_group is SenderGroup.SENDER:
        chosen.append(columns.sender_id.not_in([UNKNOWN, NO_WAYBILL]))
    elif wanted.sender_group is SenderGroup.UNKNOWN:
        chosen.append(columns.sender_id == UNKNOWN)
    elif wanted.sender_group is SenderGroup.UNATTRIBUTED:
        chosen.append(columns.sender_id == NO_WAYBILL)
    if places is not None:
        chosen.append(columns.hub_id.in_(places) if places else false())
    return chosen
