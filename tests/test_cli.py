"""The command line: contracts, exit codes, and messages that help."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from greenpack import __version__, cli
from greenpack.vision import detector as detector_module
from tests.painted import WEIGHTS, PaintedDetector, Scene, write

NUMBER = "SF1234567890123"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs a command with the painted detector, in a data folder of its own."""
    monkeypatch.setenv("GREENPACK_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setattr(detector_module, "Detector", lambda *_, **__: PaintedDetector())
    monkeypatch.setattr("greenpack.audit.Detector", lambda *_, **__: PaintedDetector())
    monkeypatch.setattr("greenpack.report.audit_run.load_weights", lambda *_, **__: WEIGHTS)
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments: object, code: int = 0, stdin: bytes = b"") -> str:
        result = CliRunner().invoke(cli.app, list(map(str, arguments)), input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result.output

    return command


def lines(output: str) -> list[dict]:
    return [json.loads(line) for line in output.splitlines()]


CONTRACT = [
    "photo", "sha256", "outcome", "reason", "advice", "width", "height", "objects", "area_ratio",
    "void_ratio", "model", "milliseconds",
]  # fmt: skip


def test_measure_prints_the_contract_in_input_order(run, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"b.jpg": Scene(goods=0.2), "a.jpg": Scene(opened=False)})
    (folder / "c.jpg").write_text("no picture")
    found = lines(
        run("measure", folder / "b.jpg", folder / "c.jpg", folder / "a.jpg", "gone", "--json")
    )
    assert [Path(line["photo"]).name for line in found] == ["b.jpg", "c.jpg", "a.jpg", "gone"]
    measured, text, closed, gone = found
    for line in found:
        assert list(line)[: len(CONTRACT)] == CONTRACT
        assert line["model"] == WEIGHTS.sha256
    assert (measured["outcome"], measured["reason"], measured["advice"]) == ("measured", None, None)
    assert (measured["width"], measured["height"]) == (1200, 900)
    area, void = measured["area_ratio"], measured["void_ratio"]
    assert area["low"] < area["value"] < area["high"]
    assert void["value"] is None
    assert void["low"] < 1 - area["value"]
    assert void["high"] == 1.0
    opening = next(shape for shape in measured["objects"] if shape["label"] == "opening")
    assert set(opening) == {"label", "confidence", "polygon"}
    assert all(len(point) == 2 for point in opening["polygon"])
    assert (text["outcome"], text["reason"]) == ("unmeasurable", "unreadable")
    assert text["advice"]
    assert text["sha256"]
    assert text["area_ratio"] is None
    assert (closed["reason"], closed["width"]) == ("no_scale", 1200)
    assert gone["reason"] == "not_found"


def test_measure_reads_standard_input(run) -> None:
    [line] = lines(run("measure", "-", "--json", stdin=Scene(goods=0.3).jpeg()))
    assert (line["photo"], line["outcome"]) == ("-", "measured")


