"""What a training run was asked and what came of it: run.json in the run's folder.

It tells how to repeat the run and lets it be resumed only as the same run. It names no host, no
user and no path, only the last part of each.
"""

from __future__ import annotations

import dataclasses
import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greenpack.training.datasets.data_hash import pictures_of, split_hash
from greenpack.training.datasets.inventory import merged, versions_in
from greenpack.training.fitting import machine
from greenpack.training.fitting.starting_weights import Start, file_hash
from greenpack.training.refusals import RefusedError
from greenpack.training.whole_files import write_whole

NAME = "run.json"
USED_SPLITS = ("train", "val")
DEFAULT_EPOCHS = 100
DEFAULT_RATE = 0.001
_ENDLESS = 100_000


@dataclass(frozen=True)
class Plan:
    """What is asked of a run.

    Attributes:
        data: Folder of the training set.
        out: Folder of the run.
        start: Weights to start from; None for random values.
        hours: Train for so long, resumed parts included; None: by epochs.
        epochs: Train for so many epochs; None: by hours, or `DEFAULT_EPOCHS` without either.
        size: Pixels along the picture's longer side in training, a multiple of 32.
        batch: Pictures a step.
        model: `n` (nano) or `s` (small).
        seed: Of everything random in training.
        rate: Learning rate at the start, above 0 to 0.1; it falls by half a cosine to a fiftieth.
        device: `auto`, `cpu`, or a GPU's number. May differ when a run is resumed.
    """

    data: Path
    out: Path
    start: Path | None = None
    hours: float | None = None
    epochs: int | None = None
    size: int = 416
    batch: int = 8
    model: str = "n"
    seed: int = 1
    rate: float = DEFAULT_RATE
    device: str = "auto"

    def __post_init__(self) -> None:
        if self.hours is not None and self.epochs is not None:
            raise RefusedError("Give --hours or --epochs, not both.")
        if self.hours is not None and not self.hours > 0:
            raise RefusedError("--hours must be above 0.")
        if self.size % 32 or self.size < 32:
            raise RefusedError(f"--size must be a multiple of 32; {self.size} is none.")
        if self.model not in ("n", "s"):
            raise RefusedError(f"--model is n or s, not {self.model!r}.")
        if not 0 < self.rate <= 0.1:
            raise RefusedError(f"--rate must be above 0 and at most 0.1; {self.rate:g} is not.")

    @property
    def epochs_at_most(self) -> int:
        """Where training ends at the latest."""
        return _ENDLESS if self.hours is not None else self.epochs or DEFAULT_EPOCHS

    @property
    def arguments(self) -> dict[str, Any]:
        """What a resumed run must be asked again."""
        return {
            "hours": self.hours,
            "epochs": None if self.hours is not None else self.epochs_at_most,
            "size": self.size,
            "batch": self.batch,
            "model": self.model,
            "seed": self.seed,
            "rate": self.rate,
        }

    @property
    def command(self) -> str:
        """The command, with the last part of each path only."""
        words = ["greenpack", "train", "--data", self.data.resolve().name]
        if self.start is not None:
            words += ["--start", self.start.name]
        words += ["--out", self.out.resolve().name]
        for name, value in self.arguments.items():
            if value is not None:
                words += [f"--{name}", str(value)]
        return shlex.join([*words, "--device", self.device])


class RunRecord:
    """run.json of one run, kept up to date as it trains."""

    def __init__(self, path: Path, content: dict[str, Any]) -> None:
        self.path = path
        self.content = content

    @property
    def finished(self) -> bool:
        """Whether the run came to its end."""
        return bool(self.content["finished"])

    def begin(self, epochs_done: int) -> None:
        """Note that training starts, anew or after so many epochs."""
        content = self.content
        known = {"machine": machine.machine(), "versions": machine.versions()}
        content["starts"].append({"after_epochs": epochs_done, **known})
        self._write()

    def follow(self, epochs: list[dict[str, Any]], seconds: float) -> None:
        """Note the epochs so far, and the hours they took."""
        self.content["epochs"] = epochs
        self.content["hours"] = round(seconds / 3600, 4)
        self._write()

    def finish(self, metrics: dict[str, float], weights: Path) -> None:
        """Note the end: the figures on the val split, and the hash of the weights."""
        self.content["finished"] = True
        self.content["val"] = metrics
        self.content["weights"] = {"name": weights.name, "sha256": file_hash(weights)}
        self._write()

    def _write(self) -> None:
        write_whole(self.path, (json.dumps(self.content, indent=2) + "\n").encode())


def new_record(plan: Plan, start: Start) -> RunRecord:
    """The record of a run that has not begun."""
    content = {
        "command": plan.command,
        "arguments": plan.arguments,
        "start": dataclasses.asdict(start),
        "data": _data(plan.data),
        "finished": False,
        "hours": 0.0,
        "starts": [],
        "epochs": [],
    }
    return RunRecord(plan.out / NAME, content)


def known_record(plan: Plan) -> RunRecord | None:
    """The record of the run in the plan's folder, or None if there is none yet.

    Raises:
        RefusedError: if that run was asked something else, or trained on other data.
    """
    path = plan.out / NAME
    if not path.exists():
        return None
    content = json.loads(path.read_text("utf-8"))
    differing = [
        f"{name} was {_told(before)}, now {_told(now)}"
        for name, before, now in _compared(content, plan)
        if before != now
    ]
    if differing:
        raise RefusedError(
            f"{plan.out} holds another run: {'; '.join(differing)}. "
            "Give its own arguments and data to go on with it, or another --out."
        )
    return RunRecord(path, content)


def _compared(content: dict[str, Any], plan: Plan) -> list[tuple[str, Any, Any]]:
    before_rates = {"rate": DEFAULT_RATE}  # what runs had before they could be asked for one
    asked = before_rates | content["arguments"]
    found = [(f"--{k}", asked.get(k), v) for k, v in plan.arguments.items()]
    now = None if plan.start is None else file_hash(plan.start)
    found.append(("the hash of --start", content["start"]["sha256"], now))
    for split in USED_SPLITS:
        before, hashed = content["data"][split], split_hash(plan.data, split)
        found.append((f"pictures in {split}", before["pictures"], hashed.pictures))
        if before["pictures"] == hashed.pictures:
            found.append((f"the hash of {split}", before["sha256"], hashed.sha256))
    return found


def _told(value: Any) -> str:
    if value is None:
        return "not given"
    return f"{value[:12]}..." if isinstance(value, str) and len(value) == 64 else str(value)


def _data(data: Path) -> dict[str, Any]:
    found: dict[str, Any] = {"name": data.resolve().name}
    for split in USED_SPLITS:
        numbers = [int(p.stem) for p in pictures_of(data, split) if p.stem.isdecimal()]
        found[split] = {
            **dataclasses.asdict(split_hash(data, split)),
            "generator": versions_in(data, split),
            "seeds": merged([[n, n] for n in numbers]),
        }
    return found
