"""Only weights that exist and are the ones that were shipped are used."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from greenpack.reasons import GreenPackError
from greenpack.vision.weights import fingerprint, gpu_present, load_weights, weights_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A weights folder as it is shipped, with files that only look like weights."""
    export = tmp_path / "model_openvino_model"
    export.mkdir()
    (tmp_path / "model.pt").write_bytes(b"torch")
    (export / "model.xml").write_bytes(b"<net/>")
    (export / "model.bin").write_bytes(b"weights")
    files = ["model.pt", "model_openvino_model/model.xml", "model_openvino_model/model.bin"]
    sums = {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in files}
    (tmp_path / "weights.json").write_text(json.dumps({"imgsz": 448, "files": sums}))
    (tmp_path / "calibration.json").write_text(json.dumps({"area_ratio": 0.03, "n": 80}))
    return tmp_path


def test_the_export_is_taken_on_a_processor_and_the_pt_on_a_gpu(folder: Path) -> None:
    export = load_weights(folder)
    assert export.path.name == "model_openvino_model"
    assert export.checked
    assert export.image_size == 448
    assert export.calibration == {"area_ratio": 0.03, "n": 80}
    assert load_weights(folder, prefer_gpu=True).path.name == "model.pt"


def test_either_alone_is_enough(folder: Path) -> None:
    shutil.rmtree(folder / "model_openvino_model")
    assert load_weights(folder).path.name == "model.pt"


def test_the_fingerprint_of_a_folder_can_be_made_with_sha256sum(folder: Path) -> None:
    export = folder / "model_openvino_model"
    shown = subprocess.run(
        "sha256sum * | sha256sum",
        shell=True,
        cwd=export,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert fingerprint(export) == shown.split()[0]
    assert fingerprint(folder / "model.pt") == hashlib.sha256(b"torch").hexdigest()


@pytest.mark.parametrize("name", ["model.xml", "model.bin"])
def test_a_changed_byte_is_found(folder: Path, name: str) -> None:
    (folder / "model_openvino_model" / name).write_bytes(b"other")
    with pytest.raises(GreenPackError, match=name) as caught:
        load_weights(folder)
    assert caught.value.code == "weights_changed"


def test_a_missing_and_an_added_file_are_found(folder: Path) -> None:
    (folder / "model_openvino_model" / "extra.yaml").write_bytes(b"")
    with pytest.raises(GreenPackError, match=r"extra\.yaml"):
        load_weights(folder)
    (folder / "model_openvino_model" / "extra.yaml").unlink()
    (folder / "model_openvino_model" / "model.bin").unlink()
    with pytest.raises(GreenPackError, match=r"model\.bin is missing"):
        load_weights(folder)


def test_weights_of_ones_own_are_taken_and_said_to_be_unchecked(tmp_path: Path) -> None:
    (tmp_path / "mine.pt").write_bytes(b"mine")
    weights = load_weights(tmp_path / "mine.pt")
    assert not weights.checked
    assert weights.calibration is None
    assert weights.sha256 == hashlib.sha256(b"mine").hexdigest()


def test_nothing_there(tmp_path: Path) -> None:
    for place in (tmp_path / "gone", tmp_path):
        with pytest.raises(GreenPackError) as caught:
            load_weights(place)
        assert caught.value.code == "weights_missing"


@pytest.mark.parametrize("content", ["{", "[]", '{"files": 3}'])
def test_a_broken_checksum_file_is_an_error_not_a_pass(folder: Path, content: str) -> None:
    (folder / "weights.json").write_text(content)
    with pytest.raises(GreenPackError) as caught:
        load_weights(folder)
    assert caught.value.code == "weights_changed"


def test_the_shipped_weights_are_whole_and_small() -> None:
    shipped = load_weights()
    assert shipped.checked
    assert shipped.image_size
    assert shipped.calibration
    assert load_weights(prefer_gpu=True).checked
    size = sum(file.stat().st_size for file in weights_folder().rglob("*") if file.is_file())
    assert size < 20e6


def test_asking_for_a_gpu_needs_no_torch() -> None:
    assert gpu_present() in {True, False}
