"""Photos, measurements, judgements and waybills to record."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlmodel import Session

from greenpack.cameras.board import STANDARD, Paper
from greenpack.cameras.calibrating import Calibration, RejectedPhoto, UsedPhoto
from greenpack.cameras.verification import SizePair
from greenpack.measure.closed.camera_model import BeltPlane, CameraModel
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import BudgetLine, Measurement, Outcome, Quantity
from greenpack.records.account_tables import SignInSession
from greenpack.records.accounts import add_account
from greenpack.records.camera_tokens import add_camera, revoke
from greenpack.records.cameras import record_calibration, record_verification
from greenpack.records.digests import entry_for
from greenpack.records.forms import (
    AttributionSource,
    DecisionKind,
    MeasurementRecord,
    PhotoRecord,
    ProfilePin,
    StoredPhoto,
)
from greenpack.records.ledger import LedgerKind, append_all
from greenpack.records.places import ensure_camera, ensure_hub
from greenpack.records.postings import post
from greenpack.records.recording import decide, record_findings, record_photo
from greenpack.records.roles import Role
from greenpack.records.scope import Scope
from greenpack.records.tables import CaseEvent, ComplianceCase, Finding
from greenpack.records.waybills import import_waybills
from greenpack.rules.verdict import Judgement, Verdict


def sha(text: str) -> str:
    """A SHA-256 to tell things apart by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


MODEL, SETTINGS, EVIDENCE = sha("model"), sha("settings"), sha("evidence")
PROFILE = ProfilePin("cn", "1", sha("profile 1"))
RECEIVED = datetime(2026, 11, 23, 8, 30, 15, 123456, UTC)


@dataclass(frozen=True)
class Item:
    """Shaped as the waybill reader's items are."""

    name: str
    length_mm: float | None = 100.0
    width_mm: float | None = 50.0
    height_mm: float | None = 20.0
    quantity: int = 1
    goods_class: str = "clothing"
    soft: bool | None = None


@dataclass(frozen=True)
class Declared:
    """Shaped as the waybill reader's waybills are."""

    number: str
    sender_code: str | None = None
    sender_name: str | None = None
    platform: str | None = None
    hub: str | None = None
    province: str | None = None
    municipality: str | None = None
    packed_on: date | None = None
    packaging: str | None = None
    parcel_mm: tuple[float, float, float] | None = None
    items: tuple[Item, ...] = ()
    photos: tuple[str, ...] = ()
    complete: bool = True
    board_mm: float | None = None
    product_mass_g: float | None = None
    packaging_mass_g: float | None = None


def full(number: str = "SF1", **changes: object) -> Declared:
    """A waybill that declares everything."""
    values: dict[str, object] = {
        "number": number,
        "sender_code": "S-7",
        "sender_name": "Silk Road Shoes",
        "platform": "Mall",
        "hub": "North",
        "province": "Zhejiang",
        "municipality": "Hangzhou",
        "packed_on": date(2026, 11, 20),
        "packaging": "carton",
        "parcel_mm": (300.0, 200.0, 100.5),
        "items": (Item("shoes"), Item("laces", None, None, None, 2)),
    }
    return Declared(**values | changes)  # type: ignore[arg-type]


def photo(name: str = "a.jpg", number: str | None = None, **changes: object) -> PhotoRecord:
    """A usable photo."""
    values: dict[str, object] = {
        "sha256": sha(name),
        "source_name": name,
        "size_bytes": 123_456,
        "received_at": RECEIVED,
        "media_type": "image/jpeg",
        "width": 4032,
        "height": 3024,
        "taken_at": RECEIVED,
        "waybill_number": number,
        "attribution_source": None if number is None else AttributionSource.BARCODE,
        "attribution_note": None if number is None else "Code 128",
    }
    return PhotoRecord(**values | changes)  # type: ignore[arg-type]


def measured(low: float = 0.55, high: float = 1.0, model: str = MODEL) -> MeasurementRecord:
    """A measured photo whose numbers have long tails, to see whether they come back whole."""
    return MeasurementRecord(
        model_sha256=model,
        settings_sha256=SETTINGS,
        measurement=Measurement(
            Outcome.MEASURED,
            quantities={
                Quantity.AREA_RATIO: Interval(0.1 + 0.2, 0.1, 0.1 + 0.7),
                Quantity.VOID_RATIO: Interval(None, low, high),
            },
            budget=(BudgetLine(Quantity.AREA_RATIO, "model", 1 / 3, "calibration"),),
            assumptions=("The camera stood twice as high as the box is deep.",),
            corners=((0.1, 0.2), (100.0, 0.0), (100.25, 99.9), (1e-17, 1e22)),
        ),
        shapes=(
            {"label": "opening", "confidence": 0.9312, "polygon": [[0.1, 2.0], [3.0, 4.5]]},
            {"label": "item", "confidence": 0.5, "polygon": []},
        ),
        milliseconds=84,
    )


def unmeasurable(reason: str = "too_dark") -> MeasurementRecord:
    """A photo that gave no numbers."""
    return MeasurementRecord(MODEL, SETTINGS, Measurement(Outcome.UNMEASURABLE, reason=reason))


def judgement(
    verdict: Verdict = Verdict.VIOLATION,
    rule: str = "void",
    low: float | None = 0.55,
    reason: str = "beyond_limit",
    screening: Verdict | None = None,
) -> Judgement:
    """A judgement of the void ratio against a limit of one half."""
    return Judgement(
        rule_id=rule,
        verdict=verdict,
        reason=reason,
        quantity=Quantity.VOID_RATIO,
        interval=None if low is None else Interval(None, low, 1.0),
        limit=0.5,
        explanation=f"The void ratio is at least {low}.",
        screening=screening,
    )


