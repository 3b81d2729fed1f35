"""What the queries have in common: which rows belong together, and which are meant."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Subquery, Table, case, func, select

from greenpack.records.answers import FindingFilter, FindingSort, SenderGroup
from greenpack.records.columns import storable
from greenpack.records.scope import Scope
from greenpack.records.tables import Row
from greenpack.rules.verdict import Verdict

_TABLES = Row.metadata.tables
decision: Table = _TABLES["decision"]
finding: Table = _TABLES["finding"]
hub: Table = _TABLES["hub"]
measurement: Table = _TABLES["measurement"]
municipality: Table = _TABLES["municipality"]
photo: Table = _TABLES["photo"]
platform: Table = _TABLES["platform"]
province: Table = _TABLES["province"]
sender: Table = _TABLES["sender"]
waybill: Table = _TABLES["waybill"]

Selected = TypeVar("Selected", bound=Select[Any])

ORDER: dict[FindingSort, tuple[ColumnElement[Any], ...]] = {
    FindingSort.NEWEST: (finding.c.id.desc(),),
    FindingSort.OLDEST: (finding.c.id.asc(),),
    # Both databases then put a finding without numbers last.
    FindingSort.LARGEST: (finding.c.low.desc().nulls_last(), finding.c.id.asc()),
    FindingSort.SENDER: (
        sender.c.code.asc().nulls_last(),
        sender.c.id.asc().nulls_last(),
        finding.c.id.asc(),
    ),
}


def joined(statement: Selected) -> Selected:
    """From findings to their photos, waybills and senders."""
    return (
        statement.select_from(finding)
        .join(measurement, measurement.c.id == finding.c.measurement_id)
        .join(photo, photo.c.id == measurement.c.photo_id)
        .outerjoin(waybill, waybill.c.id == finding.c.waybill_id)
        .outerjoin(sender, sender.c.id == waybill.c.sender_id)
    )


def finding_hub() -> ColumnElement[int]:
    """The hub that a finding belongs to, in a statement of ``joined``; NULL where unknown."""
    return func.coalesce(photo.c.hub_id, waybill.c.hub_id)


def in_scope(scope: Scope, hub_id: ColumnElement[int]) -> list[ColumnElement[bool]]:
    """The condition that a hub lies in a scope; none for everything.

    Args:
        scope: what may be seen.
        hub_id: the hub's row, or NULL, which lies in no scope but everything.
    """
    names = (
        (scope.province, province.c.name),
        (scope.municipality, municipality.c.name),
        (scope.hub, hub.c.name),
    )
    chosen = [column == storable(name) for name, column in names if name is not None]
    if not chosen:
        return []
    inside = (
        select(hub.c.id)
        .join(municipality, municipality.c.id == hub.c.municipality_id)
        .join(province, province.c.id == municipality.c.province_id)
        # A query that has these tables itself must not take them for its own.
        .correlate(None)
    )
    return [hub_id.in_(inside.where(*chosen))]


def conditions(filters: FindingFilter) -> list[ColumnElement[bool]]:
    """Current findings, and of them those that the filter lets through."""
    wanted: list[tuple[object, ColumnElement[bool]]] = [
        (filters.profile_id, finding.c.profile_id == filters.profile_id),
        (filters.verdict, finding.c.verdict == (filters.verdict and filters.verdict.value)),
        (filters.rule_id, finding.c.rule_id == filters.rule_id),
        (filters.sender_id, waybill.c.sender_id == filters.sender_id),
        (filters.waybill_number, waybill.c.number == filters.waybill_number),
    ]
    chosen = [condition for value, condition in wanted if value is not None]
    if filters.since is not None:
        chosen.append(photo.c.received_at >= filters.since)
    if filters.until is not None:
        chosen.append(photo.c.received_at < filters.until)
    if filters.sender_group is SenderGroup.SENDER:
        chosen.append(waybill.c.sender_id.is_not(None))
    elif filters.sender_group is SenderGroup.UNKNOWN:
        chosen += [finding.c.waybill_id.is_not(None), waybill.c.sender_id.is_(None)]
    elif filters.sender_group is SenderGroup.UNATTRIBUTED:
        chosen.append(finding.c.waybill_id.is_(None))
    chosen += in_scope(filters.scope, finding_hub())
    return [finding.c.superseded_by.is_(None), *chosen]


def parcels_with_flags(filters: FindingFilter) -> Subquery:
    """One row for each parcel, with a flag for each verdict that one of its rules gave."""
    alone = case((finding.c.waybill_id.is_(None), measurement.c.photo_id))
    flags = [
        func.max(case((finding.c.verdict == verdict.value, 1), else_=0)).label(verdict.value)
        for verdict in Verdict
    ]
    statement = joined(select(finding.c.waybill_id, alone.label("photo_id"), *flags))
    return (
        statement.where(*conditions(filters))
        .group_by(finding.c.waybill_id, alone)
        .subquery("parcels")
    )
