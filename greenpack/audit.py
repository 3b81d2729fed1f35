"""Photo in, finding recorded: the one place that knows intake, vision, measure, rules, records."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlmodel import Session

from greenpack import stores
from greenpack.arrival import Arrival, attributed, photo_record, refused_record
from greenpack.audit_line import AuditLine
from greenpack.cameras.status import CameraStatus
from greenpack.evidence import draw_evidence
from greenpack.examination import Examined, examine, measure_settings
from greenpack.intake.barcode import attribute
from greenpack.intake.source import Refused, Source
from greenpack.judging import Judged, ParcelJudge
from greenpack.language.speaking import speaking
from greenpack.measure.settings import MeasureSettings
from greenpack.reasons import GreenPackError
from greenpack.records.cameras import KnownCamera
from greenpack.records.database import reading, transact
from greenpack.records.recording import (
    MeasurementRecord,
    PhotoRecord,
    ProfilePin,
    StoredPhoto,
    current_findings_of,
    record_findings,
    record_photo,
    stored_measurement,
    stored_photo,
)
from greenpack.rules.profile import Profile
from greenpack.settings import Settings
from greenpack.vision.detector import Detector
from greenpack.vision.weights import Weights

__all__ = ["Also", "Audit", "AuditLine"]


class _OvertakenError(Exception):
    """Another writer changed the parcel meanwhile, or it has another waybill: judge again."""

    def __init__(self, record: PhotoRecord) -> None:
        self.record = record
        super().__init__(record.sha256)


Also = Callable[[Session, str], None]
"""What else is done in the transaction that records a photo, named by its SHA-256."""


def _nothing_else(session: Session, photo_sha256: str) -> None:
    """Record the photo only."""


class Audit:
    """Measures, judges and records photos, one at a time, each in one transaction.

    A photo that is already recorded under the same model and settings is not measured again. The
    judgement is made anew from the stored numbers and written only if it has changed, because the
    waybill's data may have come meanwhile.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        profile: Profile,
        weights: Weights,
        sidecar: Mapping[str, str] | None = None,
        detector: Callable[[], Detector] | None = None,
        camera: KnownCamera | None = None,
        others: Mapping[str, CameraStatus | None] | None = None,
    ) -> None:
        """Prepare; the model is loaded when the first photo needs it.

        Args:
            settings: where things are and how photos are taken in.
            engine: the opened database.
            profile: the rules to judge under.
            weights: the checked weights.
            sidecar: waybill numbers by bare file name, from the waybill table.
            detector: makes the model; None makes it from ``weights``.
            camera: the calibrated camera that took the photos, or None.
            others: of the settings of all cameras whose photos of the same parcels count too.
        """
        self._settings = settings
        self._engine = engine
        self._profile = profile
        self._pin = ProfilePin(profile.id, profile.version, profile.sha256, profile.timezone)
        self._weights = weights
        self._camera = camera
        self._measuring = measure_settings(settings, weights, camera.model if camera else None)
        self._digest = self._measuring.sha256()
        self._judge = ParcelJudge(
            profile, weights.sha256, self._digest, camera.status if camera else None, others
        )
        self._store = stores.evidence(settings)
        self._sidecar = sidecar or {}
        self._make_detector = detector or (lambda: Detector(weights))
        self._detector: Detector | None = None

    @property
    def measuring(self) -> MeasureSettings:
        """The settings that the photos are measured with."""
        return self._measuring

    def take(
        self,
        source: Source | Refused,
        arrival: Arrival | None = None,
        examined: Examined | GreenPackError | None = None,
        also: Also = _nothing_else,
    ) -> AuditLine:
        """Audit one photo, or note why it is none; when this returns, it is on the disk.

        Args:
            source: its bytes.
            arrival: how it came; None for now, from the camera that was given, if one was.
            examined: what was found out about these bytes with ``measuring``, where that was done
                already; or why they are no photo.
            also: done in the same transaction: what it raises undoes the recording. It may be
                done more than once and should touch nothing but its session.
        """
        if isinstance(source, Refused):
            return AuditLine(
                source.name, None, source.name, reason=source.reason, note=source.detail
            )
        arrival = arrival or self._arrival(source)
        sha256 = hashlib.sha256(source.data).hexdigest()
        with reading(self._engine) as session:
            known = stored_measurement(session, sha256, self._weights.sha256, self._digest)
            kept = stored_photo(session, sha256)
        usable = examined if isinstance(examined, Examined) else None
        if known is not None and kept is not None:
            named = attribute([], source.sidecar_name, arrival.waybill_number)
            record = attributed(kept.record, named, arrival)
            return self._record(source, record, known.record, named.note, usable, also)
        try:
            if isinstance(examined, GreenPackError):
                raise examined
            usable = usable or self._examine(source)
        except GreenPackError as error:
            return self._refuse(source, sha256, error, arrival, also)
        return self._record_new(source, usable, kept, arrival, also)

    def _arrival(self, source: Source) -> Arrival:
        return Arrival(
            datetime.now(UTC),
            waybill_number=self._sidecar.get(source.sidecar_name),
            hub_id=self._camera.hub_id if self._camera else None,
            camera_id=self._camera.id if self._camera else None,
        )

    def _examine(self, source: Source) -> Examined:
        if self._detector is None:
            self._detector = self._make_detector()
        return examine(source.name, source.data, self._detector, self._settings, self._measuring)

    def _refuse(
        self, source: Source, sha256: str, error: GreenPackError, arrival: Arrival, also: Also
    ) -> AuditLine:
        record = refused_record(source.name, sha256, len(source.data), error.code, arrival)

        def work(session: Session) -> StoredPhoto:
            stored = record_photo(session, record, None)
            also(session, sha256)
            return stored

        stored = transact(self._engine, work)
        return AuditLine(
            source.name, sha256, sha256, reason=error.code, note=error.detail, added=stored.added
        )

    def _record_new(
        self,
        source: Source,
        examined: Examined,
        kept: StoredPhoto | None,
        arrival: Arrival,
        also: Also,
    ) -> AuditLine:
        attribution = attribute(examined.numbers, source.sidecar_name, arrival.waybill_number)
        if kept is not None and kept.record.refused_reason is None:
            record = kept.record  # what is recorded stays as it is
        else:
            record = photo_record(source.name, examined.photo, arrival)
        measured = MeasurementRecord(
            model_sha256=self._weights.sha256,
            settings_sha256=self._digest,
            measurement=examined.measurement,
            shapes=tuple(shape.as_dict() for shape in examined.shapes),
            milliseconds=examined.milliseconds,
        )
        record = attributed(record, attribution, arrival)
        return self._record(source, record, measured, attribution.note, examined, also)

    def _record(
        self,
        source: Source,
        record: PhotoRecord,
        measured: MeasurementRecord,
        note: str,
        examined: Examined | None,
        also: Also,
    ) -> AuditLine:
        while True:
            # The picture is drawn outside the transaction, which holds up other writers; inside,
            # the judgement is made again and must come out the same.
            with reading(self._engine) as session:
                draft = self._judge.judge(session, record, measured, record.waybill_number)
                pictures = self._judge.pictures_of_same(session, record.sha256, draft)
            # A picture that was lost or changed is drawn again, and comes out the same.
            evidence = next(iter(pictures), None) if all(map(self._intact, pictures)) else None
            if evidence is None and draft.chosen is None:
                examined = examined or self._examine(source)
                evidence = self._store.put(self._picture(examined, draft))
            try:
                added = self._write(record, measured, draft, evidence, also)
            except _OvertakenError as overtaken:
                record = overtaken.record
                continue
            return self._line(source, record, draft, evidence, note, added)

    def _intact(self, picture: str) -> bool:
        return self._store.intact(picture)

    def _picture(self, examined: Examined, draft: Judged) -> bytes:
        with speaking(self._settings.evidence_language):
            return draw_evidence(
                examined,
                draft.measurement,
                draft.judgements,
                self._profile,
                self._weights.sha256,
                draft.parcel.waybill,
            )

    def _write(
        self,
        record: PhotoRecord,
        measured: MeasurementRecord,
        draft: Judged,
        evidence: str | None,
        also: Also,
    ) -> bool:
        """Record all of it in one transaction; returns whether anything is new."""

        def work(session: Session) -> bool:
            stored = record_photo(session, record, measured)
            again = self._judge.judge(
                session, stored.record, measured, stored.record.waybill_number
            )
            if (again.parcel, again.judgements) != (draft.parcel, draft.judgements):
                raise _OvertakenError(stored.record)
            is_new = self._find(session, stored, again, evidence)
            also(session, record.sha256)
            return is_new

        return transact(self._engine, work)

    def _find(
        self, session: Session, stored: StoredPhoto, judged: Judged, evidence: str | None
    ) -> bool:
        """Record the findings; returns whether they, or the photo, are new."""
        basis = judged.chosen or stored.measurement
        if evidence is None or basis is None:
            return stored.added
        known = {
            finding.id
            for finding in current_findings_of(
                session,
                self._profile.id,
                waybill_id=stored.waybill_id,
                photo_id=stored.id if stored.waybill_id is None else None,
            )
        }
        findings = record_findings(session, basis, judged.judgements, self._pin, evidence)
        return stored.added or {finding.id for finding in findings} != known

    def _line(
        self,
        source: Source,
        record: PhotoRecord,
        draft: Judged,
        evidence: str | None,
        note: str,
        added: bool,
    ) -> AuditLine:
        parcel = draft.parcel
        notes = [note, parcel.note]
        if evidence is None and draft.chosen is not None:
            notes.append(
                "another photo of this parcel proves more and has no finding under this profile "
                f"yet: audit {draft.chosen.photo_sha256[:12]} too"
            )
        return AuditLine(
            name=source.name,
            sha256=record.sha256,
            subject=parcel.waybill or record.sha256,
            waybill=parcel.waybill,
            sender=parcel.sender,
            verdict=draft.verdict,
            reason=draft.leading.reason,
            explanation=draft.leading.explanation,
            note="; ".join(filter(None, notes)),
            evidence_sha256=evidence,
            added=added,
        )
