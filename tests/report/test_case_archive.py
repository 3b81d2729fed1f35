"""A case as a zip: deterministic, checked without a database, and every changed byte is named."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session
from typer.testing import CliRunner

from greenpack.cli import app
from greenpack.reasons import GreenPackError
from greenpack.records.case_forms import CaseEventKind, CaseState
from greenpack.records.case_queries import whole_case
from greenpack.records.case_steps import Wanted
from greenpack.records.database import open_database, reading, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.ledger import Head, canonical, entry_hash
from greenpack.report.case_archive import case_archive
from greenpack.report.case_check import check_case
from greenpack.report.case_files import keep_file, keep_profile, kept_profile
from greenpack.report.case_zip import MANIFEST, SUMS, pack, unpack
from greenpack.settings import Settings

from ..records.case_examples import DUE, LAW, PROFILE, breach, opened, sender_of, stepped
from .pages.example_records import picture

Kind = CaseEventKind
LETTER, ANSWER = b"%PDF-1.3 the letter", b"%PDF-1.3 the answer"
FORMULA = '=HYPERLINK("http://example.org")'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a case that was ordered and answered."""
    folder = tmp_path_factory.mktemp("case")
    profiles = folder / "profiles"
    profiles.mkdir()
    (profiles / "city-law.toml").write_bytes(LAW)
    engine = open_database(f"sqlite:///{folder / 'greenpack.db'}")
    store = EvidenceStore(folder / "evidence")
    using = _settings(folder)
    keep_profile(using, PROFILE.id, PROFILE.sha256)

    def work(session: Session) -> None:
        findings = [
            breach(session, number, evidence=store.put(picture(f"violation {number}")))
            for number in (1, 2, 3)
        ]
        case = opened(session, findings, sender_of(session, 1))
        letter = keep_file(using, LETTER, "letter.pdf")
        stepped(session, case, Wanted(Kind.CORRECTION_ORDERED, due_on=DUE), file=letter)
        answer = keep_file(using, ANSWER, "../../回复.PDF")
        stepped(session, case, Wanted(Kind.ANSWERED, FORMULA, True), file=answer)

    transact(engine, work)
    engine.dispose()
    return folder


def _settings(folder: Path) -> Settings:
    return Settings(data_folder=folder, profiles_folder=folder / "profiles", sign_in="none")


