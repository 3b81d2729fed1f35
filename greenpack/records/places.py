"""Platforms, senders, hubs and cameras by their names: found or made, and written to the ledger."""

from __future__ import annotations

from typing import TypeVar

from sqlmodel import Session, SQLModel, col, select

from greenpack.records.columns import storable
from greenpack.records.digests import entry_for
from greenpack.records.ledger import LedgerKind, NewEntry, append_all, lock
from greenpack.records.stored import given
from greenpack.records.tables import Camera, Hub, Municipality, Platform, Province, Sender

Named = TypeVar("Named", bound=SQLModel)


def ensure_hub(
    session: Session, province: str | None, municipality: str | None, hub: str | None
) -> int | None:
    """The hub of that name, made with all above it where missing; None if nothing is named."""
    lock(session)
    places = Places(session)
    hub_id = places.hub(province, municipality, hub)
    append_all(session, places.entries())
    return hub_id


def ensure_camera(session: Session, hub_id: int, name: str) -> Camera:
    """The camera of that name at that hub, made where missing."""
    lock(session)
    name = storable(name)
    row = session.exec(select(Camera).where(Camera.hub_id == hub_id, Camera.name == name)).first()
    if row is None:
        row = Camera(hub_id=hub_id, name=name)
        session.add(row)
        session.flush()
        append_all(session, [entry_for(LedgerKind.CAMERA, row)])
    return row


class Places:
    """Finds rows by name and makes those that are missing; use it with the ledger locked.

    A row looked for twice is read once. ``entries`` tells the ledger what was made or renamed.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: dict[tuple[object, ...], int] = {}
        self._made: dict[tuple[LedgerKind, int], SQLModel] = {}
        self._before: dict[int, str | None] = {}
        self._names: dict[int, str] = {}

    def platform(self, name: str | None) -> int | None:
        """The platform of that name."""
        if name is None:
            return None
        name = storable(name)
        return self._id(LedgerKind.PLATFORM, Platform(name=name), None, name)

    def sender(self, platform_id: int | None, code: str | None, name: str | None) -> int | None:
        """The sender with that code on that platform; without a code it is known by its name."""
        known_by = code or name
        if known_by is None:
            return None
        code = storable(known_by)
        row = Sender(platform_id=platform_id, code=code)
        found = self._id(LedgerKind.SENDER, row, platform_id, code)
        if name is not None:
            self._names[found] = storable(name)
        return found

    def hub(self, province: str | None, municipality: str | None, hub: str | None) -> int | None:
        """The hub of that name in that municipality of that province.

        What is not named but has something above it gets an empty name, so that a province
        alone is not lost.
        """
        if hub is None and municipality is None and province is None:
            return None
        province_id = municipality_id = None
        if province is not None:
            name = storable(province)
            province_id = self._id(LedgerKind.PROVINCE, Province(name=name), None, name)
        if municipality is not None or province_id is not None:
            name = storable(municipality or "")
            municipality_id = self._id(
                LedgerKind.MUNICIPALITY,
                Municipality(province_id=province_id, name=name),
                province_id,
                name,
            )
        name = storable(hub or "")
        row = Hub(municipality_id=municipality_id, name=name)
        return self._id(LedgerKind.HUB, row, municipality_id, name)

    def entries(self) -> list[NewEntry]:
        """Give senders the last name they were given, and say what the ledger must hold."""
        for sender_id, name in self._names.items():
            row = self._session.get_one(Sender, sender_id)
            if row.name != name:
                if (LedgerKind.SENDER, sender_id) not in self._made:
                    self._before[sender_id] = row.name
                row.name = name
                self._session.add(row)
                self._made[LedgerKind.SENDER, sender_id] = row
        self._session.flush()
        return [
            entry_for(kind, row, before={"name": self._before[row_id]})
            if kind is LedgerKind.SENDER and row_id in self._before
            else entry_for(kind, row)
            for (kind, row_id), row in self._made.items()
        ]

    def _id(self, kind: LedgerKind, wanted: SQLModel, parent: int | None, name: str) -> int:
        key = (kind, parent, name)
        if key not in self._found:
            row = self._row(wanted, parent, name)
            if row is None:
                row = wanted
                self._session.add(row)
                self._session.flush()
                self._made[kind, _row_id(row)] = row
            self._found[key] = _row_id(row)
        return self._found[key]

    def _row(self, wanted: SQLModel, parent: int | None, name: str) -> SQLModel | None:
        if isinstance(wanted, Sender):
            return self._session.exec(
                select(Sender).where(
                    Sender.code == name, col(Sender.platform_id).is_not_distinct_from(parent)
                )
            ).first()
        if isinstance(wanted, Hub):
            return self._session.exec(
                select(Hub).where(
                    Hub.name == name, col(Hub.municipality_id).is_not_distinct_from(parent)
                )
            ).first()
        if isinstance(wanted, Municipality):
            return self._session.exec(
                select(Municipality).where(
                    Municipality.name == name,
                    col(Municipality.province_id).is_not_distinct_from(parent),
                )
            ).first()
        if isinstance(wanted, Province):
            return self._session.exec(select(Province).where(Province.name == name)).first()
        return self._session.exec(select(Platform).where(Platform.name == name)).first()


def _row_id(row: SQLModel) -> int:
    return given(getattr(row, "id", None))
