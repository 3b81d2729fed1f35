"""How much hubs have to cope with, and which of their cameras have fallen silent.

Key nodes must not burst in the peak season: what a hub's cameras post in an hour is held against
what the hub is stated to cope with, beside what waits to be measured.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, func, or_, select
from sqlmodel import Session

from greenpack.records.digests import entry_for
from greenpack.records.hubs import PATH_COLUMNS, hub_paths, known_hub, path_in, with_places
from greenpack.records.ledger import LedgerKind, append_all, lock
from greenpack.records.posting_tables import CameraToken, Posting, PostingState
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.selecting import in_scope
from greenpack.records.tables import Camera, Hub, Photo, Waybill

_HOUR = timedelta(hours=1)

_CAMERA: Table = Camera.__table__  # type: ignore[attr-defined]
_TOKEN: Table = CameraToken.__table__  # type: ignore[attr-defined]
_HUB: Table = Hub.__table__  # type: ignore[attr-defined]
_PHOTO: Table = Photo.__table__  # type: ignore[attr-defined]
_POSTING: Table = Posting.__table__  # type: ignore[attr-defined]
_WAYBILL: Table = Waybill.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class CameraActivity:
    """Whether a camera posts.

    Attributes:
        camera_id: of its row.
        hub_id: of its hub's row.
        name: its name.
        hub: ``province/municipality/hub``, as far as they are named; may be empty.
        last_seen: when it last posted, to 10 seconds, or None if it never did.
        silent_after_minutes: posting nothing for longer it is silent, > 0.
        silent: whether it should post and has not for too long; a camera without a token is not
            expected to post.
        postings_last_hour: photos that it posted in the last hour, each counted once.
        has_token: whether it has a token that serves.
    """

    camera_id: int
    hub_id: int
    name: str
    hub: str
    last_seen: datetime | None
    silent_after_minutes: float
    silent: bool
    postings_last_hour: int
    has_token: bool


@dataclass(frozen=True, slots=True)
class HubLoad:
    """How much a hub has to cope with.

    Attributes:
        hub_id: of its row.
        hub: ``province/municipality/hub``, as far as they are named; may be empty.
        photos_last_hour: photos that its cameras posted in the last hour.
        parcels_last_hour: parcels that these show: by their waybills, and one for each photo
            whose waybill is not known (yet).
        capacity_per_hour: photos an hour that it is stated to cope with, > 0; None if not stated.
        backlog: postings that wait or are worked on.
        oldest_seconds: how long ago the oldest of those was received, >= 0; None if none.
        silent_cameras: names of the cameras that have fallen silent.
    """

    hub_id: int
    hub: str
    photos_last_hour: int
    parcels_last_hour: int
    capacity_per_hour: float | None
    backlog: int
    oldest_seconds: float | None
    silent_cameras: tuple[str, ...]

    @property
    def load(self) -> float | None:
        """Photos of the last hour over the stated capacity, >= 0; None if none is stated."""
        if self.capacity_per_hour is None:
            return None
        return self.photos_last_hour / self.capacity_per_hour


def set_capacity(session: Session, hub: str, photos_per_hour: float) -> int:
    """State how many photos an hour a hub copes with; the ledger keeps what was stated before.

    Args:
        session: the caller commits.
        hub: the hub, by itself where that is clear, else ``province/municipality/hub``.
        photos_per_hour: > 0.

    Returns:
        The id of the hub's row.

    Raises:
        GreenPackError: ``hub_unknown``, ``camera_ambiguous``.
        ValueError: if the number is not above zero.
    """
    if not photos_per_hour > 0:
        raise ValueError("a hub's capacity is above zero")
    lock(session)
    hub_id = known_hub(session, hub)
    row = session.get_one(Hub, hub_id)
    before = row.photos_per_hour
    if before != photos_per_hour:
        row.photos_per_hour = float(photos_per_hour)
        session.add(row)
        session.flush()
        entry = entry_for(LedgerKind.HUB, row, before={"photos_per_hour": before})
        append_all(session, [entry])
    return hub_id


def camera_activity(
    session: Session,
    now: datetime,
    default_silent_minutes: float,
    scope: Scope = EVERYTHING,
) -> list[CameraActivity]:
    """The cameras of a scope, by hub and name.

    Args:
        session: reads only.
        now: aware.
        default_silent_minutes: for cameras without a time of their own, > 0.
        scope: whose hubs.
    """
    recent = (
        select(func.count())
        .select_from(_POSTING)
        .where(_POSTING.c.camera_id == _CAMERA.c.id, _in_the_last_hour(now))
        .scalar_subquery()
    )
    # The oldest token that serves tells since when the camera could have posted.
    since = (
        select(func.min(_TOKEN.c.created_at, type_=_TOKEN.c.created_at.type))
        .where(
            _TOKEN.c.camera_id == _CAMERA.c.id,
            or_(_TOKEN.c.revoked_at.is_(None), _TOKEN.c.revoked_at > now),
        )
        .scalar_subquery()
    )
    statement = select(
        *_CAMERA.c, *PATH_COLUMNS, recent.label("recent"), since.label("since")
    ).select_from(with_places())
    statement = statement.where(*in_scope(scope, _CAMERA.c.hub_id))
    found = []
    for row in session.connection().execute(statement).mappings():
        patience = row["silent_after_minutes"] or default_silent_minutes
        last = max(filter(None, (row["last_seen_at"], row["since"])), default=None)
        found.append(
            CameraActivity(
                camera_id=row["id"],
                hub_id=row["hub_id"],
                name=row["name"],
                hub=path_in(row),
                last_seen=row["last_seen_at"],
                silent_after_minutes=patience,
                silent=row["since"] is not None
                and last is not None
                and now - last > timedelta(minutes=patience),
                postings_last_hour=row["recent"],
                has_token=row["since"] is not None,
            )
        )
    return sorted(found, key=lambda camera: (camera.hub, camera.name, camera.camera_id))


def hub_loads(
    session: Session,
    now: datetime,
    default_silent_minutes: float = 60.0,
    scope: Scope = EVERYTHING,
) -> list[HubLoad]:
    """The hubs of a scope that have a camera or a stated capacity, the fullest first.

    Args:
        session: reads only.
        now: aware.
        default_silent_minutes: for cameras without a time of their own, > 0.
        scope: which hubs.
    """
    cameras = camera_activity(session, now, default_silent_minutes, scope)
    capacities = _capacities(session, scope)
    photos: Counter[int] = Counter()
    silent: dict[int, list[str]] = {}
    for camera in cameras:
        photos[camera.hub_id] += camera.postings_last_hour
        if camera.silent:
            silent.setdefault(camera.hub_id, []).append(camera.name)
    parcels = _parcels(session, now)
    waiting = _waiting(session)
    paths = hub_paths(session)
    loads = [
        HubLoad(
            hub_id=hub_id,
            hub=paths[hub_id],
            photos_last_hour=photos[hub_id],
            parcels_last_hour=parcels.get(hub_id, 0),
            capacity_per_hour=capacities.get(hub_id),
            backlog=waiting[hub_id][0] if hub_id in waiting else 0,
            oldest_seconds=max(0.0, (now - waiting[hub_id][1]).total_seconds())
            if hub_id in waiting
            else None,
            silent_cameras=tuple(silent.get(hub_id, ())),
        )
        for hub_id in capacities.keys() | {camera.hub_id for camera in cameras}
    ]
    return sorted(loads, key=lambda load: (-(load.load or 0.0), -load.backlog, load.hub))


def _in_the_last_hour(now: datetime) -> ColumnElement[bool]:
    return and_(_POSTING.c.received_at > now - _HOUR, _POSTING.c.received_at <= now)


def _capacities(session: Session, scope: Scope) -> dict[int, float]:
    statement = select(_HUB.c.id, _HUB.c.photos_per_hour).where(
        _HUB.c.photos_per_hour.is_not(None), *in_scope(scope, _HUB.c.id)
    )
    return {row.id: row.photos_per_hour for row in session.connection().execute(statement)}


def _parcels(session: Session, now: datetime) -> dict[int, int]:
    """Parcels of the last hour by hub."""
    parcel = func.coalesce(_WAYBILL.c.number, _POSTING.c.waybill_number, _POSTING.c.sha256)
    statement = (
        select(_CAMERA.c.hub_id, func.count(parcel.distinct()).label("parcels"))
        .select_from(
            _POSTING.join(_CAMERA, _CAMERA.c.id == _POSTING.c.camera_id)
            .outerjoin(_PHOTO, _PHOTO.c.id == _POSTING.c.photo_id)
            .outerjoin(_WAYBILL, _WAYBILL.c.id == _PHOTO.c.waybill_id)
        )
        .where(_in_the_last_hour(now))
        .group_by(_CAMERA.c.hub_id)
    )
    return {row.hub_id: row.parcels for row in session.connection().execute(statement)}


def _waiting(session: Session) -> dict[int, tuple[int, datetime]]:
    """How many postings are unfinished, and when the oldest was received, by hub."""
    received = _POSTING.c.received_at
    statement = (
        select(_CAMERA.c.hub_id, func.count(), func.min(received, type_=received.type))
        .select_from(_POSTING.join(_CAMERA, _CAMERA.c.id == _POSTING.c.camera_id))
        .where(_POSTING.c.state.in_([PostingState.WAITING.value, PostingState.WORKING.value]))
        .group_by(_CAMERA.c.hub_id)
    )
    return {
        hub_id: (count, oldest) for hub_id, count, oldest in session.connection().execute(statement)
    }