@pytest.fixture
def engine(folder: Path) -> Any:
    engine = open_database(f"sqlite:///{folder / 'greenpack.db'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def data(folder: Path) -> bytes:
    """The zip of that case."""
    engine = open_database(f"sqlite:///{folder / 'greenpack.db'}")
    with reading(engine) as session:
        archive = case_archive(session, _settings(folder), 1)
    engine.dispose()
    assert archive.name == "GP-2026-000001.zip"
    return archive.data


def where(data: bytes) -> list[str]:
    return [place for place, _ in check_case(data).problems]


def test_the_zip_of_a_case_is_sound_and_always_the_same(
    engine: Engine, folder: Path, data: bytes
) -> None:
    report = check_case(data)
    assert report.problems == ()
    assert report.number == "GP-2026-000001"
    assert report.checked["findings"] == report.checked["evidence"] == 3
    with reading(engine) as session:
        assert case_archive(session, _settings(folder), 1).data == data
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert {"README.txt", "case.xlsx", "letters/005-correction-ordered.pdf"} <= set(names)
    assert "files/006-answered.pdf" in names
    assert "profile/city-law.toml" in names


def test_by_hand_it_comes_to_the_same(data: bytes, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(tmp_path)
    lines = (tmp_path / SUMS).read_text().splitlines()
    assert len(lines) == len(list(tmp_path.rglob("*.*")))
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    manifest = json.loads((tmp_path / MANIFEST).read_text("utf-8"))
    finding = next(row for row in manifest["rows"] if row["kind"] == "finding")
    plain = json.dumps(
        finding["content"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    payloads = [
        json.loads(entry["payload"])
        for entry in manifest["ledger"]
        if entry["subject"] == finding["subject"] and entry["kind"] == "finding"
    ]
    assert payloads[-1]["digest"] == hashlib.sha256(plain.encode()).hexdigest()


def test_a_cell_of_the_workbook_is_never_a_formula(data: bytes) -> None:
    files, _ = unpack(data)
    with zipfile.ZipFile(io.BytesIO(files["case.xlsx"])) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 3
        for name in sheets:
            assert b"<f>" not in book.read(name)
        words = book.read("xl/sharedStrings.xml").decode()
    assert f"'{FORMULA}".replace('"', "&quot;") in words or f"'{FORMULA}" in words


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_changed_byte_is_found(data: bytes, draws: st.DataObject) -> None:
    place = draws.draw(st.integers(0, len(data) - 1))
    bit = draws.draw(st.integers(0, 7))
    changed = bytearray(data)
    changed[place] ^= 1 << bit
    found = ""
    try:
        found = str(check_case(bytes(changed)).problems)
    except GreenPackError as error:
        found = error.code
    assert found != "()"


def test_a_changed_byte_of_any_file_names_that_file(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            changed = bytearray(data)
            start = entry.header_offset + 30 + len(entry.filename.encode())
            changed[start + entry.file_size // 2] ^= 0x20
            assert entry.filename in where(bytes(changed))


@pytest.mark.parametrize("cut", [1, 100, 0.5, 0.99])
def test_a_zip_that_was_cut_off_is_unreadable(data: bytes, cut: float) -> None:
    kept = int(len(data) * cut) if cut < 1 else len(data) - int(cut)
    with pytest.raises(GreenPackError) as refused:
        check_case(data[:kept])
    assert refused.value.code == "case_archive_unreadable"


def test_what_is_appended_or_packed_anew_is_told(data: bytes) -> None:
    files, _ = unpack(data)
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w") as archive:
        for name in sorted(files):
            archive.writestr(name, files[name])
    assert where(again.getvalue()) == ["zip"]
    assert where(data[:-2] + b"\x02\x00hi") == ["zip"]
    with pytest.raises(GreenPackError) as refused:
        check_case(b"#!/bin/sh\n" + data)
    assert refused.value.code == "case_archive_unreadable"


def tampered(data: bytes, change: Callable[[dict[str, Any], dict[str, bytes]], None]) -> bytes:
    """The zip after somebody changed it who knows its format: all plain hashes fit again."""
    files, _ = unpack(data)
    del files[SUMS]
    manifest = json.loads(files[MANIFEST])
    change(manifest, files)
    manifest["files"] = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in files.items()
        if name != MANIFEST
    }
    files[MANIFEST] = canonical(manifest).encode()
    return pack(files)


def content(manifest: dict[str, Any], kind: str, number: int = 0) -> dict[str, Any]:
    rows = [row for row in manifest["rows"] if row["kind"] == kind]
    return rows[number]["content"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("kind", "column", "value"),
    [
        ("finding", "low", 0.9),
        ("finding", "verdict", "compliant"),
        ("finding", "limit_value", 0.25),
        ("measurement", "outcome", "unmeasurable"),
        ("decision", "decided_by", "Somebody"),
        ("case_event", "due_on", "2027-01-01"),
        ("case_event", "note", "another"),
        ("compliance_case", "opened_by", "Somebody"),
        ("waybill", "number", "SF9"),
        ("photo", "sha256", "0" * 64),
        ("sender", "name", "Another"),
    ],
)
def test_a_changed_row_is_named_though_all_files_fit(
    data: bytes, kind: str, column: str, value: object
) -> None:
    def change(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        row = content(manifest, kind)
        assert row[column] != value
        row[column] = value

    named = where(tampered(data, change))
    assert any(place.startswith(f"{kind}/") for place in named), named


def test_a_forged_entry_is_named_by_its_hash(data: bytes) -> None:
    def change(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        manifest["ledger"][3]["payload"] = "{}"

    assert where(tampered(data, change))[0].startswith("ledger/")


def test_a_row_and_its_entry_forged_together_break_the_chain_or_the_known_head(
    data: bytes,
) -> None:
    def change(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        row = content(manifest, "case_event", -1)
        row["note"] = "We will never change"
        digest = hashlib.sha256(canonical(row).encode()).hexdigest()
        entry = next(
            one
            for one in manifest["ledger"]
            if (one["kind"], one["subject"]) == ("case_event", f"case_event/{row['id']}")
        )
        entry["payload"] = canonical(json.loads(entry["payload"]) | {"digest": digest})
        at = datetime.fromisoformat(entry["at"])
        entry["hash"] = entry_hash(
            entry["seq"],
            at,
            entry["kind"],
            entry["subject"],
            entry["payload"],
            entry["prev_hash"],
        )

    forged = tampered(data, change)
    last = check_case(data).entries[-1]
    # It fits together: only what was kept elsewhere tells.
    assert check_case(forged).sound
    assert [place for place, _ in check_case(forged, last).problems] == [f"ledger/{last.seq}"]
    assert check_case(data, last).sound
    assert check_case(data, Head(last.seq + 5, "0" * 64)).sound


@pytest.mark.parametrize(
    ("what", "named"),
    [
        ("evidence swapped", "evidence/"),
        ("evidence gone", "finding/"),
        ("other rules", "profile/city-law.toml"),
        ("finding left out", "finding/"),
        ("event left out", "case_event/"),
        ("entry left out", "finding/"),
        ("state", "case_event/"),
        ("format", MANIFEST),
        ("no rows", MANIFEST),
    ],
)
def test_what_does_not_fit_together_is_named(data: bytes, what: str, named: str) -> None:
    def change(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        pictures = sorted(name for name in files if name.startswith("evidence/"))
        rows, ledger = manifest["rows"], manifest["ledger"]
        first = next(row for row in rows if row["kind"] == "finding")
        if what == "evidence swapped":
            files[pictures[0]] = files[pictures[1]]
        elif what == "evidence gone":
            del files[pictures[0]]
        elif what == "other rules":
            files["profile/city-law.toml"] = LAW.replace(b"value = 0.5", b"value = 0.1")
        elif what == "finding left out":
            rows.remove(first)
        elif what == "event left out":
            rows.remove([row for row in rows if row["kind"] == "case_event"][1])
        elif what == "entry left out":
            ledger[:] = [one for one in ledger if one["subject"] != first["subject"]]
        elif what == "state":
            content(manifest, "case_event", -1)["state"] = "closed"
        elif what == "format":
            manifest["format"] = "greenpack-case/9"
        else:
            del manifest["rows"]

    assert any(place.startswith(named) for place in where(tampered(data, change)))


def _zip(**files: bytes | int) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, value in files.items():
            archive.writestr(name, value if isinstance(value, bytes) else b"0" * value)
    return written.getvalue()


def test_wrong_files_slips_and_bombs_have_reason_codes() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, b"0" * 10_000_000)
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        archive.writestr(MANIFEST, b"{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(MANIFEST, b"[]")
    many = _zip(**{f"files/{number}.bin": b"" for number in range(12_001)})
    for wrong, code in (
        (b"", "case_archive_unreadable"),
        (b"no zip at all", "case_archive_unreadable"),
        (_zip(**{"photo.jpg": b"x"}), "case_archive_unsafe"),
        (_zip(**{"../evil.txt": b"x"}), "case_archive_unsafe"),
        (_zip(**{"evidence/../../evil": b"x"}), "case_archive_unsafe"),
        (_zip(**{"/etc/passwd": b"x"}), "case_archive_unsafe"),
        (_zip(**{"README.txt": b"x"}), "case_archive_unreadable"),
        (bomb.getvalue(), "case_archive_unsafe"),
        (twice.getvalue(), "case_archive_unsafe"),
        (many, "case_archive_too_large"),
    ):
        with pytest.raises(GreenPackError) as refused:
            check_case(wrong)
        assert refused.value.code == code


def test_a_manifest_that_is_no_manifest_is_named(data: bytes) -> None:
    files, _ = unpack(data)
    for broken in (b"", b"{", b"[]", b'{"format": 1}', b"[" * 100_000, b"\xff"):
        changed = {name: value for name, value in files.items() if name != SUMS}
        changed[MANIFEST] = broken
        assert where(pack(changed)) == [MANIFEST]


def test_the_command_says_so_with_its_exit_code(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "case.zip"
    path.write_bytes(data)
    done = CliRunner().invoke(app, ["verify", str(path)])
    assert done.exit_code == 0
    assert "No problem found." in done.stdout
    assert "GP-2026-000001" in done.stdout
    changed = bytearray(data)
    changed[data.index(ANSWER) + 3] ^= 1
    path.write_bytes(bytes(changed))
    done = CliRunner().invoke(app, ["verify", str(path), "--json"])
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert not told["ok"]
    assert told["problems"][0]["where"] == "files/006-answered.pdf"
    with pytest.raises(GreenPackError) as refused:
        CliRunner().invoke(app, ["verify", str(tmp_path / "none.zip")], catch_exceptions=False)
    assert refused.value.code == "not_found"


def test_a_picture_that_was_gone_when_it_was_packed_is_told(engine: Engine, folder: Path) -> None:
    with reading(engine) as session:
        finding = whole_case(session, 1).findings[0]
        picture_file = Path(EvidenceStore(folder / "evidence").place(finding.evidence_sha256))
        bytes_before = picture_file.read_bytes()
        picture_file.unlink()
        try:
            archive = case_archive(session, _settings(folder), 1)
        finally:
            picture_file.write_bytes(bytes_before)
    (problem,) = check_case(archive.data).problems
    assert problem == (
        f"evidence/{finding.evidence_sha256}",
        "was already missing when the case was packed",
    )


def test_a_case_keeps_its_rules_when_their_file_changes(folder: Path) -> None:
    using = _settings(folder)
    other = folder / "profiles" / "city-law.toml"
    other.write_bytes(LAW.replace(b'version = "3"', b'version = "4"'))
    try:
        assert kept_profile(using, PROFILE.id, PROFILE.sha256) == PROFILE
        assert keep_profile(using, PROFILE.id, PROFILE.sha256) == PROFILE
        with pytest.raises(GreenPackError) as refused:
            keep_profile(using, PROFILE.id, "0" * 64)
        assert refused.value.code == "case_profile_missing"
    finally:
        other.write_bytes(LAW)


def test_before_a_letter_went_out_the_zip_has_a_draft(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'greenpack.db'}")
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "city-law.toml").write_bytes(LAW)
    using = _settings(tmp_path)
    keep_profile(using, PROFILE.id, PROFILE.sha256)
    store = EvidenceStore(tmp_path / "evidence")

    def work(session: Session) -> None:
        finding = breach(session, 1, evidence=store.put(picture("x")))
        opened(session, [finding], sender_of(session, 1))

    transact(engine, work)
    with reading(engine) as session:
        archive = case_archive(session, using, 1)
        assert whole_case(session, 1).life.state is CaseState.OPEN
        assert case_archive(session, using, 1).data == archive.data
    engine.dispose()
    files, problems = unpack(archive.data)
    assert not problems
    assert files["letters/draft.pdf"].startswith(b"%PDF-")
    assert check_case(archive.data).sound
