"""One parcel judged by all its photos, and whether the records already say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from greenpack.cameras.status import CameraStatus
from greenpack.measure.closed.scale import ScaleSource
from greenpack.measure.contents.parcel_size import ParcelSize
from greenpack.measure.inspection import inspect
from greenpack.measure.measurement import Measurement, Quantity
from greenpack.parcel import Parcel, parcel_of
from greenpack.reasons import REASONS
from greenpack.records.recording import (
    MeasurementRecord,
    PhotoRecord,
    StoredMeasurement,
    current_findings_of,
    measurements_of_waybill,
    stored_photo,
)
from greenpack.records.tables import Finding
from greenpack.rules.facts import Facts
from greenpack.rules.judge import judge
from greenpack.rules.profile import Profile
from greenpack.rules.verdict import Judgement, Verdict, overall

# Filler that takes this share or more is named as the reason why nothing could be decided.
_NOTABLE_FILLER = 0.1


@dataclass(frozen=True, slots=True)
class Judged:
    """A parcel's judgement; ``chosen`` is the photo it rests on, None where that is this one."""

    parcel: Parcel
    measurement: Measurement
    judgements: tuple[Judgement, ...]
    chosen: StoredMeasurement | None

    @property
    def verdict(self) -> Verdict:
        """The verdict on the parcel."""
        return overall(judgement.verdict for judgement in self.judgements)

    @property
    def leading(self) -> Judgement:
        """The judgement that the verdict rests on: the first that says the same."""
        return next(
            (one for one in self.judgements if one.verdict is self.verdict), self.judgements[0]
        )


class ParcelJudge:
    """Judges parcels under one profile by what one model measured, whichever camera took it."""

    def __init__(
        self,
        profile: Profile,
        model_sha256: str,
        settings_sha256: str,
        camera: CameraStatus | None = None,
        others: Mapping[str, CameraStatus | None] | None = None,
    ) -> None:
        """Prepare.

        Args:
            profile: the rules.
            model_sha256: of the weights that the measurements were made with.
            settings_sha256: of the settings that the photos at hand are measured with.
            camera: of the calibrated camera that took them, or None where none did. Only
                sizes of a camera that was proven against a tape may accuse.
            others: of the settings of other cameras, whose photos of the same parcel count too,
                the preferred first where a photo was measured with several.
        """
        self.profile = profile
        self._model = model_sha256
        self._cameras = {**(others or {}), settings_sha256: camera}

    def judge(
        self,
        session: Session,
        record: PhotoRecord,
        measured: MeasurementRecord,
        number: str | None,
    ) -> Judged:
        """Judge the parcel by all its photos, this one included.

        Args:
            session: of the records.
            record: this photo.
            measured: its measurement, recorded or not.
            number: the parcel's waybill number, or None.
        """
        parcel = parcel_of(session, number)
        others: list[StoredMeasurement] = []
        if parcel.waybill_id is not None:
            others = [
                other
                for other in measurements_of_waybill(
                    session, parcel.waybill_id, self._model, list(self._cameras)
                )
                if other.photo_sha256 != record.sha256
            ]
        records = [*(other.record for other in others), measured]
        photos = [record.measurement for record in records]
        inspection = inspect(photos, parcel.declared)
        if inspection.note is not None:
            parcel = replace(parcel, note=REASONS[inspection.note].meaning)
        measurement = inspection.measurement
        chosen = others[inspection.chosen] if inspection.chosen < len(others) else None
        if measurement.outcome is not photos[inspection.chosen].outcome:
            chosen = None  # a contradiction is shown on the photo that brought it up
        taken_at = record.taken_at
        if chosen is not None:
            speaking = stored_photo(session, chosen.photo_sha256)
            taken_at = None if speaking is None else speaking.record.taken_at
        facts = parcel.seen_at(taken_at)
        judgements = _judged(self.profile, measurement, facts, inspection.size)
        doubts = [self._unproven(record) for record in records]
        if any(doubts):
            proven = [photo for photo, why in zip(photos, doubts, strict=True) if why is None]
            why = next(filter(None, doubts))
            others_say = _verdicts(self.profile, proven, parcel, facts)
            judgements = tuple(
                _only_screening(one, why, others_say.get(one.rule_id)) for one in judgements
            )
        return Judged(
            parcel=parcel,
            measurement=measurement,
            judgements=tuple(
                _name_what_lacks(_name_filler(one, measurement), measurement, parcel)
                for one in judgements
            ),
            chosen=chosen,
        )

    def _unproven(self, record: MeasurementRecord) -> str | None:
        """Why the sizes on a photo may not accuse; None where they may, or where it has none."""
        scale, camera = record.measurement.scale, self._cameras.get(record.settings_sha256)
        if scale is None:
            return None
        if scale != ScaleSource.CALIBRATED_CAMERA or camera is None:
            return f"sizes by a {scale.replace('_', ' ')} were not held against a tape"
        return None if camera.may_accuse else f"the camera was {camera.why}"

    def pictures_of_same(self, session: Session, sha256: str, draft: Judged) -> list[str]:
        """The pictures of the current findings, if they say what the draft says; else none."""
        photo = stored_photo(session, sha256)
        if draft.parcel.waybill_id is not None:
            current = current_findings_of(
                session, self.profile.id, waybill_id=draft.parcel.waybill_id
            )
        elif photo is not None and draft.parcel.waybill is None:
            current = current_findings_of(session, self.profile.id, photo_id=photo.id)
        else:
            return []
        said = sorted(self._said_by_finding(finding) for finding in current)
        if not said or said != sorted(self._said(judgement) for judgement in draft.judgements):
            return []
        return [finding.evidence_sha256 for finding in current]

    def _said(self, judgement: Judgement) -> tuple[str, ...]:
        interval = judgement.interval
        numbers = (None,) * 3 if interval is None else (interval.value, interval.low, interval.high)
        return tuple(
            repr(part)
            for part in (
                judgement.rule_id,
                judgement.verdict.value,
                judgement.reason,
                *numbers,
                judgement.limit,
                self.profile.version,
                self.profile.sha256,
                self._model,
            )
        )

    def _said_by_finding(self, finding: Finding) -> tuple[str, ...]:
        return tuple(
            repr(part)
            for part in (
                finding.rule_id,
                finding.verdict,
                finding.reason,
                finding.value,
                finding.low,
                finding.high,
                finding.limit_value,
                finding.profile_version,
                finding.profile_sha256,
                finding.model_sha256,
            )
        )


