"""A small data folder with findings of every kind, judged by the real rules without a model."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw
from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.intake.waybill_csv import DeclaredWaybill
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import BudgetLine, Measurement, Outcome, Quantity
from greenpack.records.database import open_database, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.recording import (
    AttributionSource,
    MeasurementRecord,
    PhotoRecord,
    ProfilePin,
    record_findings,
    record_photo,
)
from greenpack.records.waybills import import_waybills
from greenpack.rules.facts import Facts
from greenpack.rules.judge import judge
from greenpack.rules.loading import load_profile

RECEIVED = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
SHOES, FORMULA = "丝路鞋业", '=HYPERLINK("http://example.org","click")'
SENDERS = (("S-7", SHOES), ("S-8", "Tea House"), ("S-9", FORMULA))


def sha(text: str) -> str:
    """A SHA-256 to tell things apart by."""
    return hashlib.sha256(text.encode()).hexdigest()


MODEL, SETTINGS = sha("model"), sha("settings")


@dataclass(frozen=True)
class Example:
    """A photo to be recorded: its number (the n-th), void bound or reason, and its waybill."""

    number: int
    low: float | None
    waybill: str | None = None
    reason: str | None = None

    @property
    def name(self) -> str:
        """The photo's file name, which Markdown would like to mark up."""
        return f"IMG_{self.number:04}_*box*.jpg"


def waybill_number(number: int) -> str:
    """The n-th waybill's number."""
    return f"SF{1000000000000 + number}"


# By the rule's limit of one half: 33 violations, 20 undetermined, 4 unmeasurable.
EXAMPLES = (
    *(Example(n, 0.51 + 0.01 * n, waybill_number(n)) for n in range(1, 31)),
    *(Example(n, 0.2, waybill_number(n)) for n in range(31, 51)),
    *(Example(n, 0.9) for n in range(51, 54)),
    *(Example(n, None, reason="too_oblique") for n in range(54, 57)),
    Example(57, None, waybill_number(57), "too_dark"),
)


def make_records(folder: Path, url: str | None = None) -> Engine:
    """Fill a data folder, or another database; gives it open, and the caller disposes of it."""
    engine = open_database(url or f"sqlite:///{folder / 'greenpack.db'}")
    transact(engine, lambda session: import_waybills(session, _waybills()))
    store = EvidenceStore(folder / "evidence")
    transact(engine, lambda session: [record(session, store, one) for one in EXAMPLES])
    refused = PhotoRecord(sha("notes"), "notes.txt", 12, RECEIVED, refused_reason="unreadable")
    transact(engine, lambda session: record_photo(session, refused, None))
    return engine


def record(
    session: Session, store: EvidenceStore, example: Example, profile_id: str = "screening-50"
) -> int:
    """Record one photo and its findings under a profile; gives the first finding's row."""
    profile = load_profile(profile_id)
    measurement = _measurement(example)
    received = RECEIVED + timedelta(hours=example.number)
    photo = PhotoRecord(
        sha256=sha(example.name),
        source_name=example.name,
        size_bytes=123_456,
        received_at=received,
        media_type="image/jpeg",
        width=4032,
        height=3024,
        taken_at=received - timedelta(minutes=7),
        waybill_number=example.waybill,
        attribution_source=AttributionSource.BARCODE if example.waybill else None,
    )
    stored = record_photo(session, photo, MeasurementRecord(MODEL, SETTINGS, measurement))
    assert stored.measurement is not None
    judgements = judge(profile, measurement.quantities, measurement.reason, Facts())
    evidence = store.put(picture(f"{judgements[0].verdict.value} {example.name}"))
    pin = ProfilePin(profile.id, profile.version, profile.sha256)
    findings = record_findings(session, stored.measurement, judgements, pin, evidence)
    assert findings[0].id is not None
    return findings[0].id


def picture(words: str) -> bytes:
    """A picture that stands for the evidence, with the proportions of a real one."""
    image = Image.new("RGB", (872, 450), (250, 250, 248))
    drawing = ImageDraw.Draw(image)
    drawing.rectangle((100, 60, 500, 390), outline=(0, 114, 178), width=4)
    drawing.rectangle((210, 150, 350, 280), outline=(230, 159, 0), width=4)
    drawing.text((560, 30), words, fill=(28, 32, 36), font_size=14)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=80)
    return written.getvalue()


def _measurement(example: Example) -> Measurement:
    if example.low is None:
        return Measurement(Outcome.UNMEASURABLE, reason=example.reason)
    area = 1 - example.low
    return Measurement(
        Outcome.MEASURED,
        quantities={
            Quantity.AREA_RATIO: Interval(area - 0.03, area - 0.06, area),
            Quantity.FILLER_RATIO: Interval(0.0, 0.0, 0.01),
            Quantity.VOID_RATIO: Interval(None, example.low, 1.0),
        },
        budget=(BudgetLine(Quantity.AREA_RATIO, "model", 0.03, "Outline error on test photos."),),
        assumptions=("The goods stand upright.",),
    )


def _waybills() -> list[DeclaredWaybill]:
    """Of every four waybills one has no sender on record."""
    declared = []
    for number in range(1, 51):
        code, name = SENDERS[number % 4] if number % 4 < len(SENDERS) else (None, None)
        declared.append(
            DeclaredWaybill(
                number=waybill_number(number),
                sender_code=code,
                sender_name=name,
                platform="Mall" if code else None,
                hub="North hub",
                province="Zhejiang",
                municipality="Hangzhou",
                packed_on=date(2026, 11, 20),
                packaging="single_use",
                parcel_mm=None,
                items=(),
                photos=(),
            )
        )
    return declared
