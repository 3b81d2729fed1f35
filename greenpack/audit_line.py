"""What an audit says of one photo."""

from __future__ import annotations

from dataclasses import dataclass

from greenpack.rules.verdict import Verdict


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
