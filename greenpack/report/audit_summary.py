"""One audit run in figures: parcels by verdict and by sender, and the files that gave none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from greenpack.audit import AuditLine
from greenpack.rules.verdict import Verdict


@dataclass(frozen=True, slots=True)
class SenderLine:
    """A sender's parcels; ``sender`` is None for parcels whose sender is not known."""

    sender: str | None
    attributed: bool
    counts: dict[Verdict, int]

    @property
    def parcels(self) -> int:
        """All of the sender's parcels in this run."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """What a run of photos came to.

    Attributes:
        photos: photos that were read.
        added: photos or findings that were not recorded before.
        by_verdict: parcels by verdict, every verdict a key.
        by_sender: most violations first, unknown senders and unattributed photos last.
        by_reason: unmeasurable and undetermined parcels by reason code, most frequent first.
        failed: lines of files that gave no photo.
        noted: lines with a note for a person.
    """

    photos: int
    added: int
    by_verdict: dict[Verdict, int]
    by_sender: list[SenderLine]
    by_reason: list[tuple[Verdict, str, int]]
    failed: list[AuditLine]
    noted: list[AuditLine]


def summarise(lines: Iterable[AuditLine]) -> AuditSummary:
    """Count parcels, not photos: of several photos of one waybill the last line speaks for all."""
    listed = list(lines)
    photos = [line for line in listed if line.verdict is not None]
    parcels = {line.subject: line for line in photos}
    by_verdict = dict.fromkeys(Verdict, 0)
    senders: dict[tuple[bool, bool, str], SenderLine] = {}
    reasons: dict[tuple[Verdict, str], int] = {}
    for line in parcels.values():
        verdict = Verdict(line.verdict or Verdict.UNMEASURABLE)
        by_verdict[verdict] += 1
        key = (line.waybill is None, line.sender is None, line.sender or "")
        row = senders.setdefault(
            key, SenderLine(line.sender, line.waybill is not None, dict.fromkeys(Verdict, 0))
        )
        row.counts[verdict] += 1
        if verdict in {Verdict.UNMEASURABLE, Verdict.UNDETERMINED} and line.reason:
            reasons[verdict, line.reason] = reasons.get((verdict, line.reason), 0) + 1
    ordered = sorted(
        senders.items(),
        key=lambda entry: (entry[0][:2], -entry[1].counts[Verdict.VIOLATION], entry[0]),
    )
    return AuditSummary(
        photos=len(photos),
        added=sum(line.added for line in listed),
        by_verdict=by_verdict,
        by_sender=[row for _, row in ordered],
        by_reason=sorted(
            ((verdict, reason, count) for (verdict, reason), count in reasons.items()),
            key=lambda entry: (-entry[2], entry[1]),
        ),
        failed=[line for line in listed if line.verdict is None],
        noted=[line for line in listed if line.verdict is not None and line.note],
    )