def test_measure_speaks_to_people_too(run, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.jpg": Scene(goods=0.2), "b.jpg": Scene(opened=False)})
    output = run("measure", folder)
    assert "void ratio at least" in output
    assert "Open the parcel" in output


def test_wrong_usage_is_exit_code_2(run) -> None:
    run("measure", code=2)
    run("audit", code=2)
    run("nonsense", code=2)
    run("measure", "x", "--camera-height", "500", code=2)


def test_a_setting_out_of_range_is_named(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENPACK_CAMERA_TIMEZONE", "Mars/Olympus")
    assert "GREENPACK_CAMERA_TIMEZONE" in run("measure", "x", code=2)


def test_audit_prints_tables_places_and_a_next_step(run, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {f"{NUMBER}.jpg": Scene(goods=0.15)})
    (folder / "bad.jpg").write_bytes(b"")
    (folder / "waybills.csv").write_text(
        f"waybill,sender_code,sender_name\n{NUMBER},S1,Sender [One]\nnonsense,S2,Two\n"
    )
    output = run("audit", folder)
    for expected in (
        "violation",
        "Sender [One]",
        "screening-50",
        "not law",
        "nonsense",
        "bad.jpg",
        "unreadable",
        str(tmp_path / "data" / "evidence"),
        "greenpack.db",
        "greenpack verify",
    ):
        assert expected in output
    again = run("audit", folder)
    assert "0 of them new" in again
    assert "No problem found" in run("verify")


def test_of_many_photos_the_violations_are_listed_first(run, tmp_path: Path) -> None:
    small = {f"{index:03d}.jpg": Scene(opened=False, seed=index) for index in range(45)}
    folder = write(tmp_path / "in", small | {"zzz.jpg": Scene(goods=0.15)})
    output = run("audit", folder)
    assert "zzz.jpg" in output
    assert "and 6 more" in output


def test_audit_json_names_the_evidence_of_every_photo(run, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {f"{NUMBER}.jpg": Scene(goods=0.15), "x.jpg": Scene(goods=0.8)})
    found = lines(run("audit", folder, "--json"))
    assert [line["verdict"] for line in found] == ["violation", "undetermined"]
    assert all(Path(line["evidence"]).is_file() for line in found)
    assert found[0]["waybill"] == NUMBER


def test_audit_of_nothing_says_so(run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(cli.GreenPackError, match="no photos"):
        run("audit", tmp_path / "empty")


def test_an_unknown_profile_is_refused_before_any_photo(run, tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"a.jpg": Scene()})
    with pytest.raises(cli.GreenPackError) as caught:
        run("audit", folder, "--profile", "no-such")
    assert caught.value.code == "profile_unknown"


def test_import_reports_bad_rows_and_is_idempotent(run, tmp_path: Path) -> None:
    table = tmp_path / "w.csv"
    table.write_bytes(f"运单号,商家编码,商家名称\n{NUMBER},S1,甲\n12,S2,乙\n".encode("gb18030"))
    first = json.loads(run("import", table, "--json"))
    assert (first["added"], first["unchanged"]) == (1, 0)
    assert [row["line"] for row in first["bad_rows"]] == [3]
    second = json.loads(run("import", table, "--json"))
    assert (second["added"], second["updated"], second["unchanged"]) == (0, 0, 1)
    assert "1 rows left out" in run("import", table)


def test_verify_names_what_is_off_and_fails(run, tmp_path: Path) -> None:
    run("audit", write(tmp_path / "in", {"a.jpg": Scene(goods=0.15)}))
    [picture] = (tmp_path / "data" / "evidence").rglob("*.jpg")
    picture.write_bytes(picture.read_bytes()[:-1])
    report = json.loads(run("verify", "--json", code=1))
    assert not report["ok"]
    assert any(picture.stem in problem["where"] for problem in report["problems"])
    assert picture.stem in run("verify", code=1)


def test_verify_knows_a_head_that_was_kept(run, tmp_path: Path) -> None:
    run("audit", write(tmp_path / "in", {"a.jpg": Scene(goods=0.15)}))
    head = json.loads(run("verify", "--json"))["head"]
    kept = f"{head['seq']}:{head['hash']}"
    run("verify", "--head", kept)
    run("verify", "--head", f"{head['seq']}:{'0' * 64}", code=1)
    run("verify", "--head", "what", code=2)


def test_rules_lists_explains_and_checks(run, tmp_path: Path) -> None:
    listed = run("rules")
    for profile in ("cn-gb45186-2024", "eu-2025-40-art24", "kr-2024", "tw-2023", "screening-50"):
        assert profile in listed
    assert "45" in run("rules", "show", "cn-gb45186-2024")
    assert len(lines(run("rules", "--json"))) == 5
    bad = tmp_path / "mine.toml"
    bad.write_text('id = "mine"\n')
    assert "mine.toml" in run("rules", "check", bad, code=1)


def test_errors_are_a_message_with_advice_and_exit_code_1(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "greenpack", "import", str(tmp_path / "gone.csv")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "gone.csv" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_data_folder_that_cannot_be_written_is_a_message(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    write(tmp_path / "in", {"a.jpg": Scene()})
    result = subprocess.run(
        [sys.executable, "-m", "greenpack", "audit", str(tmp_path / "in")],
        env={**os.environ, "GREENPACK_DATA_FOLDER": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert str(tmp_path / "data") in result.stderr
    assert "Traceback" not in result.stderr


def test_version(run) -> None:
    assert run("--version").strip() == f"greenpack {__version__}"


def test_doctor_checks_every_part(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("greenpack.report.doctor.Detector", lambda *_: PaintedDetector())
    checks = json.loads(run("doctor", "--json"))
    assert [check["what"] for check in checks if not check["ok"]] == []
    monkeypatch.setenv("GREENPACK_DATABASE_URL", "mysql://u:secret@h/d")
    output = run("doctor", code=1)
    assert "FAIL  database" in output
    assert "secret" not in output
