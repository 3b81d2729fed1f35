"""Sets an audit up from the settings, and turns its lines into JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from greenpack import stores
from greenpack.audit import Audit, AuditLine
from greenpack.camera_settings import statuses_by_settings
from greenpack.intake.waybill_csv import WaybillTable, read_waybills
from greenpack.reasons import REASONS, GreenPackError
from greenpack.records.cameras import calibrated_camera, known_cameras
from greenpack.records.database import open_database, reading, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.waybills import ImportSummary, import_waybills
from greenpack.rules.loading import load_profile
from greenpack.rules.profile import Profile
from greenpack.settings import Settings
from greenpack.vision.weights import gpu_present, load_weights


@dataclass(frozen=True, slots=True)
class AuditRun:
    """An audit ready to take photos, with what it was set up from."""

    audit: Audit
    profile: Profile
    table: WaybillTable | None
    store: EvidenceStore
    shown_database: str


def run_audit(
    settings: Settings, waybills: Path | None, camera: str | None = None, hub: str | None = None
) -> AuditRun:
    """Check weights, profile, table and camera, open the database, import the table.

    Args:
        settings: as set from outside.
        waybills: the waybill table, or None.
        camera: name of the calibrated camera that took the photos, or None.
        hub: where it hangs, needed only where two cameras have the same name.

    Everything that can fail does so here, before the first photo.

    Raises:
        GreenPackError: for whatever a person can mend.
    """
    weights = load_weights(settings.weights, prefer_gpu=gpu_present())
    profile = load_profile(settings.profile, settings.profiles_folder)
    table = None if waybills is None else read_table(waybills)
    engine = open_database(settings.database)
    known = None
    with reading(engine) as session:
        if camera is not None:
            known = calibrated_camera(session, camera, settings.camera_limits, hub)
        cameras = known_cameras(session, settings.camera_limits)
    if table is not None:
        import_table(engine, table)
    return AuditRun(
        audit=Audit(
            settings,
            engine,
            profile,
            weights,
            sidecar=table.sidecar if table else None,
            camera=known,
            others=statuses_by_settings(cameras, settings, weights),
        ),
        profile=profile,
        table=table,
        store=stores.evidence(settings),
        shown_database=engine.url.render_as_string(hide_password=True),
    )


def read_table(path: Path) -> WaybillTable:
    """Read a waybill table from a file.

    Raises:
        GreenPackError: where there is none, or it cannot be read as one.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise GreenPackError("not_found", str(path)) from error
    except PermissionError as error:
        raise GreenPackError("no_permission", str(path)) from error
    except OSError as error:
        raise GreenPackError("table_unreadable", f"{path}: {error.strerror}") from error
    return read_waybills(data)


def import_table(engine: Engine, table: WaybillTable) -> ImportSummary:
    """Import a table in one transaction."""
    return transact(engine, lambda session: import_waybills(session, table.waybills))


def audit_json(line: AuditLine, store: EvidenceStore) -> dict[str, Any]:
    """A line of `greenpack audit --json`."""
    evidence = line.evidence_sha256
    return {
        "photo": line.name,
        "sha256": line.sha256,
        "waybill": line.waybill,
        "sender": line.sender,
        "verdict": line.verdict,
        "reason": line.reason,
        "advice": REASONS[line.reason].advice if line.reason else None,
        "explanation": line.explanation or None,
        "note": line.note or None,
        "evidence": None if evidence is None else store.place(evidence),
        "added": line.added,
    }
