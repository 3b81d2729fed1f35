"""Cameras in the records: the newest counts, nothing changes, and names are never guessed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from greenpack.cameras.status import Standing
from greenpack.cameras.verification import VerificationLimits, verify_sizes
from greenpack.reasons import GreenPackError
from greenpack.records.cameras import (
    KnownCamera,
    calibrated_camera,
    camera_at,
    known_camera,
    known_cameras,
    record_calibration,
    record_verification,
)
from greenpack.records.database import reading, transact
from greenpack.records.stored import given
from greenpack.records.tables import CameraCalibration
from greenpack.records.verification import verify

from .samples import MODEL, RECEIVED, calibration, size_pairs

LIMITS = VerificationLimits()


def add(session: Session, name: str = "line 1", hub: str | None = "Zhejiang/Hangzhou/North") -> int:
    return given(camera_at(session, name, hub).id)


def calibrated(engine: Engine, focal: float = 1010.125) -> CameraCalibration:
    return transact(
        engine,
        lambda session: record_calibration(session, add(session), calibration(focal), RECEIVED),
    )


def verified(engine: Engine, kept: CameraCalibration, off: float = 1.0, parcels: int = 12) -> None:
    later = RECEIVED + timedelta(days=1)
    transact(
        engine,
        lambda session: record_verification(
            session, kept, size_pairs(parcels, off), [], MODEL, later
        ),
    )


def known(engine: Engine, limits: VerificationLimits = LIMITS) -> KnownCamera:
    with reading(engine) as session:
        return known_camera(session, "line 1", limits)


def test_a_calibration_comes_back_number_for_number(engine: Engine) -> None:
    calibrated(engine)
    with reading(engine) as session:
        camera = calibrated_camera(session, "line 1", LIMITS)
        assert verify(session, None).sound
    assert camera.model == calibration().camera
    assert camera.status.standing is Standing.NEVER_VERIFIED
    assert camera.status.text == "may only screen: never verified"


def test_a_verified_camera_may_accuse_until_it_is_calibrated_again(engine: Engine) -> None:
    kept = calibrated(engine)
    verified(engine, kept)
    now = known(engine)
    assert now.status.may_accuse
    assert now.errors == verify_sizes(size_pairs())
    assert now.hub == "Zhejiang/Hangzhou/North"
    newer = calibrated(engine, 999.0)
    again = known(engine)
    assert again.model is not None
    assert again.model.focal[0] == 999.0
    assert again.status.standing is Standing.RECALIBRATED
    assert not again.status.may_accuse
    verified(engine, newer)
    assert known(engine).status.may_accuse


def test_past_its_limits_a_camera_may_only_screen(engine: Engine) -> None:
    kept = calibrated(engine)
    verified(engine, kept, off=14.0)
    status = known(engine).status
    assert status.standing is Standing.PAST_LIMITS
    assert "bias" in status.text
    assert known(engine, VerificationLimits(max_bias_mm=20.0)).status.may_accuse
    verified(engine, kept, parcels=4)
    assert "4 parcels, 10 needed" in known(engine).status.text


def test_nothing_of_a_camera_can_be_changed(engine: Engine) -> None:
    kept = calibrated(engine)
    verified(engine, kept)
    for statement in (
        "UPDATE camera_calibration SET rms_px = 0",
        "DELETE FROM camera_verification",
        "UPDATE camera_verification SET bias_mm = 0",
    ):
        with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.exec_driver_sql(statement)


def test_a_verification_without_any_size_is_refused(engine: Engine) -> None:
    kept = calibrated(engine)
    with pytest.raises(GreenPackError) as refused:
        transact(
            engine, lambda session: record_verification(session, kept, [], [], MODEL, RECEIVED)
        )
    assert refused.value.code == "verification_empty"


def test_the_same_name_at_two_hubs_is_two_cameras(engine: Engine) -> None:
    north = transact(engine, add)
    south = transact(engine, lambda session: add(session, hub="Zhejiang/Hangzhou/South"))
    assert north != south
    with reading(engine) as session:
        with pytest.raises(GreenPackError, match=r"line 1 at Zhejiang/Hangzhou/North, line 1 at"):
            known_camera(session, "line 1", LIMITS)
        assert known_camera(session, "line 1", LIMITS, "South").id == south
        assert known_camera(session, "line 1", LIMITS, "Hangzhou/North").id == north
        with pytest.raises(GreenPackError) as refused:
            calibrated_camera(session, "line 1", LIMITS, "North")
        assert refused.value.code == "camera_not_calibrated"
        assert [camera.id for camera in known_cameras(session, LIMITS)] == [north, south]
    with pytest.raises(GreenPackError) as refused:
        transact(engine, lambda session: add(session, hub=None))
    assert refused.value.code == "camera_ambiguous"


def test_a_hub_that_is_known_is_found_by_its_name_alone(engine: Engine) -> None:
    first = transact(engine, add)
    assert transact(engine, lambda session: add(session, hub="North")) == first
    assert transact(engine, lambda session: add(session, hub=None)) == first
    transact(engine, lambda session: add(session, "line 2", "Hunan/Changsha/North"))
    with pytest.raises(GreenPackError) as refused:
        transact(engine, lambda session: add(session, "line 3", "North"))
    assert "Hunan/Changsha/North" in str(refused.value)
    # Half a name is no name.
    other = transact(engine, lambda session: add(session, hub="orth"))
    assert other != first


def test_a_camera_without_a_hub_is_kept_without_one(engine: Engine) -> None:
    transact(engine, lambda session: add(session, "desk", None))
    with reading(engine) as session:
        assert known_camera(session, "desk", LIMITS).hub == ""


def test_an_unknown_camera_is_told_which_there_are(engine: Engine) -> None:
    with reading(engine) as session, pytest.raises(GreenPackError, match="none is known yet"):
        known_camera(session, "lin 1", LIMITS)
    transact(engine, add)
    with reading(engine) as session, pytest.raises(GreenPackError) as refused:
        known_camera(session, "lin 1", LIMITS)
    assert refused.value.code == "camera_unknown"
    assert "line 1 at Zhejiang/Hangzhou/North" in str(refused.value)
