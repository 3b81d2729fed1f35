"""Parcels of known size of three senders over five weeks, judged by the real rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.intake.waybill_csv import DeclaredItem, DeclaredWaybill
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement, Outcome, Quantity
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

from .example_records import MODEL, SETTINGS, picture, sha

FIRST = date(2026, 11, 2)
PROFILE = "screening-50"


@dataclass(frozen=True)
class Shop:
    """A sender and what it does: of every ``of`` parcels ``empty`` are half empty."""

    code: str
    name: str
    empty: int
    of: int
    parcels: int
    goods: str
    parcel_mm: tuple[float, float, float] | None
    item_mm: tuple[float, float, float]


SHOPS = (
    Shop("S-7", "丝路鞋业", 4, 5, 20, "general", (430.0, 290.0, 270.0), (300.0, 190.0, 110.0)),
    Shop("S-8", "Tea House", 1, 10, 10, "fragile", (260.0, 150.0, 180.0), (200.0, 110.0, 130.0)),
    Shop("S-9", "Button & Co", 3, 3, 3, "other", None, (60.0, 40.0, 20.0)),
)


def waybill_of(shop: Shop, number: int) -> str:
    """The waybill number of a shop's n-th parcel."""
    return f"YT{SHOPS.index(shop) + 1}{number:012}"


def make_senders(folder: Path, url: str | None = None, times: int = 1) -> Engine:
    """Fill a data folder, or another database; gives it open, and the caller disposes of it.

    Args:
        folder: where the database and the pictures go.
        url: of another database, or None.
        times: how many times as many parcels.
    """
    engine = open_database(url or f"sqlite:///{folder / 'greenpack.db'}")
    store = EvidenceStore(folder / "evidence")
    shops = [(shop, number) for shop in SHOPS for number in range(shop.parcels * times)]
    transact(engine, lambda session: import_waybills(session, [_waybill(*one) for one in shops]))
    transact(engine, lambda session: [_record(session, store, *one) for one in shops])
    return engine


def _waybill(shop: Shop, number: int) -> DeclaredWaybill:
    item = DeclaredItem(
        name="box",
        length_mm=shop.item_mm[0],
        width_mm=shop.item_mm[1],
        height_mm=shop.item_mm[2],
        quantity=1,
        goods_class=shop.goods,
    )
    return DeclaredWaybill(
        number=waybill_of(shop, number),
        sender_code=shop.code,
        sender_name=shop.name,
        platform="Mall",
        hub="North hub" if number % 3 else "South hub",
        province="Zhejiang",
        municipality="Hangzhou" if number % 3 else "Ningbo",
        packed_on=FIRST,
        packaging="single_use",
        parcel_mm=shop.parcel_mm,
        items=(item,) if shop.parcel_mm else (),
        photos=(),
    )


def _record(session: Session, store: EvidenceStore, shop: Shop, number: int) -> int:
    is_empty = number % shop.of < shop.empty
    low = 0.56 + 0.004 * (number % 60) if is_empty else 0.1 + 0.003 * (number % 60)
    numbers = {
        Quantity.AREA_RATIO: Interval(1 - low - 0.03, 1 - low - 0.06, 1 - low),
        Quantity.FILLER_RATIO: Interval(0.2, 0.15, 0.25),
        Quantity.VOID_RATIO: Interval(None, low, min(1.0, low + 0.25)),
    }
    measurement = Measurement(Outcome.MEASURED, quantities=numbers)
    name = f"{shop.code}_{number:04}.jpg"
    at = datetime(FIRST.year, FIRST.month, FIRST.day, 6, tzinfo=UTC) + timedelta(days=number % 35)
    photo = PhotoRecord(
        sha256=sha(name),
        source_name=name,
        size_bytes=123_456,
        received_at=at,
        media_type="image/jpeg",
        width=4032,
        height=3024,
        taken_at=at,
        waybill_number=waybill_of(shop, number),
        attribution_source=AttributionSource.BARCODE,
    )
    stored = record_photo(session, photo, MeasurementRecord(MODEL, SETTINGS, measurement))
    assert stored.measurement is not None
    profile = load_profile(PROFILE)
    judgements = judge(profile, numbers, None, Facts())
    evidence = store.put(picture(f"{judgements[0].verdict.value} {shop.code}"))
    pin = ProfilePin(profile.id, profile.version, profile.sha256, profile.timezone)
    findings = record_findings(session, stored.measurement, judgements, pin, evidence)
    assert findings[0].id is not None
    return findings[0].id
