"""Checking the zip of a case without any database: hashes, ledger entries, verdicts, steps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from greenpack.measure.interval import Interval
from greenpack.reasons import GreenPackError
from greenpack.records.case_forms import AppealOutcome, CaseEventKind
from greenpack.records.case_life import Happened, life_of
from greenpack.records.digests import digest_of
from greenpack.records.ledger import Head, LedgerKind, canonical, entry_hash
from greenpack.report.case_zip import MANIFEST, unpack
from greenpack.rules.limits import guarded
from greenpack.rules.loading import profile_of_bytes
from greenpack.rules.profile import Profile

FORMAT: Final = "greenpack-case/1"
Found = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CaseReport:
    """What was checked and what was wrong.

    Attributes:
        number: of the case; empty where the manifest does not tell.
        problems: where, and what; empty where all is as it was packed.
        checked: how many of each.
        entries: numbers and hashes of the ledger's entries, to be held against the records.
    """

    number: str
    problems: tuple[tuple[str, str], ...]
    checked: Mapping[str, int]
    entries: tuple[Head, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.problems


def check_case(data: bytes, known: Head | None = None) -> CaseReport:
    """Check the bytes of a case's zip.

    Args:
        data: the zip.
        known: an entry of the ledger that was kept elsewhere; compared where the zip has it.

    Raises:
        GreenPackError: ``case_archive_unreadable``, ``case_archive_unsafe`` or
            ``case_archive_too_large``.
    """
    files, problems = unpack(data)
    checked = {"files": len(files)}
    manifest = _manifest(files.get(MANIFEST, b""))
    if manifest is None:
        problems.append((MANIFEST, "cannot be read"))
        return CaseReport("", tuple(problems), checked, ())
    try:
        problems += _all(files, manifest, known)
        rows, entries = manifest["rows"], manifest["ledger"]
        checked |= {
            "rows": len(rows),
            "ledger": len(entries),
            "findings": len(_contents(manifest, LedgerKind.FINDING)),
            "evidence": sum(name.startswith("evidence/") for name in files),
        }
        heads = tuple(Head(entry["seq"], entry["hash"]) for entry in entries)
        number = str(manifest["case"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        problems.append((MANIFEST, f"is not as it was written: {error!r}"))
        return CaseReport("", tuple(problems), checked, ())
    return CaseReport(number, tuple(dict.fromkeys(problems)), checked, heads)


def _all(files: Mapping[str, bytes], manifest: Mapping[str, Any], known: Head | None) -> Found:
    if manifest.get("format") != FORMAT:
        yield MANIFEST, f"is of the format {manifest.get('format')!r}, not {FORMAT}"
    yield from _files(files, manifest)
    yield from _ledger(manifest["ledger"], known)
    yield from _rows(manifest)
    yield from _evidence(files, manifest)
    yield from _judged(files, manifest)
    yield from _lived(manifest)
    yield from _members(manifest)


def _manifest(data: bytes) -> Mapping[str, Any] | None:
    try:
        read = json.loads(data)
        same = canonical(read).encode("utf-8") == data
    except (ValueError, RecursionError):
        return None
    return read if same and isinstance(read, dict) else None


def _files(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Found:
    for name, told in manifest["files"].items():
        if name not in files:
            yield name, f"is missing, though {MANIFEST} names it"
        elif hashlib.sha256(files[name]).hexdigest() != told["sha256"]:
            yield name, f"is not the file that {MANIFEST} names"


def _ledger(entries: Sequence[Mapping[str, Any]], known: Head | None) -> Found:
    before: Mapping[str, Any] | None = None
    for entry in entries:
        where = f"ledger/{entry['seq']}"
        try:
            at = datetime.fromisoformat(entry["at"])
            own = entry_hash(
                entry["seq"],
                at,
                entry["kind"],
                entry["subject"],
                entry["payload"],
                entry["prev_hash"],
            )
        except (AttributeError, TypeError, ValueError):
            own = ""
        if own != entry["hash"]:
            yield where, "was changed: its hash is not that of its content"
        if before is not None and entry["seq"] <= before["seq"]:
            yield where, "is out of order"
        follows = before is not None and entry["seq"] == before["seq"] + 1
        if follows and before is not None and entry["prev_hash"] != before["hash"]:
            yield where, "does not follow from the entry before it"
        if known is not None and entry["seq"] == known.seq and entry["hash"] != known.hash:
            yield where, "is not the entry that was kept outside"
        before = entry


def _rows(manifest: Mapping[str, Any]) -> Found:
    """Every row against the last entry about it."""
    last = {(entry["kind"], entry["subject"]): entry for entry in manifest["ledger"]}
    for row in manifest["rows"]:
        entry = last.get((row["kind"], row["subject"]))
        if entry is None:
            yield row["subject"], "has no ledger entry"
            continue
        if row["subject"].partition("/")[2] != str(row["content"]["id"]):
            yield row["subject"], "is not the row that it is named after"
        if digest_of(row["content"]) != json.loads(entry["payload"]).get("digest"):
            yield row["subject"], f"is not what ledger/{entry['seq']} vouches for"


def _evidence(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Found:
    held = {
        name.removeprefix("evidence/").partition(".")[0]: name
        for name in files
        if name.startswith("evidence/")
    }
    for sha256, name in held.items():
        if hashlib.sha256(files[name]).hexdigest() != sha256:
            yield name, "is not the picture that it is named after"
    missing = set(manifest["missing"])
    for finding in _contents(manifest, LedgerKind.FINDING):
        sha256 = finding["evidence_sha256"]
        if sha256 not in held and sha256 not in missing:
            yield f"finding/{finding['id']}", "has no evidence picture here"
    for sha256 in sorted(missing):
        yield f"evidence/{sha256}", "was already missing when the case was packed"


def _judged(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Found:
    """Every verdict again, from the numbers and the enclosed rules."""
    (case,) = _contents(manifest, LedgerKind.COMPLIANCE_CASE)
    name = f"profile/{case['profile_id']}.toml"
    content = files.get(name, b"")
    if hashlib.sha256(content).hexdigest() != case["profile_sha256"]:
        yield name, "is not the profile that the case was opened under"
        return
    try:
        profile = profile_of_bytes(content, name)
    except GreenPackError as error:
        yield name, str(error)
        return
    for finding in _contents(manifest, LedgerKind.FINDING):
        where = f"finding/{finding['id']}"
        if finding["profile_sha256"] != case["profile_sha256"]:
            yield where, "was judged under another profile"
            continue
        problem = _verdict_problem(finding, profile)
        if problem is not None:
            yield where, problem


def _verdict_problem(finding: Mapping[str, Any], profile: Profile) -> str | None:
    rule = next((rule for rule in profile.rules if rule.id == finding["rule_id"]), None)
    if rule is None:
        return "names a rule that the profile does not have"
    if not rule.verified:
        return "rests on a rule that may only screen"
    limit, low, high = finding["limit_value"], finding["low"], finding["high"]
    if limit is None or low is None or high is None:
        return "accuses without a number or a limit"
    limits = {rule.limit.value, *(case.value for case in rule.limit.cases)}
    if rule.quantity.value != finding["quantity"] or limit not in limits:
        return "was judged by a limit that its rule does not have"
    interval = Interval(finding["value"], low, high)
    if guarded(interval, limit, rule.limit.direction).value != finding["verdict"]:
        return "has another verdict than its numbers and its rule give"
    return None


def _lived(manifest: Mapping[str, Any]) -> Found:
    """The steps of the case, each from those before it."""
    events = sorted(_contents(manifest, LedgerKind.CASE_EVENT), key=lambda event: event["number"])
    lived: list[Happened] = []
    for expected, event in enumerate(events, 1):
        where = f"case_event/{event['id']}"
        if event["number"] != expected:
            yield where, f"comes where event {expected} should"
            return
        lived.append(_happened(event))
        try:
            state = life_of(lived).state.value
        except (AssertionError, ValueError) as error:
            yield where, f"does not follow from those before it: {error}"
            return
        if state != event["state"]:
            yield where, f"says that the case is {event['state']}, and it is {state}"


def _members(manifest: Mapping[str, Any]) -> Found:
    """The findings against the events that brought them into the case."""
    joined: dict[int, int] = {}
    signs = {CaseEventKind.FINDING_ADDED.value: 1, CaseEventKind.FINDING_REMOVED.value: -1}
    for event in _contents(manifest, LedgerKind.CASE_EVENT):
        if event["kind"] in signs:
            finding_id = event["finding_id"]
            joined[finding_id] = joined.get(finding_id, 0) + signs[event["kind"]]
    members = {finding_id for finding_id, times in joined.items() if times > 0}
    held = {finding["id"] for finding in _contents(manifest, LedgerKind.FINDING)}
    for finding_id in sorted(members ^ held):
        what = "is missing" if finding_id in members else "is no part of the case"
        yield f"finding/{finding_id}", what


def _happened(event: Mapping[str, Any]) -> Happened:
    return Happened(
        event["number"],
        CaseEventKind(event["kind"]),
        None if event["due_on"] is None else date.fromisoformat(event["due_on"]),
        event["consequence"],
        event["fine_low"],
        event["fine_high"],
        event["amount"],
        event["currency"],
        None if event["outcome"] is None else AppealOutcome(event["outcome"]),
        event["undoes"],
    )


def _contents(manifest: Mapping[str, Any], kind: LedgerKind) -> list[Mapping[str, Any]]:
    return [row["content"] for row in manifest["rows"] if row["kind"] == kind.value]