def audit(
    session: Session,
    name: str,
    verdicts: dict[str, Verdict],
    number: str | None = None,
    *,
    low: float = 0.55,
    profile: ProfilePin = PROFILE,
    evidence: str = EVIDENCE,
    **changes: object,
) -> tuple[StoredPhoto, list[Finding]]:
    """Record one photo and its findings, a rule's verdict each."""
    stored = record_photo(session, photo(name, number, **changes), measured(low))
    assert stored.measurement is not None
    judgements = [judgement(verdict, rule, low) for rule, verdict in verdicts.items()]
    return stored, record_findings(session, stored.measurement, judgements, profile, evidence)


def calibration(focal: float = 1010.125) -> Calibration:
    """A calibration whose numbers have long tails."""
    flat = ((1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, -1.0))
    return Calibration(
        camera=CameraModel(
            width=1280,
            height=960,
            focal=(focal, 1 / 3 + 1004),
            centre=(640.0, 480.1),
            distortion=(-0.2, 0.1 + 0.2, 0.0, 1e-17, 0.0),
            focal_error=0.0011,
            belt=BeltPlane(flat, (0.0, 0.0, 900.1), 4.5),
            source="calibrated from 9 photos",
        ),
        board=STANDARD[Paper.A4].measured(ruler_mm=199.5, square_mm=None),
        rms=0.07,
        coverage=0.6,
        turn=71.5,
        used=(UsedPhoto("嘉.jpg", sha("1"), 24, 0.06, 30.0),),
        rejected=(RejectedPhoto("2.jpg", sha("2"), "the board is not seen"),),
    )


def size_pairs(parcels: int = 12, off: float = 1.0) -> list[SizePair]:
    """Photos of parcels whose sizes are off by so many millimetres, more or less; no height."""
    return [
        SizePair(
            f"{number}.jpg",
            f"P{number}",
            (
                Interval(300 + error, 290 + error, 310 + error),
                Interval(200 + error, 190 + error, 210 + error),
                None,
            ),
            (300.0, 200.0, 100.0),
        )
        for number, error in ((n, off + (n % 3 - 1) / 3) for n in range(parcels))
    ]


def a_bit_of_everything(session: Session) -> None:
    """At least one row in every table, with attribution, superseding and decision."""
    import_waybills(session, [full("SF1"), full("SF2", sender_code="S-8", sender_name="Tea")])
    hub = ensure_hub(session, "Zhejiang", "Ningbo", "Port")
    camera = ensure_camera(session, hub or 0, "line 1").id
    _, findings = audit(
        session, "a.jpg", {"void": Verdict.VIOLATION, "tape": Verdict.EXEMPT}, "SF1"
    )
    decide(session, findings[0].id or 0, DecisionKind.CONFIRMED, "Li Wei", "seen")
    audit(session, "b.jpg", {"void": Verdict.UNDETERMINED})
    audit(session, "b.jpg", {"void": Verdict.COMPLIANT})
    record_photo(session, photo("c.jpg", "SF9", hub_id=hub, camera_id=camera), unmeasurable())
    kept = record_calibration(
        session, camera or 0, calibration(), RECEIVED, [{"name": "b.jpg", "sha256": sha("b")}]
    )
    failed = [{"photo": "x.jpg", "reason": "no_parcel"}]
    record_verification(session, kept, size_pairs(), failed, MODEL, RECEIVED)
    holder, _ = add_camera(session, "Ningbo/Port", "line 2", 30.0, RECEIVED)
    revoke(session, "line 2", at=RECEIVED)
    post(
        session,
        holder.camera_id,
        sha256=sha("posted"),
        size_bytes=9,
        source_name="p.jpg",
        taken_at=None,
        waybill_number=None,
        received_at=RECEIVED,
    )
    account = add_account(
        session, "Li.Wei", Role.REVIEWER, Scope("Zhejiang"), password_hash="$argon2id$", by="me"
    )
    opened = {"created_at": RECEIVED, "last_seen_at": RECEIVED, "expires_at": RECEIVED}
    session.add(SignInSession(account_id=account.id, token_sha256=sha("token"), **opened))
    bad = photo("d.jpg", media_type=None, width=None, height=None, refused_reason="unreadable")
    record_photo(session, bad, None)
    _case(session)


def _case(session: Session) -> None:
    """A case with an order and a fine in one row, to have every column filled once."""
    case = ComplianceCase(
        number="GP-2026-000001",
        sender_id=1,
        profile_id=PROFILE.id,
        profile_version=PROFILE.version,
        profile_sha256=PROFILE.sha256,
        province="Zhejiang",
        municipality="Hangzhou",
        hub="North",
        opened_by="Li Wei",
        opened_at=RECEIVED,
    )
    session.add(case)
    session.flush()
    event = CaseEvent(
        case_id=case.id or 0,
        number=1,
        kind="fined",
        state="fined",
        recorded_at=RECEIVED,
        recorded_by="Li Wei",
        note="",
        due_on=date(2026, 12, 24),
        addressed_to="Silk Road Shoes",
        consequence="fine",
        fine_low=2_000,
        fine_high=20_000,
        amount=5_000,
        currency="CNY",
        file_sha256=sha("letter"),
        file_name="letter.pdf",
        file_bytes=9,
    )
    session.add(event)
    session.flush()
    rows = ((LedgerKind.COMPLIANCE_CASE, case), (LedgerKind.CASE_EVENT, event))
    append_all(session, [entry_for(kind, row) for kind, row in rows])


def database_file(url: str) -> Path:
    """The file behind a SQLite address."""
    return Path(url.removeprefix("sqlite:///"))
