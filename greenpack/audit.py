"""Photo in, finding recorded: the one place that knows intake, vision, measure, rules, records."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.evidence import draw_evidence
from greenpack.examination import Examined, examine, measure_settings
from greenpack.intake.barcode import Attribution, attribute
from greenpack.intake.source import Refused, Source
from greenpack.judging import Judged, ParcelJudge
from greenpack.reasons import GreenPackError
from greenpack.records.cameras import KnownCamera
from greenpack.records.database import reading, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.recording import (
    AttributionSource,
    MeasurementRecord,
    PhotoRecord,
    ProfilePin,
    current_findings_of,
    record_findings,
    record_photo,
    stored_measurement,
    stored_photo,
)
from greenpack.rules.profile import Profile
from greenpack.rules.verdict import Verdict
from greenpack.settings import Settings
from greenpack.vision.detector import Detector
from greenpack.vision.weights import Weights


@dataclass(frozen=True, slots=True)
class AuditLine:
    """What became of one photo.

    Attributes:
        name: the photo's name.
        sha256: of its bytes, or None where it gave none.
        subject: what is counted: the waybill's number, else the photo's SHA-256.
        waybill: the waybill's number, or None.
        sender: the sender's name or code, or None where unknown.
        verdict: on the parcel by all its photos so far, or None where the bytes are no photo.
        reason: the reason code that goes with it.
        explanation: the judgement in a sentence.
        note: what a person should know besides; may be empty.
        evidence_sha256: of the evidence picture, or None.
        added: whether anything was recorded that was not there before.
    """

    name: str
    sha256: str | None
    subject: str
    waybill: str | None = None
    sender: str | None = None
    verdict: Verdict | None = None
    reason: str | None = None
    explanation: str = ""
    note: str = ""
    evidence_sha256: str | None = None
    added: bool = False


class _OvertakenError(Exception):
    """Another writer changed the parcel meanwhile, or it has another waybill: judge again."""

    def __init__(self, waybill: str | None) -> None:
        self.waybill = waybill
        super().__init__(waybill)


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
        """
        self._settings = settings
        self._engine = engine
        self._profile = profile
        self._pin = ProfilePin(profile.id, profile.version, profile.sha256)
        self._weights = weights
        self._camera = camera
        self._measuring = measure_settings(settings, weights, camera.model if camera else None)
        self._digest = self._measuring.sha256()
        self._judge = ParcelJudge(
            profile, weights.sha256, self._digest, camera.status if camera else None
        )
        self._store = EvidenceStore(settings.evidence_folder)
        self._sidecar = sidecar or {}
        self._make_detector = detector or (lambda: Detector(weights))
        self._detector: Detector | None = None

    def take(self, source: Source | Refused) -> AuditLine:
        """Audit one photo, or note why it is none; when this returns, it is on the disk."""
        if isinstance(source, Refused):
            return AuditLine(
                source.name, None, source.name, reason=source.reason, note=source.detail
            )
        sha256 = hashlib.sha256(source.data).hexdigest()
        with reading(self._engine) as session:
            known = stored_measurement(session, sha256, self._weights.sha256, self._digest)
            kept = stored_photo(session, sha256)
        if known is not None and kept is not None:
            named = attribute([], source.sidecar_name, self._sidecar.get(source.sidecar_name))
            return self._record(source, kept.record, known.record, named, None)
        try:
            examined = self._examine(source)
        except GreenPackError as error:
            return self._refuse(source, sha256, error)
        return self._record_new(source, examined)

    def _examine(self, source: Source) -> Examined:
        if self._detector is None:
            self._detector = self._make_detector()
        return examine(source.name, source.data, self._detector, self._settings, self._measuring)

    def _refuse(self, source: Source, sha256: str, error: GreenPackError) -> AuditLine:
        record = PhotoRecord(
            sha256=sha256,
            source_name=source.name,
            size_bytes=len(source.data),
            received_at=datetime.now(UTC),
            refused_reason=error.code,
        )
        stored = transact(self._engine, lambda session: record_photo(session, record, None))
        return AuditLine(
            source.name, sha256, sha256, reason=error.code, note=error.detail, added=stored.added
        )

    def _record_new(self, source: Source, examined: Examined) -> AuditLine:
        photo = examined.photo
        attribution = attribute(
            examined.numbers,
            source.sidecar_name,
            self._sidecar.get(source.sidecar_name),
        )
        record = PhotoRecord(
            sha256=photo.sha256,
            source_name=source.name,
            size_bytes=photo.size_bytes,
            received_at=datetime.now(UTC),
            media_type=photo.media_type,
            width=photo.width,
            height=photo.height,
            taken_at=photo.taken_at,
            hub_id=self._camera.hub_id if self._camera else None,
            camera_id=self._camera.id if self._camera else None,
        )
        measured = MeasurementRecord(
            model_sha256=self._weights.sha256,
            settings_sha256=self._digest,
            measurement=examined.measurement,
            shapes=tuple(shape.as_dict() for shape in examined.shapes),
            milliseconds=examined.milliseconds,
        )
        return self._record(source, record, measured, attribution, examined)

    def _record(
        self,
        source: Source,
        record: PhotoRecord,
        measured: MeasurementRecord,
        attribution: Attribution,
        examined: Examined | None,
    ) -> AuditLine:
        number = record.waybill_number
        if attribution.number is not None and attribution.source is not None:
            number = number or str(attribution.number)
            record = replace(
                record,
                waybill_number=str(attribution.number),
                attribution_source=AttributionSource(attribution.source),
                attribution_note=attribution.note or None,
            )
        while True:
            # The picture is drawn outside the transaction, which holds up other writers; inside,
            # the judgement is made again and must come out the same.
            with reading(self._engine) as session:
                draft = self._judge.judge(session, record, measured, number)
                pictures = self._judge.pictures_of_same(session, record.sha256, draft)
            # A picture that was lost or changed is drawn again, and comes out the same.
            evidence = next(iter(pictures), None) if all(map(self._intact, pictures)) else None
            if evidence is None and draft.chosen is None:
                examined = examined or self._examine(source)
                evidence = self._store.put(self._picture(examined, draft))
            try:
                added = self._write(record, measured, draft, evidence)
            except _OvertakenError as overtaken:
                number = overtaken.waybill
                continue
            return self._line(source, record, draft, evidence, attribution.note, added)

    def _intact(self, picture: str) -> bool:
        return self._store.intact(picture)

    def _picture(self, examined: Examined, draft: Judged) -> bytes:
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
    ) -> bool:
        """Record all of it in one transaction; returns whether anything is new."""

        def work(session: Session) -> bool:
            stored = record_photo(session, record, measured)
            number = stored.record.waybill_number
            again = self._judge.judge(session, record, measured, number)
            if (again.parcel, again.judgements) != (draft.parcel, draft.judgements):
                raise _OvertakenError(number)
            basis = again.chosen or stored.measurement
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
            findings = record_findings(session, basis, again.judgements, self._pin, evidence)
            return stored.added or {finding.id for finding in findings} != known

        return transact(self._engine, work)

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
