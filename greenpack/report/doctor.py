"""Whether this installation can do its work: one check a part, each with what was found."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

import numpy as np

from greenpack import __version__
from greenpack.reasons import GreenPackError
from greenpack.records.database import open_database
from greenpack.rules.loading import available_profiles
from greenpack.settings import Settings
from greenpack.stores import evidence
from greenpack.vision.detector import Detector


class Check(TypedDict):
    """One part that was checked."""

    what: str
    ok: bool
    detail: str


def diagnose(settings: Settings) -> list[Check]:
    """Check version, weights and model, profiles, database and evidence store."""
    parts: list[tuple[str, Callable[[Settings], str]]] = [
        ("greenpack", lambda _: __version__),
        ("model", _model),
        ("profiles", _profiles),
        ("database", _database),
        ("evidence", _evidence),
    ]
    return [_checked(what, part, settings) for what, part in parts]


def _checked(what: str, part: Callable[[Settings], str], settings: Settings) -> Check:
    try:
        return Check(what=what, ok=True, detail=part(settings))
    except GreenPackError as error:
        return Check(what=what, ok=False, detail=f"{error}. {error.advice}")
    except OSError as error:
        return Check(what=what, ok=False, detail=str(error))


def _model(settings: Settings) -> str:
    detector = Detector(settings.weights)
    detector.shapes(np.zeros((320, 320, 3), np.uint8))
    weights = detector.weights
    known = "checked" if weights.checked else "no checksum file beside it"
    return f"{weights.path} on {detector.device}, sha256 {weights.sha256} ({known})"


def _profiles(settings: Settings) -> str:
    return ", ".join(
        f"{profile.id} {profile.version}"
        for profile in available_profiles(settings.profiles_folder)
    )


def _database(settings: Settings) -> str:
    engine = open_database(settings.database)
    shown = engine.url.render_as_string(hide_password=True)
    engine.dispose()
    return shown


def _evidence(settings: Settings) -> str:
    store = evidence(settings)
    store.probe()
    return str(store)
