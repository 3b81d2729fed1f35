"""`greenpack camera`: from the printed board to a camera that may accuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from greenpack import camera_commands, cli
from greenpack.cameras.board import Paper
from greenpack.cameras.verification import Sizes
from greenpack.measure.acceptance import UnmeasurableError
from greenpack.measure.interval import Interval
from greenpack.reasons import GreenPackError
from tests.cameras.board_pictures import (
    CAMERA,
    POSES,
    belt_under,
    jpeg,
    on_belt,
    photo_of,
    picture,
    sheet,
)

MODEL = "a" * 64


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of good photos of the board, and one of the board on the belt beside it."""
    folder = tmp_path_factory.mktemp("camera")
    (folder / "board").mkdir()
    for number, pose in enumerate(POSES):
        (folder / "board" / f"{number}.jpg").write_bytes(photo_of(CAMERA, pose, seed=number))
    (folder / "board" / "wall.jpg").write_bytes(jpeg(picture(CAMERA, *far_away())))
    over = belt_under(CAMERA, 900.0, 0.0)
    flat = picture(over, *on_belt(over, (0.0, 0.0), 10.0, sheet().board), seed=40)
    (folder / "belt.jpg").write_bytes(jpeg(flat))
    return folder


def far_away():  # type: ignore[no-untyped-def]
    """A pose that puts the board out of the picture."""
    over = belt_under(CAMERA, 900.0, 0.0)
    return on_belt(over, (5000.0, 0.0), 0.0, sheet().board)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs a command in a data folder of its own; gives its output, or the error's code."""
    monkeypatch.setenv("GREENPACK_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments: object, code: int = 0) -> str:
        result = CliRunner().invoke(cli.app, ["camera", *map(str, arguments)])
        if isinstance(result.exception, GreenPackError):
            return f"{result.exception.code}: {result.exception}"
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result.output

    return command


def calibrated(run, photos: Path, *more: object) -> dict:  # type: ignore[no-untyped-def]
    words = (photos / "board", "--belt", photos / "belt.jpg", "--ruler", 200, "--json")
    return json.loads(run("calibrate", "line 1", *words, *more))


def measuring(monkeypatch: pytest.MonkeyPatch, off: float) -> None:
    """Measure every parcel as 300 x 200 x 100 mm and so much; photos named bad give none."""

    def measure(name: str, data: bytes) -> Sizes:
        if "bad" in name:
            raise UnmeasurableError("too_dark")
        wobble = off + len(name) % 2
        length, width, height = (
            Interval(true + wobble, true + wobble - 5, true + wobble + 5)
            for true in (300.0, 200.0, 100.0)
        )
        return length, width, height

    monkeypatch.setattr(camera_commands, "size_measurer", lambda settings, camera: (measure, MODEL))


def parcels(folder: Path) -> tuple[Path, Path]:
    """Twelve photos of parcels, one that cannot be measured, and the table of the tape."""
    folder.mkdir()
    lines = ["photo,length_mm,width_mm,height_mm,parcel"]
    for name in [*(f"p{n}.jpg" for n in range(12)), "bad.jpg"]:
        (folder / name).write_bytes(b"never decoded here " + name.encode())
        lines.append(f"{name},200,300,100,{name}")
    (folder / "unknown.jpg").write_bytes(b"not in the table")
    (folder / "tape.csv").write_text("\n".join(lines))
    return folder, folder / "tape.csv"


def test_the_board_is_written_and_says_how_to_go_on(run, tmp_path: Path) -> None:
    output = run("board", tmp_path / "board.pdf")
    assert (tmp_path / "board.pdf").read_bytes().startswith(b"%PDF")
    assert "7x5 squares of 35 mm on A4" in output
    assert "200 mm" in output
    assert "50 mm on A3" in run("board", tmp_path / "board.pdf", "--paper", "A3")
    assert "9x6 squares" in run("board", tmp_path / "board.pdf", "--squares", "9x6")
    assert "board_unsuitable" in run("board", tmp_path / "x.pdf", "--square", 60)
    assert not (tmp_path / "x.pdf").exists()
    run("board", tmp_path / "x.pdf", "--squares", "seven", code=2)
    run("board", tmp_path / "x.pdf", "--paper", "a5", code=2)


def test_a_camera_is_calibrated_verified_and_shown(
    run, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No camera is known yet" in run("list")
    found = calibrated(run, photos, "--hub", "Zhejiang/Hangzhou/North")
    calibration = found["calibration"]
    assert (found["camera"], found["hub"]) == ("line 1", "Zhejiang/Hangzhou/North")
    assert calibration["focal_px"] == pytest.approx(CAMERA.focal, rel=0.01)
    assert calibration["belt_height_mm"] == pytest.approx(900.0, abs=5)
    assert calibration["photos"] == len(POSES)
    assert [photo["why"] for photo in calibration["rejected"]] == ["the board is not seen"]
    assert found["status"] == "never_verified"
    assert "may only screen: never verified" in run("show", "line 1")

    folder, table = parcels(tmp_path / "parcels")
    measuring(monkeypatch, 0.0)
    output = run("verify", "line 1", folder, "--truth", table)
    assert "may accuse" in output
    assert "bad.jpg: the photo is too dark" in output
    assert "unknown.jpg: the table of tape measurements has no row" in output
    assert json.loads(run("list", "--json"))["may_accuse"]

    measuring(monkeypatch, 20.0)
    output = run("verify", "line 1", folder, "--truth", table, code=1)
    assert "may only screen" in output
    monkeypatch.setenv("GREENPACK_CAMERA_MAX_BIAS_MM", "30")
    shown = json.loads(run("show", "line 1", "--json"))
    assert shown["may_accuse"]
    assert shown["verification"]["overall"]["parcels"] == 12
    assert shown["verification"]["axes"]["length"]["inside"] == 0

    again = calibrated(run, photos)
    assert again["hub"] == "Zhejiang/Hangzhou/North"
    assert again["status"] == "recalibrated"
    assert "(today)" in run("list")


def test_the_belt_needs_a_measured_board(run, photos: Path) -> None:
    words = ("calibrate", "line 1", photos / "board", "--belt", photos / "belt.jpg")
    assert run(*words).startswith("board_size_unknown")
    assert run(*words, "--square", 50).startswith("board_size_doubtful")
    assert run("calibrate", "line 1", photos / "belt.jpg").startswith("calibration_too_few_photos")
    assert run(*words[:3], "--belt", photos / "board/wall.jpg", "--ruler", 200).startswith(
        "belt_not_seen"
    )
    assert "No camera is known yet" in run("list")


def test_without_a_belt_photo_the_belt_stays_unknown(run, photos: Path) -> None:
    output = run("calibrate", "desk", photos / "board")
    assert "not known (no --belt photo)" in output
    assert "greenpack camera verify" in output


def test_what_cannot_be_verified_is_refused(
    run, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measuring(monkeypatch, 0.0)
    folder, table = parcels(tmp_path / "parcels")
    words = (folder, "--truth", table)
    assert "none is known yet" in run("verify", "line 1", *words)
    run("calibrate", "desk", photos / "board")
    assert run("verify", "line 1", *words).startswith("camera_unknown")
    assert "there are: desk" in run("show", "line 1")
    assert run("verify", "desk", folder, "--truth", folder / "gone.csv").startswith("not_found")
    empty = run("verify", "desk", folder / "bad.jpg", "--truth", table)
    assert empty.startswith("verification_empty")
    assert "bad.jpg: too_dark" in empty


def test_the_paper_tells_its_board(run, tmp_path: Path) -> None:
    for number, pose in enumerate(POSES[:2]):
        photo = photo_of(CAMERA, pose, Paper.A3, seed=number)
        (tmp_path / f"{number}.jpg").write_bytes(photo)
    assert "2 usable of 2" in run("calibrate", "x", tmp_path / "0.jpg", tmp_path / "1.jpg")
