"""Hubs as people name them: by the name alone, or by ``province/municipality/hub``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import FromClause, Table
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from greenpack.reasons import GreenPackError
from greenpack.records.columns import storable
from greenpack.records.places import ensure_hub
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import in_scope
from greenpack.records.stored import given
from greenpack.records.tables import Camera, Hub, Municipality, Province

# The most names that a message lists.
_MOST_LISTED = 20

_CAMERA: Table = Camera.__table__  # type: ignore[attr-defined]
_HUB: Table = Hub.__table__  # type: ignore[attr-defined]
_MUNICIPALITY: Table = Municipality.__table__  # type: ignore[attr-defined]
_PROVINCE: Table = Province.__table__  # type: ignore[attr-defined]

# What a statement over cameras with their places selects, for ``path_in`` to read.
PATH_COLUMNS = (
    _HUB.c.name.label("hub"),
    _MUNICIPALITY.c.name.label("municipality"),
    _PROVINCE.c.name.label("province"),
)


def with_places(cameras: FromClause = _CAMERA) -> FromClause:
    """Cameras, or what is joined to them, with the hub, municipality and province of each."""
    return places_of(cameras.join(_HUB, _HUB.c.id == _CAMERA.c.hub_id))


def places_of(hubs: FromClause) -> FromClause:
    """Hubs, or what is joined to them, with the municipality and province of each."""
    return hubs.outerjoin(_MUNICIPALITY, _MUNICIPALITY.c.id == _HUB.c.municipality_id).outerjoin(
        _PROVINCE, _PROVINCE.c.id == _MUNICIPALITY.c.province_id
    )


def path_in(row: Mapping[Any, Any]) -> str:
    """The hub's path in a row that has ``PATH_COLUMNS``."""
    return path_of(row["province"], row["municipality"], row["hub"])


def path_of(province: str | None, municipality: str | None, hub: str | None) -> str:
    """A hub's name after what it lies in, as far as that is known; may be empty."""
    known = [name for name in (province, municipality, hub) if name is not None]
    return "/".join(known).strip("/")


def hub_paths(session: Session, scope: Scope = EVERYTHING) -> dict[int, str]:
    """The paths of a scope's hubs by the ids of their rows."""
    statement = (
        select(Hub.id, Hub.name, Municipality.name, Province.name)
        .join(Municipality, col(Municipality.id) == Hub.municipality_id, isouter=True)
        .join(Province, col(Province.id) == Municipality.province_id, isouter=True)
        .where(*in_scope(scope, _HUB.c.id))
    )
    return {
        given(hub_id): path_of(province, municipality, hub)
        for hub_id, hub, municipality, province in session.exec(statement)
    }


def hub_path(session: Session, hub_id: int) -> str:
    """The path of one hub."""
    hub = session.get_one(Hub, hub_id)
    if hub.municipality_id is None:
        return path_of(None, None, hub.name)
    municipality = session.get_one(Municipality, hub.municipality_id)
    province = None
    if municipality.province_id is not None:
        province = session.get_one(Province, municipality.province_id).name
    return path_of(province, municipality.name, hub.name)


def fits(path: str, named: str) -> bool:
    """Whether a hub is meant by its name, or by the end of its path."""
    return f"/{path}".endswith(f"/{storable(named)}")


def hub_called(session: Session, named: str) -> int:
    """The hub that is meant, made where it is missing; the empty name is the hub without one.

    Raises:
        GreenPackError: ``camera_ambiguous`` if several hubs are called so.
    """
    found = _meant(session, named) if named else None
    if found is not None:
        return found
    parts = [part.strip() for part in named.split("/")][-3:]
    province, municipality, hub = [None] * (3 - len(parts)) + parts
    return given(ensure_hub(session, province or None, municipality or None, hub or ""))


def known_hub(session: Session, named: str) -> int:
    """The hub that is meant.

    Raises:
        GreenPackError: ``hub_unknown`` (with the hubs there are), ``camera_ambiguous``.
    """
    found = _meant(session, named) if named else None
    if found is not None:
        return found
    paths = sorted(filter(None, hub_paths(session).values()))
    there = f"there are: {', '.join(paths[:_MOST_LISTED])}" if paths else "none is known yet"
    more = " ..." if len(paths) > _MOST_LISTED else ""
    raise GreenPackError("hub_unknown", f"{named}; {there}{more}")


def has_hub_in(session: Session, scope: Scope) -> bool:
    """Whether a hub lies in a scope; everything needs none."""
    inside = in_scope(scope, _HUB.c.id)
    statement = sa_select(_HUB.c.id).where(*inside).limit(1)
    return not inside or session.connection().execute(statement).first() is not None


def _meant(session: Session, named: str) -> int | None:
    """The one hub of that very path, else the one that the name fits."""
    paths = hub_paths(session)
    exact = [hub_id for hub_id, path in paths.items() if path == storable(named)]
    fitting = exact or [hub_id for hub_id, path in paths.items() if fits(path, named)]
    if len(fitting) > 1:
        raise GreenPackError("camera_ambiguous", ", ".join(paths[hub_id] for hub_id in fitting))
    return fitting[0] if fitting else None
