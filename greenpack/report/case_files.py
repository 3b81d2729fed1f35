"""What a case keeps beside the records: its profile's file, letters, and what the sender sent."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from greenpack.reasons import GreenPackError
from greenpack.records.case_entries import Attached
from greenpack.rules.loading import profile_file, profile_of_bytes
from greenpack.rules.profile import Profile
from greenpack.settings import Settings
from greenpack.stores import case_files, evidence

LARGEST_FILE: Final = 20 * 1024**2
_SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,8}")


def keep_file(settings: Settings, data: bytes, name: str) -> Attached:
    """Put a file into the store, before the event that it came with is recorded.

    Raises:
        GreenPackError: ``case_file_too_large``, or what the store raises.
    """
    if len(data) > LARGEST_FILE:
        raise GreenPackError("case_file_too_large", f"{name}: {len(data):,} bytes")
    suffix = Path(name).suffix.lower()
    stored = case_files(settings).put(data, suffix if _SUFFIX.fullmatch(suffix) else ".bin")
    return Attached(stored, Path(name).name or "file", len(data))


def kept_file(settings: Settings, sha256: str) -> bytes:
    """A kept file's bytes, checked against their name.

    Raises:
        GreenPackError: ``content_missing``, ``content_changed`` or what else the store raises.
    """
    return case_files(settings).read(sha256)


def keep_profile(settings: Settings, profile_id: str, sha256: str) -> Profile:
    """The very profile that judged the findings, its file put beside the case.

    Raises:
        GreenPackError: ``case_profile_missing`` if no file here has these bytes.
    """
    try:
        return kept_profile(settings, profile_id, sha256)
    except (GreenPackError, OSError):
        content = _present(settings, profile_id, sha256)
    case_files(settings).put(content, ".toml")
    return profile_of_bytes(content, f"{profile_id}.toml")


def kept_profile(settings: Settings, profile_id: str, sha256: str) -> Profile:
    """A case's profile from the file that was kept with it.

    Raises:
        GreenPackError: ``content_missing``, ``content_changed`` or what else the store raises.
    """
    return profile_of_bytes(kept_file(settings, sha256), f"{profile_id}.toml")


def zone_of(profile: Profile, settings: Settings) -> ZoneInfo:
    """The zone for local times: the profile's, unless it belongs to no place."""
    return settings.camera_zone if profile.timezone == "UTC" else ZoneInfo(profile.timezone)


def pictures(settings: Settings, names: list[str]) -> tuple[dict[str, bytes], list[str]]:
    """Evidence pictures by SHA-256, and which of them cannot be had."""
    store = evidence(settings)
    found: dict[str, bytes] = {}
    missing: list[str] = []
    for name in dict.fromkeys(names):
        try:
            found[name] = store.read(name)
        except (GreenPackError, OSError, ValueError):
            missing.append(name)
    return found, missing


def _present(settings: Settings, profile_id: str, sha256: str) -> bytes:
    places: tuple[Callable[[], bytes], ...] = (
        lambda: profile_file(profile_id, settings.profiles_folder),
        # The settings may name it by a file outside all folders.
        lambda: Path(settings.profile).read_bytes(),
    )
    for place in places:
        try:
            content = place()
        except (GreenPackError, OSError):
            continue
        if hashlib.sha256(content).hexdigest() == sha256:
            return content
    raise GreenPackError("case_profile_missing", f"{profile_id}, SHA-256 {sha256}")