def _judged(
    profile: Profile, measurement: Measurement, facts: Facts, size: ParcelSize | None
) -> tuple[Judgement, ...]:
    """Judged by what is declared, and by the size on the photos where none is.

    A measured size has an interval: a rule that says the same at both its ends and between them
    is answered so; for any other the size stays unknown.
    """
    unknown = judge(profile, measurement.quantities, measurement.reason, facts)
    if facts.parcel_mm is not None or size is None:
        return unknown
    sizes = (size.smallest(), size.high, size.largest())
    by_size = [
        judge(profile, measurement.quantities, measurement.reason, replace(facts, parcel_mm=sides))
        for sides in sizes
    ]
    return tuple(
        at_ends[1] if len({(one.verdict, one.reason, one.limit) for one in at_ends}) == 1 else open_
        for open_, at_ends in zip(unknown, zip(*by_size, strict=True), strict=True)
    )


def _verdicts(
    profile: Profile, photos: Sequence[Measurement], parcel: Parcel, facts: Facts
) -> dict[str, Verdict]:
    """What each rule says of these photos alone, by rule id; nothing without photos."""
    if not photos:
        return {}
    inspection = inspect(photos, parcel.declared)
    found = _judged(profile, inspection.measurement, facts, inspection.size)
    return {judgement.rule_id: judgement.verdict for judgement in found}


def _only_screening(judgement: Judgement, why: str, without: Verdict | None) -> Judgement:
    """Unproven sizes neither accuse nor clear, unless the verdict stands without them as well."""
    if judgement.verdict not in (Verdict.VIOLATION, Verdict.COMPLIANT):
        return judgement
    if judgement.verdict is without:
        return judgement
    return replace(
        judgement,
        verdict=Verdict.UNDETERMINED,
        screening=judgement.verdict,
        reason="sizes_unproven",
        explanation=f"{judgement.explanation[:-1]}; but {why}, so this is only a hint.",
    )


def _name_filler(judgement: Judgement, measurement: Measurement) -> Judgement:
    """Name filler as the reason where it is what keeps the interval on both sides of a limit."""
    filler = measurement.quantities.get(Quantity.FILLER_RATIO)
    if (
        judgement.reason == "interval_spans_limit"
        and judgement.quantity in (Quantity.VOID_RATIO, Quantity.VOID_RATIO_INNER)
        and filler is not None
        and (filler.value or 0.0) >= _NOTABLE_FILLER
    ):
        return replace(judgement, reason="filler_hides_contents")
    return judgement


def _name_what_lacks(judgement: Judgement, measurement: Measurement, parcel: Parcel) -> Judgement:
    """Say what a closed parcel's photo lacks for the quantity that the rule limits."""
    if judgement.reason != "metric_not_measured" or measurement.scale is None:
        return judgement
    if judgement.quantity in (Quantity.TAPE_WIDTH_MM, Quantity.LAYERS):
        return judgement
    height = measurement.quantities.get(Quantity.HEIGHT_MM)
    if height is None or height.value is None:
        return replace(judgement, reason="faces_not_seen")
    if not parcel.declared.goods:
        return replace(judgement, reason="no_declared_contents")
    return judgement
