"""What pins a run: the hash of its data, and the refusal of anything else in its folder."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import pytest

from greenpack.training.datasets.data_hash import split_hash
from greenpack.training.fitting.run_record import Plan, known_record, new_record
from greenpack.training.fitting.starting_weights import Start
from greenpack.training.refusals import RefusedError
from tests.training.tiny_set import write_set


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """A plan with its record written, as a run that was begun leaves it."""
    start = tmp_path / "start-weights.pt"
    start.write_bytes(b"weights")
    data = write_set(tmp_path / "pictures", train=3)
    made = Plan(data, tmp_path / "run", start, epochs=5, size=64)
    made.out.mkdir()
    begun = Start(start.name, hashlib.sha256(b"weights").hexdigest(), 417, 417)
    new_record(made, begun).begin(0)
    return made


def changed(plan: Plan, **fields: object) -> Plan:
    return dataclasses.replace(plan, **fields)  # type: ignore[arg-type]


def test_the_hash_is_that_of_the_list_of_hashes(tmp_path: Path) -> None:
    data = write_set(tmp_path, train=2)
    files = [f"images/train/{k:06d}.jpg" for k in range(2)]
    files += [f"labels/train/{k:06d}.txt" for k in range(2)]
    lines = [f"{hashlib.sha256((data / f).read_bytes()).hexdigest()}  {f}\n" for f in files]
    expected = hashlib.sha256("".join(lines).encode()).hexdigest()
    found = split_hash(data, "train")
    assert (found.pictures, found.sha256) == (2, expected)


def test_names_and_contents_decide_about_the_hash_and_nothing_else(tmp_path: Path) -> None:
    data = write_set(tmp_path)
    before = split_hash(data, "train")
    (data / "labels" / "train.cache").write_bytes(b"what training leaves behind")
    (data / "images" / "train" / "000000.jpg.part").write_bytes(b"half a picture")
    assert split_hash(data, "train") == before
    label = data / "labels" / "train" / "000001.txt"
    text = label.read_text()
    label.write_text(text.replace("1 ", "2 ", 1))
    assert split_hash(data, "train") != before
    label.write_text(text)
    assert split_hash(data, "train") == before
    picture = data / "images" / "train" / "000001.jpg"
    picture.rename(picture.with_stem("000009"))
    assert split_hash(data, "train") != before


def test_a_split_without_pictures_is_refused_with_the_way_to_get_some(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"no pictures in images/val.*greenpack scenes"):
        split_hash(write_set(tmp_path, val=0), "val")


def test_the_record_tells_what_repeats_the_run_and_no_place(plan: Plan, tmp_path: Path) -> None:
    text = (plan.out / "run.json").read_text()
    assert str(tmp_path) not in text
    content = json.loads(text)
    assert content["command"] == (
        "greenpack train --data pictures --start start-weights.pt --out run --epochs 5 --size 64 "
        "--batch 8 --model n --seed 1 --rate 0.001 --device auto"
    )
    assert content["data"]["name"] == "pictures"
    assert content["data"]["train"] == {
        "pictures": 3,
        "sha256": split_hash(plan.data, "train").sha256,
        "generator": {"9": 3},
        "seeds": [[0, 2]],
    }
    (begin,) = content["starts"]
    assert begin["machine"]["cores"] >= 1
    assert begin["machine"]["cpu"]
    assert {"torch", "ultralytics", "greenpack", "python"} <= begin["versions"].keys()
    assert content["finished"] is False


def test_the_same_run_is_known_again_on_another_device(plan: Plan) -> None:
    known = known_record(changed(plan, device="cpu"))
    assert known is not None
    assert not known.finished
    assert known_record(changed(plan, out=plan.out.parent / "other")) is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"size": 96}, "--size was 64, now 96"),
        ({"seed": 2}, "--seed was 1, now 2"),
        ({"batch": 4}, "--batch was 8, now 4"),
        ({"model": "s"}, "--model was n, now s"),
        ({"epochs": None, "hours": 2.0}, "--hours was not given, now 2.0"),
        ({"start": None}, r"the hash of --start was \w{12}\.\.\., now not given"),
    ],
)
def test_other_arguments_are_refused_by_name(
    plan: Plan, fields: dict[str, object], told: str
) -> None:
    with pytest.raises(RefusedError, match=f"holds another run: {told}"):
        known_record(changed(plan, **fields))


def test_other_data_are_refused(plan: Plan) -> None:
    assert plan.start is not None
    plan.start.write_bytes(b"other weights")
    with pytest.raises(RefusedError, match="the hash of --start was"):
        known_record(plan)
    plan.start.write_bytes(b"weights")
    label = plan.data / "labels" / "train" / "000000.txt"
    text = label.read_text()
    label.write_text("")
    with pytest.raises(RefusedError, match="the hash of train was"):
        known_record(plan)
    label.write_text(text)
    (plan.data / "images" / "val" / "000003.jpg").unlink()
    with pytest.raises(RefusedError, match="pictures in val was 2, now 1"):
        known_record(plan)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"hours": 1.0}, "not both"),
        ({"epochs": None, "hours": 0.0}, "above 0"),
        ({"size": 100}, "multiple of 32"),
        ({"model": "x"}, "n or s"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(
    plan: Plan, fields: dict[str, object], told: str
) -> None:
    with pytest.raises(RefusedError, match=told):
        changed(plan, **fields)


def test_a_run_of_before_there_were_rates_goes_on_with_the_rate_it_had(plan: Plan) -> None:
    path = plan.out / "run.json"
    content = json.loads(path.read_text())
    del content["arguments"]["rate"]
    path.write_text(json.dumps(content))
    assert known_record(plan) is not None
    with pytest.raises(RefusedError, match=r"--rate was 0\.001, now 0\.0003"):
        known_record(changed(plan, rate=0.0003))


@pytest.mark.parametrize("rate", [0.0, -1.0, 0.2, float("nan")])
def test_a_rate_that_makes_no_sense_is_refused(rate: float, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="--rate must be above 0"):
        Plan(tmp_path, tmp_path, rate=rate)
