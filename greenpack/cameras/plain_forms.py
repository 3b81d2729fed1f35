"""Calibrations and verifications as plain values for JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from greenpack.cameras.calibrating import Calibration
from greenpack.cameras.verification import SizePair
from greenpack.measure.closed.camera_model import BeltPlane, CameraModel
from greenpack.measure.interval import Interval


def camera_form(camera: CameraModel) -> dict[str, Any]:
    """The camera's parameters by name; every number keeps all its digits."""
    return asdict(camera)


def camera_from(form: Mapping[str, Any]) -> CameraModel:
    """The camera of ``camera_form``.

    Raises:
        KeyError, TypeError, ValueError: if it is no such form.
    """
    belt = form["belt"]
    return CameraModel(
        width=int(form["width"]),
        height=int(form["height"]),
        focal=_two(form["focal"]),
        centre=_two(form["centre"]),
        distortion=tuple(float(value) for value in form["distortion"]),
        focal_error=float(form["focal_error"]),
        belt=None
        if belt is None
        else BeltPlane(
            rotation=(
                _three(belt["rotation"][0]),
                _three(belt["rotation"][1]),
                _three(belt["rotation"][2]),
            ),
            translation=_three(belt["translation"]),
            error=float(belt["error"]),
        ),
        source=str(form["source"]),
    )


def grounds_form(calibration: Calibration, belt_photos: Sequence[Mapping[str, str]]) -> Any:
    """What a calibration rests on."""
    return {
        "coverage": calibration.coverage,
        "turn_degrees": calibration.turn,
        "used": [asdict(photo) for photo in calibration.used],
        "rejected": [asdict(photo) for photo in calibration.rejected],
        "belt": [dict(photo) for photo in belt_photos],
    }


def pairs_form(pairs: Sequence[SizePair]) -> list[dict[str, Any]]:
    """Sizes beside the tape's."""
    return [asdict(pair) for pair in pairs]


def pairs_from(form: Sequence[Mapping[str, Any]]) -> list[SizePair]:
    """The pairs of ``pairs_form``."""
    pairs = []
    for pair in form:
        length, width, height = (
            None if size is None else Interval(size["value"], size["low"], size["high"])
            for size in pair["measured"]
        )
        pairs.append(
            SizePair(pair["photo"], pair["parcel"], (length, width, height), _three(pair["taped"]))
        )
    return pairs


def _two(values: Sequence[float]) -> tuple[float, float]:
    first, second = values
    return float(first), float(second)


def _three(values: Sequence[float]) -> tuple[float, float, float]:
    first, second, third = values
    return float(first), float(second), float(third)
