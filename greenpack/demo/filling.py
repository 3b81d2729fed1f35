"""Records the made-up parcels through the very functions that record real ones."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Final

from sqlalchemy import Engine
from sqlmodel import Session

from greenpack import stores
from greenpack.demo.season import DemoParcel, draw_parcels, pick
from greenpack.demo.templates import (
    OTHERS,
    OVERSIZED,
    SamplePhoto,
    Template,
    share_moved,
    shifted,
)
from greenpack.intake.waybill_csv import DeclaredItem, DeclaredWaybill
from greenpack.judging import ParcelJudge
from greenpack.records.database import transact
from greenpack.records.demonstration import mark_as_demo
from greenpack.records.forms import AttributionSource, MeasurementRecord, PhotoRecord, ProfilePin
from greenpack.records.hub_load import set_capacity
from greenpack.records.hubs import hub_paths
from greenpack.records.recording import record_findings, record_photo
from greenpack.records.waybills import import_waybills
from greenpack.rules.profile import Profile
from greenpack.rules.verdict import Verdict
from greenpack.settings import Settings

_BATCH: Final = 200
# A box's sides relative to each other, for boxes whose sizes are declared.
_SIDES: Final = (1.45, 1.05, 0.75)
_PHOTO_BYTES: Final = 2_400_000


@dataclass(frozen=True, slots=True)
class FoundViolation:
    """A violation that was recorded, for people to decide about.

    Attributes:
        finding_id: of the finding.
        sender_code: of its sender.
        day: on which its parcel was packed.
        province: of its hub.
    """

    finding_id: int
    sender_code: str
    day: date
    province: str


def fill(
    engine: Engine,
    settings: Settings,
    profile: Profile,
    templates: Sequence[Template],
    *,
    seed: int,
    parcels: int,
    until: date,
    advance: Callable[[], None],
) -> list[FoundViolation]:
    """Mark an empty database as a demonstration's and fill it with two seasons.

    Args:
        engine: a database without any entry.
        settings: where evidence pictures and the samples' photos go.
        profile: to judge under.
        templates: what parcels are like.
        seed: the same one gives the same parcels.
        parcels: how many, > 0.
        until: the last day that may have any.
        advance: called for each parcel.

    Returns:
        The violations, in the order in which they were recorded.

    Raises:
        GreenPackError: ``demo_folder_in_use`` if the database has entries already.
    """
    transact(engine, lambda session: mark_as_demo(session, seed, parcels, until))
    store = stores.evidence(settings)
    pictures = {template.name: store.put(template.picture) for template in templates}
    by_case: dict[str, list[Template]] = {}
    for template in templates:
        by_case.setdefault(template.case, []).append(template)
    pin = ProfilePin(profile.id, profile.version, profile.sha256, profile.timezone)
    first = templates[0].measured
    judge = ParcelJudge(profile, first.model_sha256, first.settings_sha256)
    every = [(parcel, _template(parcel, by_case)) for parcel in draw_parcels(seed, parcels, until)]
    itself = _samples_themselves(every)
    originals = stores.originals(settings)
    for template in templates:
        if template.photo is not None:
            originals.put(template.photo.data, ".jpg")
    drawn = iter(every)
    found: list[FoundViolation] = []
    while batch := list(islice(drawn, _BATCH)):
        chosen = [
            (replace(parcel, shift=0.0) if parcel.number in itself else parcel, like)
            for parcel, like in batch
        ]

        def work(session: Session, chosen: _Chosen = chosen) -> list[FoundViolation]:
            import_waybills(session, [_declared(parcel, like) for parcel, like in chosen])
            return [
                one
                for parcel, like in chosen
                for one in _record(
                    session,
                    parcel,
                    like,
                    judge,
                    pin,
                    pictures[like.name],
                    like.photo if parcel.number in itself else None,
                )
            ]

        found += transact(engine, work)
        for _ in batch:
            advance()
    transact(engine, _state_capacities)
    return found


_Chosen = list[tuple[DemoParcel, Template]]


def _template(parcel: DemoParcel, by_case: dict[str, list[Template]]) -> Template:
    case = OVERSIZED if parcel.oversized else pick(OTHERS, parcel.draw)
    like = by_case.get(case) or by_case[OVERSIZED]
    place = Random(parcel.waybill).randrange(len(like))
    return like[place]


def _samples_themselves(parcels: _Chosen) -> set[int]:
    """Numbers of the newest parcel like each sample: it shows the sample itself, whose photo can
    be looked at with its shapes. Of all others there is no photo, only a made-up name of one."""
    newest = {like.name: parcel.number for parcel, like in parcels}
    return set(newest.values())


def _record(
    session: Session,
    parcel: DemoParcel,
    like: Template,
    judge: ParcelJudge,
    pin: ProfilePin,
    picture: str,
    real: SamplePhoto | None,
) -> list[FoundViolation]:
    measured = _measured(parcel, like)
    photo = PhotoRecord(
        sha256=_made_up_sha256(parcel) if real is None else real.sha256,
        source_name=f"DEMO-{parcel.number:06}.jpg",
        size_bytes=_PHOTO_BYTES if real is None else len(real.data),
        received_at=parcel.received_at,
        media_type="image/jpeg",
        width=4032 if real is None else real.width,
        height=3024 if real is None else real.height,
        taken_at=parcel.received_at - timedelta(minutes=4),
        waybill_number=parcel.waybill,
        attribution_source=AttributionSource.BARCODE,
        attribution_note="demonstration",
    )
    stored = record_photo(session, photo, measured)
    if stored.measurement is None:
        raise RuntimeError("a photo recorded with a measurement has one")
    judged = judge.judge(session, stored.record, measured, parcel.waybill)
    findings = record_findings(session, stored.measurement, judged.judgements, pin, picture)
    return [
        FoundViolation(
            int(finding.id or 0), parcel.shop.code, parcel.packed_on, parcel.place.province
        )
        for finding in findings
        if finding.verdict == Verdict.VIOLATION.value
    ]


def _made_up_sha256(parcel: DemoParcel) -> str:
    return hashlib.sha256(f"greenpack demo {parcel.waybill}".encode()).hexdigest()


def _measured(parcel: DemoParcel, like: Template) -> MeasurementRecord:
    """The sample's measurement; of a parcel that is far too big emptier or fuller than that.

    The others stay as they were measured: what is declared of them proves what was seen.
    """
    if not parcel.oversized or like.case != OVERSIZED:
        return like.measured
    measurement = shifted(like.measured.measurement, parcel.shift)
    return replace(like.measured, measurement=measurement)


def _declared(parcel: DemoParcel, like: Template) -> DeclaredWaybill:
    """What the platform declares: the sample's goods, larger or smaller, in the shop's name."""
    sample = like.declared
    items = () if sample is None else tuple(_scaled(item, parcel) for item in sample.items)
    box = None if sample is None or sample.parcel_mm is None else sample.parcel_mm
    sides = None if box is None else tuple(round(side * parcel.scale, 1) for side in box)
    if sides is None and parcel.oversized and like.void is not None:
        sides = _box_around(items, share_moved(like.void, parcel.shift))
    return DeclaredWaybill(
        number=parcel.waybill,
        sender_code=parcel.shop.code,
        sender_name=parcel.shop.name,
        platform=parcel.shop.platform,
        hub=parcel.place.hub,
        province=parcel.place.province,
        municipality=parcel.place.municipality,
        packed_on=parcel.packed_on,
        packaging="single_use" if sample is None else sample.packaging,
        parcel_mm=None if sides is None else (sides[0], sides[1], sides[2]),
        items=items,
        photos=(),
    )


def _scaled(item: DeclaredItem, parcel: DemoParcel) -> DeclaredItem:
    sides = (item.length_mm, item.width_mm, item.height_mm)
    length, width, height = (
        None if side is None else round(side * parcel.scale, 1) for side in sides
    )
    return replace(
        item,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        goods_class=parcel.shop.goods_class,
    )


def _box_around(items: Sequence[DeclaredItem], void: float) -> tuple[float, ...] | None:
    """A box in which the goods leave that share of the room; None where they have no sizes."""
    goods = 0.0
    longest = 0.0
    for item in items:
        if item.length_mm is None or item.width_mm is None or item.height_mm is None:
            return None
        goods += item.length_mm * item.width_mm * item.height_mm * item.quantity
        longest = max(longest, item.length_mm, item.width_mm, item.height_mm)
    if not goods or void >= 0.98:
        return None
    edge = float((goods / (1 - void)) ** (1 / 3)) / float(
        (_SIDES[0] * _SIDES[1] * _SIDES[2]) ** (1 / 3)
    )
    sides = tuple(round(edge * side, 1) for side in _SIDES)
    return sides if sides[0] > longest else None


def _state_capacities(session: Session) -> None:
    """What each hub that has parcels is stated to cope with."""
    for number, path in enumerate(sorted(hub_paths(session).values())):
        set_capacity(session, path, 60.0 + 20 * (number % 3))
