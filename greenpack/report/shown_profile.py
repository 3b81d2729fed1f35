"""Which profile the report shows, its time zone, and whether it is law."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from greenpack.language.speaking import tr
from greenpack.reasons import GreenPackError
from greenpack.rules.loading import load_profile
from greenpack.rules.profile import Profile
from greenpack.settings import Settings


@dataclass(frozen=True, slots=True)
class ShownProfile:
    """A profile that has findings; its file may be gone, its findings stay.

    Attributes:
        id: as the findings name it.
        title: the instrument's name, or None where the file is not found.
        is_law: whether it renders law, or None where the file is not found.
        zone: the time zone that times are shown in.
    """

    id: str
    title: str | None
    is_law: bool | None
    zone: ZoneInfo


def first_choice(ids: list[str], settings: Settings) -> int:
    """The place of the profile shown first: that of the settings, if it has findings."""
    configured = settings.profile
    if configured not in ids:
        profile = _loaded(configured, settings)
        configured = configured if profile is None else profile.id
    return ids.index(configured) if configured in ids else 0


def shown_profile(profile_id: str, settings: Settings) -> ShownProfile:
    """What the page tells of a profile; times are in the camera's zone where its file is gone."""
    profile = profile_file(profile_id, settings)
    if profile is None:
        return ShownProfile(profile_id, None, None, settings.camera_zone)
    return ShownProfile(profile_id, profile.title, profile.is_law, ZoneInfo(profile.timezone))


def profile_file(profile_id: str, settings: Settings) -> Profile | None:
    """A profile as its file has it now; None where that is gone."""
    profile = _loaded(profile_id, settings)
    if profile is not None:
        return profile
    # The settings may name it by a file outside all folders.
    configured = _loaded(settings.profile, settings)
    return configured if configured is not None and configured.id == profile_id else None


def law_sentence(profile: ShownProfile) -> str | None:
    """What a reader must know before naming a sender; None where the profile is law."""
    if profile.is_law is None:
        return tr(
            "The file of this profile is not found, so it is not known whether it is law. "
            "Set GREENPACK_PROFILES_FOLDER to the folder it is in."
        )
    if profile.is_law:
        return None
    return tr(
        "This profile is not law: a violation of it means that the parcel is worth a look. "
        "It accuses nobody."
    )


def local_zone(profile: ShownProfile, settings: Settings) -> ZoneInfo:
    """The zone for "local" times: the profile's, unless it belongs to no place."""
    return settings.camera_zone if profile.zone.key == "UTC" else profile.zone


def _loaded(id_or_path: str, settings: Settings) -> Profile | None:
    try:
        return load_profile(id_or_path, settings.profiles_folder)
    except GreenPackError:
        return None
