"""Which weights to use, and whether they are the ones that were shipped."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from greenpack.reasons import GreenPackError

CHECKSUMS = "weights.json"
CALIBRATION = "calibration.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights that exist and agree with their checksums, where there are any.

    Attributes:
        path: a ``.pt`` file or an OpenVINO folder.
        sha256: pins the measurements; see ``fingerprint``.
        checked: whether a checksum file named these weights.
        image_size: the side of the square the model was trained at, pixels, or None if unknown.
        calibration: what the calibration file beside the weights says, or None.
    """

    path: Path
    sha256: str
    checked: bool
    image_size: int | None = None
    calibration: Mapping[str, object] | None = field(default=None, hash=False)


def weights_folder() -> Path:
    """The folder of the shipped weights: in the installed package, else in the checkout."""
    installed = Path(str(resources.files("greenpack"))) / "weights"
    return installed if installed.is_dir() else installed.parent.parent / "weights"


def gpu_present() -> bool:
    """Whether this machine has an NVIDIA GPU, told without loading torch."""
    return shutil.which("nvidia-smi") is not None and any(Path("/dev").glob("nvidia[0-9]*"))


def fingerprint(path: Path) -> str:
    """The SHA-256 of a weight file, or of an export's folder.

    A folder's is that of the list ``sha256sum`` prints of its files, sorted by name:
    ``(cd FOLDER && sha256sum * | sha256sum)``.
    """
    if path.is_file():
        return _sha256(path)
    lines = [f"{_sha256(file)}  {file.name}\n" for file in sorted(path.iterdir())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def load_weights(path: Path | None = None, prefer_gpu: bool = False) -> Weights:
    """Find the weights and check them.

    Args:
        path: a ``.pt`` file, an OpenVINO folder, or a folder that holds either; None takes the
            shipped ones.
        prefer_gpu: take the ``.pt`` where a folder holds both; else the OpenVINO export.

    Raises:
        GreenPackError: ``weights_missing``, or ``weights_changed`` where a file is not the one
            that the checksum file beside it names.
    """
    place = path or weights_folder()
    if not place.exists():
        raise GreenPackError("weights_missing", str(place))
    chosen = place if _is_model(place) else _pick(place, prefer_gpu)
    folder = chosen.parent
    known = _json(folder / CHECKSUMS)
    checked = known is not None and _check(chosen, folder, known)
    size = None if known is None else known.get("imgsz")
    return Weights(
        path=chosen,
        sha256=fingerprint(chosen),
        checked=checked,
        image_size=size if isinstance(size, int) else None,
        calibration=_json(folder / CALIBRATION),
    )


def _is_model(path: Path) -> bool:
    return path.is_file() or any(path.glob("*.xml"))


def _pick(folder: Path, prefer_gpu: bool) -> Path:
    exports = sorted(entry for entry in folder.iterdir() if entry.is_dir() and _is_model(entry))
    files = sorted(folder.glob("*.pt"))
    candidates = [*files, *exports] if prefer_gpu else [*exports, *files]
    if not candidates:
        raise GreenPackError("weights_missing", f"no .pt and no OpenVINO export in {folder}")
    return candidates[0]


def _check(chosen: Path, folder: Path, known: Mapping[str, object]) -> bool:
    """Whether the checksum file names these weights; raises where it names others."""
    listed = known.get("files")
    if not isinstance(listed, dict):
        raise GreenPackError("weights_changed", f"{folder / CHECKSUMS} lists no files")
    files = [chosen] if chosen.is_file() else sorted(chosen.iterdir())
    names = {file.relative_to(folder).as_posix(): file for file in files}
    belonging = {name for name in listed if name in names or name.startswith(f"{chosen.name}/")}
    if not belonging:
        return False
    for name in sorted(belonging | set(names)):
        if name not in names:
            raise GreenPackError("weights_changed", f"{name} is missing")
        if listed.get(name) != _sha256(names[name]):
            raise GreenPackError("weights_changed", name)
    return True


def _json(path: Path) -> dict[str, object] | None:
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise GreenPackError("weights_changed", f"{path.name}: {error}") from error
    if not isinstance(content, dict):
        raise GreenPackError("weights_changed", f"{path.name} holds no table")
    return content


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
