"""What a list can be narrowed by: places and platforms, with what tells them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlmodel import Session

from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import hub, in_scope, municipality, platform, province, sender
from greenpack.records.tables import Row

_PARCEL: Final = Row.metadata.tables["judged_parcel"]


@dataclass(frozen=True, slots=True)
class HubPlace:
    """A hub with the places that it lies in; names may be empty, rows NULL where unknown."""

    hub_id: int
    hub: str
    municipality_id: int | None
    municipality: str | None
    province_id: int | None
    province: str | None


def hub_places(session: Session, scope: Scope = EVERYTHING) -> list[HubPlace]:
    """All hubs of a scope, by province, municipality and name."""
    statement = (
        select(
            hub.c.id.label("hub_id"),
            hub.c.name.label("hub"),
            municipality.c.id.label("municipality_id"),
            municipality.c.name.label("municipality"),
            province.c.id.label("province_id"),
            province.c.name.label("province"),
        )
        .select_from(hub)
        .outerjoin(municipality, municipality.c.id == hub.c.municipality_id)
        .outerjoin(province, province.c.id == municipality.c.province_id)
        .where(*in_scope(scope, hub.c.id))
        .order_by(province.c.name, municipality.c.name, hub.c.name, hub.c.id)
    )
    return [HubPlace(**row._mapping) for row in session.connection().execute(statement)]


def platform_names(session: Session) -> dict[int, str]:
    """All platforms by their rows, in the order of their names."""
    statement = select(platform.c.id, platform.c.name).order_by(platform.c.name)
    return {row.id: row.name for row in session.connection().execute(statement)}


def known_sender(session: Session, sender_id: int, scope: Scope = EVERYTHING) -> str | None:
    """A sender's name and code; None where there is none, or none with parcels in the scope."""
    statement = select(sender.c.name, sender.c.code).where(sender.c.id == sender_id)
    seen = in_scope(scope, _PARCEL.c.hub_id)
    if seen:
        theirs = select(_PARCEL.c.id).where(_PARCEL.c.sender_id == sender_id, *seen)
        statement = statement.where(theirs.exists())
    row = session.connection().execute(statement).first()
    if row is None:
        return None
    return f"{row.name} ({row.code})" if row.name and row.name != row.code else str(row.code)
