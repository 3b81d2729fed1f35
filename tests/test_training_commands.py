"""`greenpack scenes` and `greenpack train`: messages that help, without the extra installed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from greenpack import cli
from greenpack.training.datasets import render
from greenpack.training.fitting import fit
from greenpack.training.fitting.run_record import Plan
from tests.training.tiny_set import write_set


def run(*words: object) -> Result:
    return CliRunner().invoke(cli.app, list(map(str, words)))


def test_scenes_without_blender_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenpack.training.refusals.find_spec", lambda name: None)
    result = run("scenes", tmp_path / "set", "--split", "val", "--count", 2, "--seed", 5)
    assert result.exit_code == 2
    assert "bpy is not installed. Install it with: pip install 'greenpack[train]'" in result.output


def test_scenes_hands_on_what_was_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(
        render, "render_split", lambda *given, **named: asked.extend((*given, named)) or 130
    )
    words = ["scenes", tmp_path, "--split", "val", "--count", 2, "--seed", 5, "--workers", 3]
    assert run(*words, "--scene-limit", 9).exit_code == 130
    assert asked == [tmp_path, "val", 5, 2, None, 3, 9.0, {"kind": "any"}]
    asked.clear()
    assert run(*words, "--kind", "belt", "--size", 640).exit_code == 130
    assert asked == [tmp_path, "val", 5, 2, 640, 3, 120.0, {"kind": "belt"}]
    assert run("scenes", tmp_path, "--split", "mine", "--count", 2, "--seed", 5).exit_code == 2


def test_train_hands_on_what_was_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Plan] = []
    monkeypatch.setattr(fit, "train", lambda plan: asked.append(plan) or len(asked) > 1)
    words = ["train", "--data", tmp_path, "--out", "run", "--hours", 2, "--model", "s"]
    assert run(*words).exit_code == 130  # stopped
    assert run(*words).exit_code == 0  # finished
    assert asked[0] == Plan(tmp_path, Path("run"), hours=2.0, model="s")


def test_train_refuses_with_a_message(tmp_path: Path) -> None:
    data = write_set(tmp_path / "set", train=0)
    result = run("train", "--data", data, "--out", tmp_path / "run")
    assert result.exit_code == 2
    assert "has no pictures in images/train" in result.output
    result = run("train", "--data", data, "--out", "run", "--hours", 1, "--epochs", 2)
    assert result.exit_code == 2
    assert "not both" in result.output


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(plan: Plan) -> bool:
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    monkeypatch.setattr(fit, "train", missing)
    result = run("train", "--data", tmp_path, "--out", tmp_path / "run")
    assert result.exit_code == 2
    assert "torch is not installed" in result.output
    assert "greenpack[train]" in result.output
