"""What made-up parcels are like: the samples, measured by the real model."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from greenpack.intake.source import Source
from greenpack.intake.sources import find_sources
from greenpack.intake.waybill_csv import DeclaredWaybill, read_waybills
from greenpack.language.font import font_path
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement, Quantity
from greenpack.reasons import GreenPackError
from greenpack.records.answers import FindingFilter
from greenpack.records.database import open_database, reading
from greenpack.records.forms import MeasurementRecord, StoredPhoto
from greenpack.records.queries import current_findings
from greenpack.records.stored import stored_measurement, stored_photo
from greenpack.report.audit_run import run_audit
from greenpack.settings import Settings

OVERSIZED: Final = "oversized"
# What a share of parcels that are not oversized is like, by the samples' cases.
OTHERS: Final = (
    *(["well_filled"] * 11),
    *(["medium"] * 4),
    *(["hidden"] * 2),
    "reusable",
    "closed",
    "oblique",
)
_RISING: Final = (Quantity.VOID_RATIO, Quantity.VOID_RATIO_INNER, Quantity.VOID_RATIO_OUTER)
_FALLING: Final = (Quantity.AREA_RATIO,)
_STRIP: Final = 46
# More findings than the samples can have.
_MOST: Final = 10_000
_WORDS: Final = (
    "DEMONSTRATION: a made-up parcel. Picture and numbers in it are those of the sample photo "
    "{sample}.",
    "演示数据：虚构的包裹。图片及其中数字来自示例照片 {sample}。",
)


@dataclass(frozen=True, slots=True)
class SamplePhoto:
    """A sample's own photo: its bytes, their SHA-256, and its size in pixels."""

    data: bytes
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Template:
    """A sample as made-up parcels take it for their model.

    Attributes:
        name: the sample photo's file name.
        case: what it shows, for example ``oversized``.
        measured: by the model.
        picture: its evidence picture, with a strip that says what it is; JPEG.
        declared: what its waybill declares, or None.
        void: its true void ratio, or None where it has none.
        photo: the sample's own; None where it is not at hand.
    """

    name: str
    case: str
    measured: MeasurementRecord
    picture: bytes
    declared: DeclaredWaybill | None
    void: float | None
    photo: SamplePhoto | None = None


def measure_samples(
    samples: Path, settings: Settings, advance: Callable[[], None]
) -> list[Template]:
    """Measure and judge the samples with the real model, in a place of their own.

    Args:
        samples: the folder with ``manifest.csv`` and ``waybills.csv``.
        settings: which model and profile.
        advance: called for each photo.

    Raises:
        GreenPackError: ``not_found`` where the samples are not there.
    """
    if not (samples / "manifest.csv").is_file():
        raise GreenPackError("not_found", str(samples / "manifest.csv"))
    facts = {row["photo"]: row for row in _rows(samples / "manifest.csv")}
    declared = _declared(samples)
    with tempfile.TemporaryDirectory(prefix="greenpack-demo-") as aside:
        folder = Path(aside)
        own = settings.model_copy(
            update={"data_folder": folder, "database_url": None, "storage_url": None}
        )
        run = run_audit(own, samples / "waybills.csv")
        bytes_of: dict[str, bytes] = {}
        for source in find_sources([str(samples)], limits=own.limits):
            run.audit.take(source)
            advance()
            if isinstance(source, Source):
                bytes_of[hashlib.sha256(source.data).hexdigest()] = source.data
        settings_sha256 = run.audit.measuring.sha256()
        templates = {}
        engine = open_database(own.database)
        try:
            with reading(engine) as session:
                for row in current_findings(session, FindingFilter(), limit=_MOST):
                    name = Path(row.source_name).name
                    measured = stored_measurement(
                        session, row.photo_sha256, row.model_sha256, settings_sha256
                    )
                    if measured is None or name not in facts:
                        continue
                    void = facts[name]["true_void_ratio"]
                    templates[name] = Template(
                        name=name,
                        case=facts[name]["case"],
                        measured=measured.record,
                        picture=marked(run.store.read(row.evidence_sha256), name),
                        declared=declared.get(row.waybill_number or ""),
                        void=float(void) if void else None,
                        photo=_photo(stored_photo(session, row.photo_sha256), bytes_of),
                    )
        finally:
            engine.dispose()
    return [templates[name] for name in sorted(templates)]


def _photo(stored: StoredPhoto | None, bytes_of: Mapping[str, bytes]) -> SamplePhoto | None:
    if stored is None:
        return None
    record = stored.record
    data = bytes_of.get(record.sha256)
    if data is None or record.width is None or record.height is None:
        return None
    return SamplePhoto(data, record.sha256, record.width, record.height)


def shifted(measurement: Measurement, shift: float) -> Measurement:
    """The measurement of a parcel that is emptier (shift > 0) or fuller by so many logits."""
    quantities = {
        quantity: _moved(interval, _direction(quantity) * shift)
        for quantity, interval in measurement.quantities.items()
    }
    return replace(measurement, quantities=quantities)


def share_moved(share: float, shift: float) -> float:
    """A share of 0 to 1, moved by so many logits; the ends stay."""
    if not 0.0 < share < 1.0:
        return share
    odds = share / (1 - share) * math.exp(shift)
    return odds / (1 + odds)


def marked(picture: bytes, sample: str) -> bytes:
    """The picture with a strip below it that says that it is a demonstration's."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    whole = Image.new("RGB", (image.width, image.height + _STRIP), (255, 243, 205))
    whole.paste(image)
    drawing = ImageDraw.Draw(whole)
    font = ImageFont.truetype(str(font_path()), 15)
    for line, words in enumerate(_WORDS):
        text = words.format(sample=sample)
        drawing.text((10, image.height + 4 + 19 * line), text, fill=(74, 55, 0), font=font)
    written = io.BytesIO()
    whole.save(written, "JPEG", quality=88)
    return written.getvalue()


def _direction(quantity: Quantity) -> int:
    return 1 if quantity in _RISING else -1 if quantity in _FALLING else 0


def _moved(interval: Interval, shift: float) -> Interval:
    value = None if interval.value is None else share_moved(interval.value, shift)
    return Interval(value, share_moved(interval.low, shift), share_moved(interval.high, shift))


def _declared(samples: Path) -> dict[str, DeclaredWaybill]:
    table = read_waybills((samples / "waybills.csv").read_bytes())
    return {waybill.number: waybill for waybill in table.waybills}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
