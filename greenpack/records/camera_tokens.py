"""Cameras' tokens: made, taken anew, revoked, and recognised when a camera posts.

A token is ``gp_<number of its row>_<secret>`` with 256 random bits in 43 characters. Only the
secret's SHA-256 is stored: a copy of the database posts nothing. With that many random bits no
slow hash is needed, and a camera can prove itself with every photo.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from greenpack.reasons import GreenPackError
from greenpack.records.cameras import camera_at, camera_named
from greenpack.records.columns import now as present
from greenpack.records.digests import entry_for
from greenpack.records.hubs import PATH_COLUMNS, hub_path, path_in, with_places
from greenpack.records.ledger import LedgerKind, append_all, lock
from greenpack.records.stored import given
from greenpack.records.tables import Camera, CameraToken

# No larger than what both databases take for an integer.
_TOKEN = re.compile(r"gp_([1-9][0-9]{0,8})_([A-Za-z0-9_-]{43})")
_SECRET_BYTES = 32
_NOBODY = "0" * 64

_CAMERA: sa.Table = Camera.__table__  # type: ignore[attr-defined]
_TOKENS: sa.Table = CameraToken.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class TokenCamera:
    """A camera, and the token it has or came with.

    Attributes:
        camera_id: of its row.
        hub_id: of its hub's row.
        name: its name.
        hub: ``province/municipality/hub``, as far as they are named; may be empty.
        token_id: of the token's row.
    """

    camera_id: int
    hub_id: int
    name: str
    hub: str
    token_id: int


def add_camera(
    session: Session,
    hub: str,
    name: str,
    silent_after_minutes: float | None = None,
    at: datetime | None = None,
) -> tuple[TokenCamera, str]:
    """Let a camera post; it and its hub are made where they are missing.

    Args:
        session: the caller commits.
        hub: the hub, by itself where that is clear, else ``province/municipality/hub``.
        name: the camera's name at that hub.
        silent_after_minutes: posting nothing for longer it counts as silent, > 0; None leaves it
            to the settings.
        at: now; None reads the clock.

    Returns:
        The camera, and its token: it is shown to nobody again.

    Raises:
        GreenPackError: ``camera_has_token``, ``camera_ambiguous``.
        ValueError: for an empty name of hub or camera, or minutes not above zero.
    """
    if not hub.strip() or not name.strip():
        raise ValueError("a camera and its hub need names")
    if silent_after_minutes is not None and not silent_after_minutes > 0:
        raise ValueError("the minutes after which a camera is silent must be above zero")
    lock(session)
    at = at or present()
    camera = camera_at(session, name.strip(), hub.strip())
    if live_tokens(session, given(camera.id), at):
        raise GreenPackError("camera_has_token", f"{name} at {hub_path(session, camera.hub_id)}")
    if camera.silent_after_minutes != silent_after_minutes:
        camera.silent_after_minutes = silent_after_minutes
        session.add(camera)
        session.flush()
        append_all(session, [entry_for(LedgerKind.CAMERA, camera)])
    return _new_token(session, camera, at)


def rotate(
    session: Session,
    name: str,
    hub: str | None = None,
    keep_old: timedelta = timedelta(0),
    at: datetime | None = None,
) -> tuple[TokenCamera, str]:
    """Give a camera a new token; the old ones are refused, at once or after a while.

    Args:
        session: the caller commits.
        name: the camera's name.
        hub: its hub, where the name alone is not clear.
        keep_old: how long the old tokens still serve, >= 0.
        at: now; None reads the clock.

    Raises:
        GreenPackError: ``camera_unknown``, ``camera_ambiguous``.
    """
    lock(session)
    at = at or present()
    camera = camera_named(session, name, hub)
    _revoke(session, given(camera.id), at, at + keep_old)
    return _new_token(session, camera, at)


def revoke(session: Session, name: str, hub: str | None = None, at: datetime | None = None) -> int:
    """Refuse all of a camera's tokens from now on; returns how many still served.

    Raises:
        GreenPackError: ``camera_unknown``, ``camera_ambiguous``.
    """
    lock(session)
    at = at or present()
    camera = camera_named(session, name, hub)
    return _revoke(session, given(camera.id), at, at)


def camera_of_token(session: Session, token: str, now: datetime) -> TokenCamera | None:
    """The camera that a token belongs to, or None; nothing is written.

    Secrets are compared in constant time, also where there is no such token.

    Raises:
        GreenPackError: ``token_revoked`` for a token that is right and no longer serves.
    """
    match = _TOKEN.fullmatch(token)
    token_id, secret = (int(match[1]), match[2]) if match else (0, "")
    statement = sa.select(*_TOKENS.c, _CAMERA.c.name, _CAMERA.c.hub_id, *PATH_COLUMNS).select_from(
        with_places(_CAMERA.join(_TOKENS, _TOKENS.c.camera_id == _CAMERA.c.id))
    )
    row = session.connection().execute(statement.where(_TOKENS.c.id == token_id)).mappings().first()
    same = hmac.compare_digest(_hashed(secret), _NOBODY if row is None else row["sha256"])
    if row is None or not same:
        return None
    path = path_in(row)
    if row["revoked_at"] is not None and row["revoked_at"] <= now:
        raise GreenPackError("token_revoked", f"{row['name']} at {path}, token {token_id}")
    return TokenCamera(row["camera_id"], row["hub_id"], row["name"], path, token_id)


def live_tokens(session: Session, camera_id: int, at: datetime) -> list[CameraToken]:
    """The tokens of a camera that serve at that time, in the order they were made."""
    statement = (
        select(CameraToken)
        .where(
            CameraToken.camera_id == camera_id,
            or_(col(CameraToken.revoked_at).is_(None), col(CameraToken.revoked_at) > at),
        )
        .order_by(col(CameraToken.id))
    )
    return list(session.exec(statement).all())


def _revoke(session: Session, camera_id: int, at: datetime, until: datetime) -> int:
    """Let tokens serve until then at the longest; returns how many serve now."""
    live = live_tokens(session, camera_id, at)
    changed = [row for row in live if row.revoked_at is None or row.revoked_at > until]
    for row in changed:
        row.revoked_at = until
        session.add(row)
    session.flush()
    append_all(
        session,
        [entry_for(LedgerKind.CAMERA_TOKEN, row, camera=camera_id) for row in changed],
    )
    return len(live)


def _new_token(session: Session, camera: Camera, at: datetime) -> tuple[TokenCamera, str]:
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    row = CameraToken(camera_id=given(camera.id), sha256=_hashed(secret), created_at=at)
    session.add(row)
    session.flush()
    append_all(session, [entry_for(LedgerKind.CAMERA_TOKEN, row, camera=row.camera_id)])
    holder = TokenCamera(
        camera_id=row.camera_id,
        hub_id=camera.hub_id,
        name=camera.name,
        hub=hub_path(session, camera.hub_id),
        token_id=given(row.id),
    )
    return holder, f"gp_{holder.token_id}_{secret}"


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
