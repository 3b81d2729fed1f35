"""Rendering a training set: every scene once, whatever happens to the processes."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.training.datasets import inventory, progress
from greenpack.training.datasets.inventory import paths
from greenpack.training.datasets.render import Make, render_split
from greenpack.training.refusals import RefusedError
from tests.training.datasets import fake_scenes


def render(out: Path, make: Make, count: int = 6, first: int = 0, **changed: object) -> int:
    arguments = {"size": 64, "workers": 2, "scene_limit": 60.0} | changed
    return render_split(out, "train", first, count, make_scene=make, **arguments)  # type: ignore[arg-type]


def pictures(out: Path, split: str = "train") -> list[int]:
    return sorted(int(p.stem) for p in (out / "images" / split).glob("*.jpg"))


def calls(out: Path) -> list[int]:
    return sorted(map(int, (out / "calls").read_text().split()))


def test_every_scene_is_rendered_once_and_the_set_described(tmp_path: Path) -> None:
    assert render(tmp_path, fake_scenes.fine) == 0
    assert pictures(tmp_path) == calls(tmp_path) == list(range(6))
    assert paths(tmp_path, "train", 4)[0].read_bytes() == b"4 64"
    record = json.loads((tmp_path / "dataset.json").read_text())
    assert record == {
        "splits": {
            "train": {
                "seeds": [[0, 5]],
                "size": [64],
                "pictures": 6,
                "generator": {"7": 6},
                "skipped": [],
            }
        },
        "generator": {"7": 6},
    }
    assert "val: images/val" in (tmp_path / "data.yaml").read_text()


def test_what_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    render(tmp_path, fake_scenes.fine, count=2)
    picture = paths(tmp_path, "train", 1)[0]
    picture.write_bytes(b"mine")
    assert render(tmp_path, fake_scenes.fine, count=4) == 0
    assert picture.read_bytes() == b"mine"
    assert calls(tmp_path) == [0, 1, 2, 3]
    assert inventory.read(tmp_path)["splits"]["train"]["seeds"] == [[0, 3]]


def test_a_scene_that_ends_its_process_twice_is_skipped_and_once_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert render(tmp_path, fake_scenes.crashing, count=8) == 0
    assert pictures(tmp_path) == [0, 1, 2, 4, 5, 6, 7]
    skipped = (tmp_path / "skipped.txt").read_text()
    assert skipped == "train 3 ended its process 2 times, last with code -9\n"
    assert "scene 3 skipped" in capsys.readouterr().err
    assert inventory.read(tmp_path)["splits"]["train"]["skipped"] == [3]
    assert render(tmp_path, fake_scenes.fine, count=8) == 0  # it gets another chance
    assert pictures(tmp_path) == list(range(8))
    assert (tmp_path / "skipped.txt").read_text() == ""


def test_a_scene_that_hangs_is_killed_and_the_others_go_on(tmp_path: Path) -> None:
    started = time.monotonic()
    assert render(tmp_path, fake_scenes.hanging, count=4, scene_limit=5.0) == 0
    assert time.monotonic() - started < 120
    assert pictures(tmp_path) == [0, 2, 3]
    assert (tmp_path / "skipped.txt").read_text() == "train 1 took longer than 5 s\n"
    assert not list(tmp_path.rglob("*.part"))


def test_a_scene_that_fails_is_told_with_its_place_and_not_tried_again(tmp_path: Path) -> None:
    assert render(tmp_path, fake_scenes.failing, count=3) == 0
    assert pictures(tmp_path) == [0, 1]
    (line,) = (tmp_path / "skipped.txt").read_text().splitlines()
    assert line.startswith("train 2 ValueError: no room (fake_scenes.py:")


def test_nothing_at_all_is_a_failure(tmp_path: Path) -> None:
    assert render(tmp_path, fake_scenes.failing, count=1, first=2) == 1


def test_a_missing_package_ends_the_run_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="No module named 'bpy'"):
        render(tmp_path, fake_scenes.without_package)


def test_blender_missing_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenpack.training.refusals.find_spec", lambda name: None)
    with pytest.raises(RefusedError, match=r"bpy is not installed.*greenpack\[train\]"):
        render_split(tmp_path / "set", "train", 0, 1)
    assert not (tmp_path / "set").exists()


def test_no_scene_is_in_two_splits(tmp_path: Path) -> None:
    render(tmp_path, fake_scenes.fine, count=2, first=10)
    for first in (9, 11):
        with pytest.raises(RefusedError, match=r"Split train .* has some of the seeds"):
            render_split(tmp_path, "val", first, 2, make_scene=fake_scenes.fine)
    assert render_split(tmp_path, "val", 12, 1, make_scene=fake_scenes.fine) == 0
    (tmp_path / "dataset.json").unlink()  # an older set has none; its pictures still tell
    with pytest.raises(RefusedError, match="Split val"):
        render(tmp_path, fake_scenes.fine, first=12)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_goes_on_later(tmp_path: Path, number: signal.Signals) -> None:
    code = (
        "import signal, sys; from pathlib import Path\n"
        "from greenpack.training.datasets.render import render_split\n"
        "from tests.training.datasets.fake_scenes import slow\n"
        "if __name__ == '__main__':\n"
        # A shell's background job, which these tests may be, inherits an ignored Ctrl-C.
        "    signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"    sys.exit(render_split(Path({str(tmp_path)!r}), 'train', 0, 200, make_scene=slow))\n"
    )
    script = tmp_path / "script.py"
    script.write_text(code)
    root = Path(__file__).parents[3]
    run = subprocess.Popen(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": str(root)},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    for _ in range(600):
        if pictures(tmp_path):
            break
        time.sleep(0.05)
    run.send_signal(number)
    out, error = run.communicate(timeout=30)
    assert run.returncode == 130, error
    assert "Traceback" not in error
    done = len(pictures(tmp_path))
    assert 0 < done < 200
    assert f"Stopped with {done} of 200 scenes; the same command goes on." in error
    assert f"{done}/200 scenes" in out
    time.sleep(1.0)
    assert len(pictures(tmp_path)) == done  # nobody goes on in the background
    assert render(tmp_path, fake_scenes.fine, count=done + 2) == 0
    assert len(calls(tmp_path)) == len(set(calls(tmp_path))) == done + 2


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8))))
def test_merged_ranges_hold_the_same_numbers_and_stand_apart(pairs: list[tuple[int, int]]) -> None:
    ranges = [[first, first + more] for first, more in pairs]
    found = inventory.merged(ranges)
    assert {n for a, b in found for n in range(a, b + 1)} == {
        n for a, b in ranges for n in range(a, b + 1)
    }
    assert all(a[1] + 1 < b[0] for a, b in pairwise(found))
    assert ranges == [[first, first + more] for first, more in pairs]


def test_the_pace_counts_this_run_only() -> None:
    assert progress.pace(0, 10, 5, 0) == ""
    assert progress.pace(30, 60, 60, 0) == "30.0 a minute, 2 min left"
    assert progress.pace(1, 3700, 3.0, 2) == "20.0 a minute, 3 h 05 min left, 2 skipped"
    assert progress.pace(5, 0, 10, 0) == "30.0 a minute"


def test_plain_lines_where_there_is_no_terminal() -> None:
    stream = io.StringIO()
    with progress.shown("scenes", 5, 2, stream) as tell:
        tell(3, 0)
        tell(4, 1)
    assert stream.getvalue().startswith("4/5 scenes, ")
    assert stream.getvalue().endswith("1 skipped\n")
    assert stream.getvalue().count("\n") == 1


def test_a_kind_says_how_large_its_pictures_are(tmp_path: Path) -> None:
    assert render_split(tmp_path, "test", 0, 1, make_scene=fake_scenes.fine, kind="belt") == 0
    assert paths(tmp_path, "test", 0)[0].read_text() == "0 1280"
    with pytest.raises(RefusedError, match="any, opened, belt"):
        render_split(tmp_path, "test", 1, 1, make_scene=fake_scenes.fine, kind="shelf")
