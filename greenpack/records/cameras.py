"""Cameras by their names, with their calibrations and verifications.

The newest calibration counts, and the newest verification. Nothing is ever changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from greenpack.cameras.calibrating import Calibration
from greenpack.cameras.plain_forms import (
    camera_form,
    camera_from,
    grounds_form,
    pairs_form,
    pairs_from,
)
from greenpack.cameras.status import CameraStatus, camera_status
from greenpack.cameras.verification import (
    SizePair,
    Verification,
    VerificationLimits,
    verify_sizes,
)
from greenpack.measure.closed.camera_model import CameraModel
from greenpack.reasons import GreenPackError
from greenpack.records.camera_tables import CameraCalibration, CameraVerification
from greenpack.records.columns import storable
from greenpack.records.digests import entry_for
from greenpack.records.hubs import fits, hub_called, hub_path
from greenpack.records.ledger import LedgerKind, append_all, canonical, lock
from greenpack.records.places import ensure_camera
from greenpack.records.stored import given
from greenpack.records.tables import Camera

# The most names that a message lists.
_MOST_LISTED = 20


_Kept = TypeVar("_Kept", CameraCalibration, CameraVerification)


@dataclass(frozen=True, slots=True)
class KnownCamera:
    """A camera with what is known of it now.

    Attributes:
        id: of its row.
        hub_id: of its hub's row.
        name: its name.
        hub: ``province/municipality/hub``, as far as they are named; may be empty.
        calibration: the newest, or None.
        model: what that calibration says, or None.
        verification: the newest, or None.
        errors: what that verification says, or None.
        status: whether it may accuse.
    """

    id: int
    hub_id: int
    name: str
    hub: str
    calibration: CameraCalibration | None
    model: CameraModel | None
    verification: CameraVerification | None
    errors: Verification | None
    status: CameraStatus


def calibrated_camera(
    session: Session, name: str, limits: VerificationLimits, hub: str | None = None
) -> KnownCamera:
    """The camera as last calibrated, and whether its sizes may accuse.

    Raises:
        GreenPackError: ``camera_unknown``, ``camera_ambiguous``, ``camera_not_calibrated``.
    """
    known = known_camera(session, name, limits, hub)
    if known.model is None:
        raise GreenPackError("camera_not_calibrated", name)
    return known


def known_camera(
    session: Session, name: str, limits: VerificationLimits, hub: str | None = None
) -> KnownCamera:
    """The camera of that name, at that hub if one is named.

    Raises:
        GreenPackError: ``camera_unknown`` (with the names there are), ``camera_ambiguous``.
    """
    return _known(session, camera_named(session, name, hub), limits)


def camera_named(session: Session, name: str, hub: str | None = None) -> Camera:
    """The camera's row, found as ``known_camera`` finds it.

    Raises:
        GreenPackError: ``camera_unknown`` (with the names there are), ``camera_ambiguous``.
    """
    rows = session.exec(select(Camera).order_by(col(Camera.name), col(Camera.id))).all()
    found = [row for row in rows if row.name == storable(name)]
    if hub is not None:
        found = [row for row in found if fits(hub_path(session, row.hub_id), hub)]
    if not found:
        listed = ", ".join(_shown(session, row) for row in rows[:_MOST_LISTED])
        where = f" at {hub}" if hub else ""
        there = f"there are: {listed}" if rows else "none is known yet"
        more = " ..." if len(rows) > _MOST_LISTED else ""
        raise GreenPackError("camera_unknown", f"{name}{where}; {there}{more}")
    if len(found) > 1:
        listed = ", ".join(_shown(session, row) for row in found)
        raise GreenPackError("camera_ambiguous", listed)
    return found[0]


def camera_by_id(session: Session, camera_id: int, limits: VerificationLimits) -> KnownCamera:
    """The camera of that row."""
    return _known(session, session.get_one(Camera, camera_id), limits)


def known_cameras(session: Session, limits: VerificationLimits) -> list[KnownCamera]:
    """All cameras, by hub and name."""
    rows = session.exec(select(Camera)).all()
    known = [_known(session, row, limits) for row in rows]
    return sorted(known, key=lambda camera: (camera.hub, camera.name, camera.id))


def camera_at(session: Session, name: str, hub: str | None) -> Camera:
    """The camera of that name, made where it is missing.

    Without a hub the only camera of that name is meant; where there is none, it is made at the
    hub without a name. A hub is named by itself where that is clear, else with what it lies in:
    ``province/municipality/hub``.

    Raises:
        GreenPackError: ``camera_ambiguous`` if cameras or hubs of that name are several.
    """
    lock(session)
    if hub is None:
        rows = session.exec(select(Camera).where(Camera.name == storable(name))).all()
        if len(rows) > 1:
            listed = ", ".join(_shown(session, row) for row in rows)
            raise GreenPackError("camera_ambiguous", listed)
        if rows:
            return rows[0]
    return ensure_camera(session, hub_called(session, hub or ""), name)


def record_calibration(
    session: Session,
    camera_id: int,
    calibration: Calibration,
    at: datetime,
    belt_photos: Sequence[Mapping[str, str]] = (),
) -> CameraCalibration:
    """Keep a calibration; from now on it is the camera's.

    Args:
        session: the caller commits.
        camera_id: whose it is.
        calibration: the result.
        at: when; aware.
        belt_photos: ``name`` and ``sha256`` of the photos that show the belt.
    """
    lock(session)
    row = CameraCalibration(
        camera_id=camera_id,
        created_at=at,
        photos=len(calibration.used),
        rms_px=calibration.rms,
        focal_error=calibration.camera.focal_error,
        board=_json(asdict(calibration.board)),
        model=_json(camera_form(calibration.camera)),
        grounds=_json(grounds_form(calibration, belt_photos)),
    )
    session.add(row)
    session.flush()
    append_all(session, [entry_for(LedgerKind.CAMERA_CALIBRATION, row)])
    return row


def record_verification(
    session: Session,
    calibration: CameraCalibration,
    pairs: Sequence[SizePair],
    failed: Sequence[Mapping[str, str]],
    model_sha256: str,
    at: datetime,
) -> CameraVerification:
    """Keep a verification, whether it passes or not.

    Args:
        session: the caller commits.
        calibration: what the sizes were measured with.
        pairs: the sizes beside the tape's, one at least.
        failed: ``photo`` and ``reason`` of those that gave none.
        model_sha256: of the weights that measured.
        at: when; aware.

    Raises:
        GreenPackError: ``verification_empty`` without any size.
    """
    overall = verify_sizes(pairs).overall
    if not overall.parcels:
        raise GreenPackError("verification_empty")
    lock(session)
    bias = overall.bias
    row = CameraVerification(
        camera_id=calibration.camera_id,
        calibration_id=given(calibration.id),
        created_at=at,
        model_sha256=model_sha256,
        parcels=overall.parcels,
        bias_mm=None if bias is None else bias.value,
        bias_low_mm=None if bias is None else bias.low,
        bias_high_mm=None if bias is None else bias.high,
        sd_mm=overall.sd,
        pairs=_json(pairs_form(pairs)),
        failed=_json([dict(each) for each in failed]),
    )
    session.add(row)
    session.flush()
    append_all(session, [entry_for(LedgerKind.CAMERA_VERIFICATION, row)])
    return row


def _known(session: Session, camera: Camera, limits: VerificationLimits) -> KnownCamera:
    calibration = _newest(session, CameraCalibration, camera)
    verification = _newest(session, CameraVerification, camera)
    errors = None if verification is None else verify_sizes(pairs_from(_read(verification.pairs)))
    return KnownCamera(
        id=given(camera.id),
        hub_id=camera.hub_id,
        name=camera.name,
        hub=hub_path(session, camera.hub_id),
        calibration=calibration,
        model=None if calibration is None else camera_from(_read(calibration.model)),
        verification=verification,
        errors=errors,
        status=camera_status(
            None if calibration is None else calibration.id,
            None if verification is None else verification.calibration_id,
            errors,
            limits,
        ),
    )


def _newest(session: Session, kind: type[_Kept], camera: Camera) -> _Kept | None:
    """The last row of that kind that was kept of a camera."""
    statement = select(kind).where(kind.camera_id == camera.id).order_by(col(kind.id).desc())
    return session.exec(statement.limit(1)).first()


def _shown(session: Session, camera: Camera) -> str:
    hub = hub_path(session, camera.hub_id)
    return f"{camera.name} at {hub}" if hub else camera.name


def _json(value: object) -> str:
    return storable(canonical(value))


def _read(text: str) -> Any:
    return json.loads(text)
