"""Profiles from files: shipped ones, and an agency's that go before them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from greenpack.reasons import GreenPackError
from greenpack.rules.loading import available_profiles, load_profile
from greenpack.rules.profile import Profile
from tests.rules.example_profile import profile_data, profile_of, write_toml


def test_a_byte_order_mark_is_forgiven_and_counts_in_the_hash(tmp_path: Path) -> None:
    path = write_toml(tmp_path, profile_data())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    profile = load_profile(str(path))
    assert profile.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_agencys_file_goes_before_the_shipped_profile(tmp_path: Path) -> None:
    own = profile_data() | {"id": "screening-50", "version": "agency 3"}
    path = write_toml(tmp_path, own)
    write_toml(tmp_path, profile_data() | {"id": "aaa"})
    (tmp_path / "readme.txt").write_text("not a profile", "utf-8")
    (tmp_path / ".hidden.toml").write_text("not a profile", "utf-8")
    profile = load_profile("screening-50", tmp_path)
    assert profile.version == "agency 3"
    assert profile.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert load_profile("screening-50").version == "1"
    assert load_profile("tw-2023", tmp_path) == load_profile("tw-2023")
    everything = available_profiles(tmp_path)
    assert [each.id for each in everything] == [
        "aaa",
        "cn-gb45186-2024",
        "eu-2025-40-art24",
        "kr-2024",
        "screening-50",
        "tw-2023",
    ]
    assert everything[4] == profile


def test_a_broken_override_is_told_and_never_passed_over(tmp_path: Path) -> None:
    write_toml(tmp_path, profile_data(title="", clause="") | {"id": "screening-50"})
    for attempt in (
        lambda: load_profile("screening-50", tmp_path),
        lambda: available_profiles(tmp_path),
    ):
        with pytest.raises(GreenPackError) as caught:
            attempt()
        assert caught.value.code == "profile_invalid"
        assert len(caught.value.detail.splitlines()) == 2
        assert "rule void-ratio: title: is empty" in caught.value.detail


def test_an_unknown_profile_is_told_with_the_near_one() -> None:
    with pytest.raises(GreenPackError, match="did you mean screening-50") as caught:
        load_profile("screening50")
    assert caught.value.code == "profile_unknown"
    with pytest.raises(GreenPackError, match="there are cn-gb45186-2024, eu-2025-40-art24"):
        load_profile("zzz")


def test_a_missing_file_or_folder_is_told(tmp_path: Path) -> None:
    for attempt in (
        lambda: load_profile(str(tmp_path / "none.toml")),
        lambda: load_profile("screening-50", tmp_path / "none"),
        lambda: available_profiles(tmp_path / "none"),
    ):
        with pytest.raises(GreenPackError) as caught:
            attempt()
        assert caught.value.code == "not_found"


def test_a_profile_cannot_be_changed_and_is_sound_however_it_is_made() -> None:
    profile = profile_of(profile_data())
    with pytest.raises(ValueError, match="frozen"):
        profile.version = "2"
    assert hash(profile) == hash(profile_of(profile_data()))
    assert isinstance(profile, Profile)
    with pytest.raises(ValueError, match="is out of range"):
        profile_of(profile_data(limit={"direction": "at_most", "value": 50}))
