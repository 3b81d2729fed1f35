"""Training for real, on four tiny pictures: a run that was cut off ends as the whole run does."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from greenpack.training.drawing.material import LABELS
from greenpack.training.fitting import fit
from greenpack.training.fitting.model_export import export
from greenpack.training.fitting.run_record import Plan, RunRecord
from greenpack.training.fitting.starting_weights import initialise
from greenpack.training.fitting.trainer import rate
from greenpack.training.refusals import RefusedError
from tests.training.tiny_set import write_set

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "weights" / "greenpack-seg-n.pt"
EPOCHS = 2


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sums come out the same only if they are taken in the same order."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    yield
    # Training sets it for the process; other tests draw numbers that small.
    torch.set_flush_denormal(False)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_set(tmp_path_factory.mktemp("set"))


def plan_for(data: Path, out: Path, **fields: Any) -> Plan:
    given = {"start": SHIPPED, "epochs": EPOCHS, "size": 64, "batch": 2, "device": "cpu"} | fields
    return Plan(data=data, out=out, **given)


def record(plan: Plan) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((plan.out / "run.json").read_text())
    return content


def losses(plan: Plan) -> list[dict[str, float]]:
    return [epoch["losses"] for epoch in record(plan)["epochs"]]


def values(plan: Plan) -> dict[str, torch.Tensor]:
    content = torch.load(plan.out / "weights" / "last.pt", weights_only=False)
    found: dict[str, torch.Tensor] = content["model"].state_dict()
    return found


def results(plan: Plan) -> list[dict[str, str]]:
    with (plan.out / "results.csv").open(newline="") as file:
        return [{k: v for k, v in row.items() if k != "time"} for row in csv.DictReader(file)]


KILLED_AFTER_ONE_EPOCH = """
import os, signal, sys
from greenpack.training.fitting import fit
from greenpack.training.fitting.run_record import RunRecord
RunRecord.follow = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
fit.main()
"""


@pytest.mark.slow
def test_a_run_killed_after_an_epoch_ends_as_the_whole_run_does(data: Path, tmp_path: Path) -> None:
    whole = plan_for(data, tmp_path / "whole")
    assert fit.train(whole)
    cut = plan_for(data, tmp_path / "cut")
    words = ["--data", data, "--start", SHIPPED, "--out", cut.out, "--epochs", EPOCHS, "--size", 64]
    words += ["--batch", 2, "--device", "cpu"]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AFTER_ONE_EPOCH, "train", *map(str, words)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert not record(cut)["finished"]
    with pytest.raises(RefusedError, match="--seed was 1, now 2"):
        fit.train(plan_for(data, cut.out, seed=2))

    assert fit.train(cut)
    content = record(cut)
    assert content["finished"]
    assert [begin["after_epochs"] for begin in content["starts"]] == [0, 1]
    assert [epoch["epoch"] for epoch in content["epochs"]] == [1, 2]
    assert content["start"]["tensors"] == content["start"]["of"]
    assert losses(cut) == losses(whole)
    assert results(cut) == results(whole)
    assert len(results(cut)) == EPOCHS
    ours, theirs = values(cut), values(whole)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[k], theirs[k]) for k in ours)
    trained = torch.load(cut.out / "start.pt", weights_only=False)["model"].state_dict()
    assert any(not torch.equal(ours[k].float(), trained[k].float()) for k in ours)

    seconds = [epoch["seconds"] for epoch in content["epochs"]]
    assert seconds == sorted(seconds)
    assert not (cut.out / "weights" / "state.pt").exists()
    lines = (cut.out / "progress.txt").read_text().splitlines()
    told = [line.split(" after")[0] for line in lines if line.startswith("epoch")]
    assert told == ["epoch 1", "epoch 2"]
    before = (cut.out / "weights" / "last.pt").read_bytes()
    assert fit.train(cut)  # finished: nothing more is done
    assert (cut.out / "weights" / "last.pt").read_bytes() == before


@pytest.mark.slow
def test_hours_count_what_was_spent_before_and_a_stop_file_ends_an_epoch(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_for(data, tmp_path / "run", epochs=None, hours=1.0)
    follow = RunRecord.follow

    def ask_to_stop(self: RunRecord, *given: Any) -> None:
        follow(self, *given)
        (plan.out / "stop").touch()

    with monkeypatch.context() as patch:
        patch.setattr(RunRecord, "follow", ask_to_stop)
        assert not fit.train(plan)
    assert not record(plan)["finished"]
    early = record(plan)["epochs"]
    assert early[-1]["rate"] > 0.0009  # almost an hour is left
    file = plan.out / "weights" / "state.pt"
    state = torch.load(file, weights_only=True)
    state["seconds"] = 3599.5  # as if the hour were nearly over
    torch.save(state, file)

    assert fit.train(plan)
    content = record(plan)
    assert content["finished"]
    assert content["hours"] == pytest.approx(1.0, abs=0.01)
    assert len(early) < len(content["epochs"]) <= len(early) + 3
    assert content["epochs"][-1]["rate"] == pytest.approx(0.02 * 0.001, rel=0.01)


def test_the_rate_falls_from_one_to_its_end_and_stays() -> None:
    steps = [rate(k / 20, 0.02) for k in range(21)]
    assert steps[0] == 1
    assert steps[10] == pytest.approx(0.51)
    assert steps[-1] == pytest.approx(0.02) == pytest.approx(rate(1.4, 0.02))
    assert steps == sorted(steps, reverse=True)


def test_weights_of_another_size_or_no_weights_are_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="is it of another size"):
        fit.train(plan_for(data, tmp_path / "a", model="s"))
    with pytest.raises(RefusedError, match="There are no weights"):
        fit.train(plan_for(data, tmp_path / "b", start=tmp_path / "none.pt"))
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"PK no weights")
    with pytest.raises(RefusedError, match="no weights that can be read"):
        fit.train(plan_for(data, tmp_path / "c", start=broken))
    assert not list(tmp_path.rglob("run.json"))


def test_a_missing_gpu_is_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="There is no GPU '99'"):
        fit.train(plan_for(data, tmp_path / "run", device="99"))


def test_random_values_follow_the_seed(tmp_path: Path) -> None:
    def first(name: str, seed: int) -> dict[str, torch.Tensor]:
        start = initialise(None, "n", seed, tmp_path / name)
        assert (start.name, start.sha256, start.tensors) == ("random values", None, 0)
        model = torch.load(tmp_path / name, weights_only=False)["model"]
        assert model.names == dict(enumerate(LABELS))
        found: dict[str, torch.Tensor] = model.state_dict()
        return found

    one, same, other = first("a.pt", 1), first("b.pt", 1), first("c.pt", 2)
    assert all(torch.equal(one[k], same[k]) for k in one)
    assert not all(torch.equal(one[k], other[k]) for k in one)


def test_two_processes_do_not_train_in_one_folder(data: Path, tmp_path: Path) -> None:
    plan = plan_for(data, tmp_path / "run")
    plan.out.mkdir()
    with fit._alone(plan.out), pytest.raises(RefusedError, match="Another process"):
        fit.train(plan)


def test_a_folder_ships_one_model(tmp_path: Path) -> None:
    (tmp_path / "greenpack-seg-s.pt").touch()
    with pytest.raises(RefusedError, match=r"greenpack-seg-s\.pt already"):
        export(SHIPPED, tmp_path, 416)
    assert not (tmp_path / "greenpack-seg-n.pt").exists()
