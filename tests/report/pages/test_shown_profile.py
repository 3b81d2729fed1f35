"""Which profile is shown, and what is said of it."""

from __future__ import annotations

import subprocess
import sys
from importlib import resources
from pathlib import Path

from greenpack.report.records_place import database_file, file_identity
from greenpack.report.shown_profile import (
    first_choice,
    law_sentence,
    local_zone,
    shown_profile,
)
from greenpack.settings import Settings

IDS = ["cn-gb45186-2024", "kr-2024", "screening-50"]


def test_the_profile_of_the_settings_comes_first() -> None:
    assert first_choice(IDS, Settings(profile="kr-2024")) == 1
    assert first_choice(IDS, Settings(profile="eu-2025-40-art24")) == 0


def test_a_profile_named_by_its_file_is_found(tmp_path: Path) -> None:
    shipped = resources.files("greenpack.rules").joinpath("profiles/screening-50.toml")
    text = shipped.read_text(encoding="utf-8").replace('"screening-50"', '"agency-rule"')
    file = tmp_path / "agency-rule.toml"
    file.write_text(text, encoding="utf-8")
    settings = Settings(profile=str(file))
    assert first_choice(["agency-rule", "kr-2024"], settings) == 0
    assert shown_profile("agency-rule", settings).is_law is False


def test_only_law_needs_no_sentence() -> None:
    settings = Settings()
    law = law_sentence(shown_profile("cn-gb45186-2024", settings))
    screening = law_sentence(shown_profile("screening-50", settings))
    gone = law_sentence(shown_profile("removed-since", settings))
    assert law is None
    assert screening is not None
    assert "not law" in screening
    assert gone is not None
    assert "GREENPACK_PROFILES_FOLDER" in gone


def test_local_time_is_that_of_a_place() -> None:
    settings = Settings(camera_timezone="Asia/Seoul")
    assert local_zone(shown_profile("screening-50", settings), settings).key == "Asia/Seoul"
    assert local_zone(shown_profile("cn-gb45186-2024", settings), settings).key == "Asia/Shanghai"


def test_a_database_file_is_known_by_more_than_its_name(tmp_path: Path) -> None:
    path = tmp_path / "greenpack.db"
    path.touch()
    before = file_identity(f"sqlite:///{path}")
    kept = path.rename(tmp_path / "old.db")
    path.touch()
    assert kept.exists()
    assert file_identity(str(path)) not in {None, before}
    assert database_file("postgresql://user:word@host/name") is None
    assert file_identity("postgresql://user:word@host/name") is None


def test_the_pages_load_without_the_model() -> None:
    program = (
        "import sys, greenpack.report.pages.findings;"
        "print(*{'torch', 'ultralytics', 'openvino'} & set(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == ""
