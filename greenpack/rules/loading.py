"""Profiles from TOML files: those shipped with GreenPack, and an agency's that override them."""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

from greenpack.reasons import GreenPackError
from greenpack.rules.problems import ProfileProblem, problems_in
from greenpack.rules.profile import Profile

_SUFFIX = ".toml"


def load_profile(id_or_path: str, folder: Path | None = None) -> Profile:
    """Load a profile by its id, or from a file.

    Args:
        id_or_path: a profile's id; or a path, told by its ``.toml`` ending or a separator.
        folder: an agency's folder; a file ``<id>.toml`` in it goes before the shipped one.

    Raises:
        GreenPackError: ``profile_unknown`` if there is none (naming near ids), ``profile_invalid``
            with one line per problem, or ``not_found`` if there is no such file or folder.
    """
    if id_or_path.endswith(_SUFFIX) or "/" in id_or_path or "\\" in id_or_path:
        path = Path(id_or_path)
        if not path.is_file():
            raise GreenPackError("not_found", id_or_path)
        return _sound(path)
    files = _files(folder)
    if id_or_path not in files:
        near = difflib.get_close_matches(id_or_path, files, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(files)}"
        raise GreenPackError("profile_unknown", f"{id_or_path}; {hint}")
    return _sound(files[id_or_path])


def available_profiles(folder: Path | None = None) -> list[Profile]:
    """All profiles in the order of their ids, the agency's in place of shipped ones of the same id.

    Args:
        folder: an agency's folder of ``*.toml`` files, or None.

    Raises:
        GreenPackError: ``profile_invalid`` if any is unsound, so that no broken override lets the
            shipped rule through unseen; ``not_found`` if there is no such folder.
    """
    return [_sound(file) for file in _files(folder).values()]


def profile_file(profile_id: str, folder: Path | None = None) -> bytes:
    """The bytes of a profile's file, the agency's before the shipped one.

    Raises:
        GreenPackError: ``profile_unknown``, or ``not_found`` if there is no such folder.
    """
    files = _files(folder)
    if profile_id not in files:
        raise GreenPackError("profile_unknown", profile_id)
    return files[profile_id].read_bytes()


def profile_of_bytes(content: bytes, name: str) -> Profile:
    """The profile that a file's bytes hold, wherever they were kept.

    Args:
        content: the bytes.
        name: the file's name, for messages.

    Raises:
        GreenPackError: ``profile_invalid`` with one line per problem.
    """
    profile, problems = _parsed(content, name)
    if profile is None:
        raise GreenPackError("profile_invalid", "\n".join(str(problem) for problem in problems))
    return profile


def check_profile(path: str | Path) -> list[ProfileProblem]:
    """Everything that is wrong with a profile's file; empty if it is sound."""
    return _read(Path(path))[1]


def _files(folder: Path | None) -> dict[str, Traversable]:
    """Every profile's file by id, which is the file's name, in the order of ids."""
    places: list[Traversable] = [resources.files("greenpack.rules").joinpath("profiles")]
    if folder is not None:
        if not folder.is_dir():
            raise GreenPackError("not_found", str(folder))
        places.append(folder)
    files = {
        file.name.removesuffix(_SUFFIX): file
        for place in places
        for file in place.iterdir()
        if file.name.endswith(_SUFFIX) and not file.name.startswith(".")
    }
    return dict(sorted(files.items()))


def _sound(file: Traversable) -> Profile:
    profile, problems = _read(file)
    if profile is None:
        raise GreenPackError("profile_invalid", "\n".join(str(problem) for problem in problems))
    return profile


def _read(file: Traversable) -> tuple[Profile | None, list[ProfileProblem]]:
    name = str(file)
    try:
        content = file.read_bytes()
    except OSError as error:
        return None, [ProfileProblem(name, None, None, _why_unreadable(error))]
    profile, problems = _parsed(content, name)
    if profile is None:
        return None, problems
    stem = file.name.removesuffix(_SUFFIX)
    if profile.id != stem:
        problem = (
            f"must be the file's name: rename the file to {profile.id}.toml or the id to {stem}"
        )
        return None, [ProfileProblem(name, None, "id", problem)]
    return profile, []


def _parsed(content: bytes, name: str) -> tuple[Profile | None, list[ProfileProblem]]:
    try:
        # Editors on Windows put a byte order mark first, which TOML does not allow.
        data = tomllib.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        return None, [ProfileProblem(name, None, None, _why_unreadable(error))]
    if "sha256" in data:
        problem = "is computed from the file; remove it"
        return None, [ProfileProblem(name, None, "sha256", problem)]
    digest = hashlib.sha256(content).hexdigest()
    try:
        return Profile.model_validate({**data, "sha256": digest}), []
    except ValidationError as error:
        return None, problems_in(name, data, error)


def _why_unreadable(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, UnicodeDecodeError):
        return "is not written in UTF-8"
    if isinstance(error, tomllib.TOMLDecodeError):
        return f"is no valid TOML: {error}"
    return f"cannot be read: {error}"
