"""A worker made from the settings: everything that can fail at the start fails here."""

from __future__ import annotations

from greenpack import stores
from greenpack.records.database import open_database
from greenpack.rules.loading import load_profile
from greenpack.settings import Settings
from greenpack.vision.detector import Detector
from greenpack.vision.weights import gpu_present, load_weights
from greenpack.work.audits import CameraAudits
from greenpack.work.work_metrics import WorkMetrics
from greenpack.work.worker import Worker


def make_worker(settings: Settings, metrics: WorkMetrics | None = None) -> Worker:
    """Check profile, stores and database, and load the model.

    Raises:
        GreenPackError: for whatever a person can mend.
        OSError: if the storage cannot be used.
    """
    profile = load_profile(settings.profile, settings.profiles_folder)
    weights = load_weights(settings.weights, prefer_gpu=gpu_present())
    originals = stores.originals(settings)
    originals.probe()
    stores.evidence(settings).probe()
    engine = open_database(settings.database)
    audits = CameraAudits(settings, engine, profile, weights, Detector(weights))
    return Worker(settings, engine, originals, audits, metrics=metrics)
