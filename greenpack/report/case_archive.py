"""A case as one zip: letters, tables, pictures, rules, and how to check all of it by hand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from greenpack.language.speaking import Language, speaking
from greenpack.reasons import GreenPackError
from greenpack.records.case_forms import CaseEventKind
from greenpack.records.case_queries import WholeCase, whole_case
from greenpack.records.case_rows import CaseRows, case_rows, entry_json
from greenpack.records.ledger import canonical
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.report.case_check import FORMAT
from greenpack.report.case_files import kept_file, kept_profile, pictures, zone_of
from greenpack.report.case_letter import letter_pdf
from greenpack.report.case_letters import draft_letter
from greenpack.report.case_workbook import case_workbook
from greenpack.report.case_zip import MANIFEST, README, WORKBOOK, pack
from greenpack.settings import Settings

LANGUAGES: Final = (Language.CHINESE, Language.ENGLISH)
LETTERS: Final = frozenset(
    {CaseEventKind.CORRECTION_ORDERED, CaseEventKind.RECOMMENDED, CaseEventKind.FINED}
)

# For people who have never heard of GreenPack, so in English and with standard tools only.
_README: Final = """\
Case {number}

manifest.json   the case, its findings, measurements, decisions and steps as they are in the
                records, and the entries of the ledger (a chain of SHA-256 hashes) about them
case.xlsx       findings and steps as tables
letters/        letters to the sender; a draft says on its first page that it is one
evidence/       the pictures that prove the findings, each named by its SHA-256
profile/        the rules that the parcels were judged by, word for word
files/          what the sender and others sent
SHA256SUMS      the SHA-256 of every file here

To check by hand
1. Unpack, and run `sha256sum -c SHA256SUMS` (macOS: `shasum -a 256 -c SHA256SUMS`;
   Windows: `Get-FileHash`). Every line must say OK.
2. A picture's name is the SHA-256 of its bytes, and a finding in manifest.json names its
   picture as evidence_sha256.
3. A row's digest is the SHA-256 of its content in manifest.json, written as JSON with sorted keys
   and without spaces. The last ledger entry about the row has the digest in its payload.
4. An entry's hash is the SHA-256 of
   {{"at":AT,"kind":KIND,"payload":PAYLOAD,"prev_hash":PREV,"seq":SEQ,"subject":SUBJECT}}
   with JSON values and the payload as it stands. Two entries in a row are chained by prev_hash.
5. `greenpack verify {number}.zip` does all of this and judges every finding again by its numbers
   and the enclosed rules. It needs no database.

What this proves: that nothing here was changed since it was packed, and that it fits together.
What it cannot prove: that nobody wrote all of it anew. For that, compare the hashes of the
ledger's entries with a head of the ledger that was kept elsewhere, or ask the authority to verify
its records.
"""


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip with the name that it is offered under."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Of the zip's bytes, for the ledger."""
        return hashlib.sha256(self.data).hexdigest()


def case_archive(
    session: Session, settings: Settings, case_id: int, scope: Scope = EVERYTHING
) -> Archive:
    """A case as a zip; as long as nothing happens to it, the same bytes each time.

    Raises:
        GreenPackError: ``case_unknown``, or what the store raises where the case's profile or a
            file of it cannot be had. A picture that cannot be had is named in the manifest.
    """
    whole = whole_case(session, case_id, scope)
    rows = case_rows(session, whole)
    number = whole.case.number
    profile = kept_profile(settings, whole.case.profile_id, whole.case.profile_sha256)
    zone = zone_of(profile, settings)
    found, missing = pictures(settings, [one.evidence_sha256 for one in whole.findings])
    with speaking(Language.ENGLISH):
        workbook = case_workbook(whole, zone)
    files = {
        README: _README.format(number=number).encode("utf-8"),
        WORKBOOK: workbook,
        f"profile/{profile.id}.toml": kept_file(settings, whole.case.profile_sha256),
        **{f"evidence/{name}.jpg": data for name, data in found.items()},
        **_letters_and_files(settings, whole),
    }
    if not any(name.startswith("letters/") for name in files):
        draft = draft_letter(whole, profile, settings, found)
        files["letters/draft.pdf"] = letter_pdf(draft, LANGUAGES)
    files[MANIFEST] = canonical(_manifest(whole, rows, files, missing, zone)).encode("utf-8")
    return Archive(f"{number}.zip", pack(files))


def _letters_and_files(settings: Settings, whole: WholeCase) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for event in whole.events:
        if event.file_sha256 is None or event.file_name is None:
            continue
        is_letter = CaseEventKind(event.kind) in LETTERS
        suffix = Path(event.file_name).suffix.lower()
        plain = suffix if suffix[1:].isalnum() and suffix.isascii() else ".bin"
        folder = "letters" if is_letter else "files"
        name = f"{folder}/{event.number:03}-{event.kind.replace('_', '-')}{plain}"
        files[name] = kept_file(settings, event.file_sha256)
    return files


def _manifest(
    whole: WholeCase,
    rows: CaseRows,
    files: dict[str, bytes],
    missing: list[str],
    zone: ZoneInfo,
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "case": whole.case.number,
        "state": whole.life.state.value,
        "timezone": zone.key,
        "sender": {
            "code": whole.sender.code,
            "name": whole.sender.name,
            "platform": whole.platform,
        },
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in files.items()
        },
        "missing": sorted(missing),
        "rows": [
            {"kind": row.kind.value, "subject": row.subject, "content": row.content}
            for row in rows.rows
        ],
        "ledger": [entry_json(entry) for entry in rows.entries],
        "how_to_verify": f"see {README}, or run: greenpack verify {whole.case.number}.zip",
    }


def read_archive(path: Path) -> bytes:
    """The bytes of a zip that somebody names.

    Raises:
        GreenPackError: ``not_found`` or ``case_archive_unreadable``.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise GreenPackError("not_found", str(path)) from error
    except OSError as error:
        raise GreenPackError("case_archive_unreadable", str(error)) from error
