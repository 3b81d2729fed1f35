"""The shipped samples, the shipped model, the real command: golden pictures with true values."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from greenpack.intake.barcode import read_codes

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
LIMIT = 0.5  # of screening-50

pytestmark = pytest.mark.model


def greenpack(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command as installed, started from elsewhere, with a data folder of its own."""
    environment = {key: value for key, value in os.environ.items() if "GREENPACK" not in key}
    return subprocess.Popen(
        [sys.executable, "-m", "greenpack", *arguments],
        cwd=folder,
        env=environment | {"GREENPACK_DATA_FOLDER": str(folder / "data"), "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors
    return output


@pytest.fixture(scope="module")
def manifest() -> dict[str, dict[str, str]]:
    with (SAMPLES / "manifest.csv").open(newline="", encoding="utf-8") as file:
        return {row["photo"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    folder = tmp_path_factory.mktemp("measured")
    photos = [str(photo) for photo in sorted(SAMPLES.glob("*.jpg"))]
    lines = finished(greenpack(folder, "measure", *photos, "--json")).splitlines()
    return {Path(line["photo"]).name: line for line in map(json.loads, lines)}


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict]]:
    """An audit that was killed once on its way, and then completed."""
    folder = tmp_path_factory.mktemp("audited")
    first = greenpack(folder, "audit", str(SAMPLES), "--json")
    assert first.stdout is not None
    for _ in range(5):
        first.stdout.readline()
    time.sleep(0.1)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    lines = finished(greenpack(folder, "audit", str(SAMPLES), "--json")).splitlines()
    return folder, {Path(line["photo"]).name: line for line in map(json.loads, lines)}


def test_every_sample_is_in_the_manifest_and_the_other_way_round(
    manifest: dict[str, dict[str, str]],
) -> None:
    assert len(manifest) >= 24
    assert set(manifest) == {photo.name for photo in SAMPLES.glob("*.jpg")}


def test_the_interval_of_the_area_ratio_contains_the_truth_in_nine_of_ten(
    manifest: dict[str, dict[str, str]], measured: dict[str, dict]
) -> None:
    inside = {
        name: line["area_ratio"]["low"]
        <= float(row["true_area_ratio"])
        <= line["area_ratio"]["high"]
        for name, row in manifest.items()
        if (line := measured[name])["outcome"] == "measured" and row["true_area_ratio"]
    }
    assert len(inside) >= 12
    assert sum(inside.values()) >= 0.9 * len(inside), [n for n, ok in inside.items() if not ok]


def test_the_void_bound_is_below_the_truth(
    manifest: dict[str, dict[str, str]], measured: dict[str, dict]
) -> None:
    above = {
        name: (line["void_ratio"]["low"], row["true_void_ratio"])
        for name, row in manifest.items()
        if (line := measured[name])["outcome"] == "measured"
        and row["true_void_ratio"]
        and line["void_ratio"]["low"] > float(row["true_void_ratio"])
    }
    assert not above


def test_no_parcel_that_complies_is_called_a_violation(
    manifest: dict[str, dict[str, str]], audited: tuple[Path, dict[str, dict]]
) -> None:
    violations = [name for name, line in audited[1].items() if line["verdict"] == "violation"]
    assert len(violations) >= 6
    for name in violations:
        assert float(manifest[name]["true_void_ratio"]) > LIMIT, name


def test_every_verdict_and_most_reasons_occur(audited: tuple[Path, dict[str, dict]]) -> None:
    lines = audited[1].values()
    assert {line["verdict"] for line in lines} == {
        "violation",
        "undetermined",
        "compliant",
        "exempt",
        "unmeasurable",
    }
    unmeasurable = {line["reason"] for line in lines if line["verdict"] == "unmeasurable"}
    assert len(unmeasurable) >= 6, unmeasurable


def test_the_samples_are_judged_as_their_manifest_expects(
    manifest: dict[str, dict[str, str]], audited: tuple[Path, dict[str, dict]]
) -> None:
    wrong = {
        name: (row["expected_verdict"], audited[1][name]["verdict"], audited[1][name]["reason"])
        for name, row in manifest.items()
        if row["expected_verdict"] != audited[1][name]["verdict"]
    }
    assert not wrong


def test_no_evidence_picture_has_a_code_that_can_be_read(
    audited: tuple[Path, dict[str, dict]],
) -> None:
    _, lines = audited
    pictures = {line["evidence"] for line in lines.values()} - {None}
    assert len(pictures) > 20
    for picture in pictures:
        with Image.open(picture) as image:
            assert read_codes(np.array(image.convert("RGB"))) == [], picture


def test_a_killed_audit_was_completed_and_a_third_run_changes_nothing(
    audited: tuple[Path, dict[str, dict]], manifest: dict[str, dict[str, str]]
) -> None:
    folder, lines = audited
    assert set(lines) == set(manifest)
    output = finished(greenpack(folder, "audit", str(SAMPLES)))
    assert "0 of them new" in output
    assert output.count("Sample Sender") >= 6
    assert "No problem found" in finished(greenpack(folder, "verify"))


def test_the_installed_package_finds_its_parts_from_anywhere(tmp_path: Path) -> None:
    checks = json.loads(finished(greenpack(tmp_path, "doctor", "--json")))
    assert all(check["ok"] for check in checks)
    assert "(checked)" in next(check["detail"] for check in checks if check["what"] == "model")
    asked = "from greenpack.demo_commands import samples_folder as f; print(f() / 'manifest.csv')"
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(told.stdout.strip()).is_file()
