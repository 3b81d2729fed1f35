"""Trains and exports the model.

`greenpack train` and `python -m greenpack.training.fitting.fit export`

Running the same command again after it was cut off goes on from the last epoch. A file named `stop`
in the run's folder ends it after the epoch in hand.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from greenpack.training.drawing.material import LABELS
from greenpack.training.fitting.model_export import export
from greenpack.training.fitting.run_record import (
    DEFAULT_RATE,
    Plan,
    RunRecord,
    known_record,
    new_record,
)
from greenpack.training.fitting.starting_weights import initialise
from greenpack.training.refusals import RefusedError
from greenpack.training.whole_files import write_whole

_GPU_LOADERS = 8


def train(plan: Plan) -> bool:
    """Train as planned, or go on with what is in the plan's folder.

    Args:
        plan: What to train on, from which weights, how long.

    Returns:
        Whether the run came to its end; False if it was stopped and can go on.

    Raises:
        RefusedError: if the folder holds another run, or data or weights are not there.
    """
    _stay_offline()
    plan.out.mkdir(parents=True, exist_ok=True)
    with _alone(plan.out):
        record = known_record(plan)
        if record is not None and record.finished:
            sys.stdout.write(f"{plan.out} is finished: {plan.out / 'weights' / 'last.pt'}\n")
            return True
        first = plan.out / "start.pt"
        if record is None or not first.exists():
            start = initialise(plan.start, plan.model, plan.seed, first)
            record = record or new_record(plan, start)
        try:
            return _fit(plan, record, first)
        except KeyboardInterrupt:
            sys.stderr.write("\nStopped; the same command goes on from the last epoch.\n")
            return False


def _fit(plan: Plan, record: RunRecord, first: Path) -> bool:
    from greenpack.training.fitting.trainer import Trainer

    (plan.out / "stop").unlink(missing_ok=True)
    _say(plan.out, f"start: {plan.command}")

    def saved(epochs: list[dict[str, Any]], seconds: float) -> None:
        last = epochs[-1]
        losses = " ".join(f"{name} {value:.3f}" for name, value in last["losses"].items())
        _say(plan.out, f"epoch {last['epoch']} after {seconds:.0f} s, losses {losses}")
        record.follow(epochs, seconds)

    trainer = Trainer(_arguments(plan, first), record.begin, saved)
    trainer.train()  # type: ignore[no-untyped-call]
    if trainer.asked_to_stop:
        _say(plan.out, "stopped as asked; the same command goes on")
        return False
    metrics: dict[str, Any] = trainer.metrics or {}
    figures = {name: round(float(value), 5) for name, value in metrics.items()}
    record.finish(figures, trainer.last)
    trainer.state.unlink(missing_ok=True)
    _say(plan.out, f"finished after {record.content['hours']} hours")
    return True


def _arguments(plan: Plan, first: Path) -> dict[str, Any]:
    """The library's arguments."""
    gpu = _gpu(plan.device)
    found: dict[str, Any] = {
        "model": str(first),
        "data": str(_described(plan)),
        "project": str(plan.out.resolve().parent),
        "name": plan.out.resolve().name,
        "exist_ok": True,
        "imgsz": plan.size,
        "epochs": plan.epochs_at_most,
        "batch": plan.batch,
        "nbs": plan.batch,
        "device": "cpu" if gpu is None else gpu,
        "workers": 0 if gpu is None else min(_GPU_LOADERS, os.cpu_count() or 1),
        "cache": "ram",
        "amp": False if gpu is None else "bf16",
        "val": False,
        "patience": 0,
        "plots": False,
        "seed": plan.seed,
        "optimizer": "AdamW",
        "lr0": plan.rate,
        "lrf": 0.02,
        "cos_lr": True,
        "warmup_epochs": 1.0,
        # The default, 0.1, is meant for SGD: AdamW would move every bias by that much a step, and
        # so spoil weights that are good already.
        "warmup_bias_lr": 0.0,
        # An opening is labelled where goods cover it: merged masks would cut the goods out of it.
        "overlap_mask": False,
        # Scenes have every roll already, and flips double it; mosaics would cut every opening.
        "mosaic": 0.0,
        "close_mosaic": 0,
        "degrees": 20.0,
        "flipud": 0.5,
        "fliplr": 0.5,
        "translate": 0.06,
        # Parcels on photographs fill anything from a fiftieth of the picture to all of it.
        "scale": 0.4,
        "hsv_h": 0.02,
        "hsv_s": 0.5,
        "hsv_v": 0.35,
    }
    if plan.hours is not None:
        found["time"] = plan.hours
    return found


def _gpu(device: str) -> str | None:
    """The GPU to use, or None for the CPU."""
    import torch

    if device == "cpu" or (device == "auto" and not torch.cuda.is_available()):
        return None
    number = "0" if device == "auto" else device
    if not number.isdecimal() or int(number) >= torch.cuda.device_count():
        raise RefusedError(
            f"There is no GPU {device!r}; torch finds {torch.cuda.device_count()}. "
            "--device takes auto, cpu, or a GPU's number."
        )
    return number


def _described(plan: Plan) -> Path:
    """A data.yaml of the run's own: the set may lie elsewhere than where it was rendered."""
    names = "".join(f"  {k}: {name}\n" for k, name in enumerate(LABELS))
    path = plan.out / "data.yaml"
    text = f"path: {plan.data.resolve()}\ntrain: images/train\nval: images/val\nnames:\n{names}"
    write_whole(path, text.encode())
    return path


def _say(out: Path, line: str) -> None:
    with (out / "progress.txt").open("a", encoding="utf-8") as file:
        file.write(line + "\n")


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Keep a second process out of the run's folder; the lock goes with the process."""
    try:
        import fcntl
    except ImportError:  # no such locks on this system
        yield
        return
    with (out / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefusedError(f"Another process is training in {out}.") from None
        yield


def _stay_offline() -> None:
    """Before ultralytics is imported: it would look for updates, fonts and models."""
    os.environ.update(YOLO_OFFLINE="1", YOLO_AUTOINSTALL="false")


def main() -> None:
    """Entry point of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    fit = steps.add_parser("train", help="the same as `greenpack train`")
    fit.add_argument("--data", type=Path, required=True, help="folder of the training set")
    fit.add_argument("--start", type=Path, help="weights to start from; default: random values")
    fit.add_argument("--out", type=Path, required=True, help="folder of the run")
    fit.add_argument("--hours", type=float, default=0.0, help="train for so long; 0: all epochs")
    fit.add_argument("--epochs", type=int, help="train for so many epochs, if --hours is not given")
    fit.add_argument("--size", type=int, default=416)
    fit.add_argument("--batch", type=int, default=8)
    fit.add_argument("--model", choices=("n", "s"), default="n")
    fit.add_argument("--seed", type=int, default=1)
    fit.add_argument("--rate", type=float, default=DEFAULT_RATE, help="learning rate at the start")
    fit.add_argument("--device", default="auto")
    ship = steps.add_parser("export", help="write the shipped files")
    ship.add_argument("--checkpoint", type=Path, required=True)
    ship.add_argument("--out", type=Path, required=True)
    ship.add_argument("--size", type=int, default=448)
    args = vars(parser.parse_args())
    try:
        if args.pop("step") == "export":
            _stay_offline()
            export(**args)
            return
        args["hours"] = args["hours"] or None
        args["epochs"] = None if args["hours"] else args["epochs"]
        sys.exit(0 if train(Plan(**args)) else 130)
    except RefusedError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
