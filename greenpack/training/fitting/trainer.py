"""A segmentation trainer that can go on exactly where it was cut off.

On a CPU the network runs in bfloat16, about 1.5 times as fast where the CPU has it; the loss sees
single precision: box distances need more than 8 bits.
"""

from __future__ import annotations

import math
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import optim
from ultralytics.models.yolo.segment import SegmentationTrainer
from ultralytics.nn.tasks import SegmentationModel
from ultralytics.utils.torch_utils import strip_optimizer

from greenpack.training.whole_files import part_of, write_whole

Begun = Callable[[int], None]
Saved = Callable[[list[dict[str, Any]], float], None]
"""Told after each epoch, once it is safe on disk: all epochs so far, and the seconds they took."""


def _single(value: Any) -> Any:
    """The same nest of tensors in single precision."""
    if isinstance(value, torch.Tensor):
        return value.float() if value.is_floating_point() else value
    if isinstance(value, dict):
        return {k: _single(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_single(v) for v in value)
    return value


class Bfloat16Model(SegmentationModel):
    """The network as it is, but training passes run in bfloat16."""

    def predict(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.training or not torch.is_grad_enabled():
            return super().predict(x, *args, **kwargs)  # type: ignore[no-untyped-call]
        # With channels last nothing is reordered between layers: a quarter of the time.
        x = x.contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return _single(super().predict(x, *args, **kwargs))  # type: ignore[no-untyped-call]


def rate(spent: float, last: float) -> float:
    """The learning rate as a share of the first: falls from 1 to `last` by half a cosine.

    Args:
        spent: How much of the training is over, 0 to 1.
        last: The share at the end, 0 to 1.
    """
    return last + (1 - last) * (1 + math.cos(math.pi * min(max(spent, 0.0), 1.0))) / 2


class Trainer(SegmentationTrainer):
    """Keeps `weights/state.pt` beside `weights/last.pt` and starts from it if it is there.

    The library's own resuming goes on from averaged weights in half precision, shuffles as in the
    first epoch and counts the hours from zero. Here a resumed run is the run that was cut off:
    weights, averages, optimizer and the time spent are those of its last epoch, and what an epoch
    draws at random depends on the seed and its number alone.

    Args:
        overrides: Arguments of the library.
        begun: Told how many epochs are done already, when training starts.
        saved: Told after each epoch.
    """

    # The library fills these in as it goes.
    model: Any
    ema: Any
    optimizer: Any
    scheduler: Any
    lf: Any
    train_time_start: Any

    def __init__(self, overrides: dict[str, Any], begun: Begun, saved: Saved) -> None:
        self.tell_begun, self.tell_saved = begun, saved
        self.history: list[dict[str, Any]] = []
        self.seconds_before = 0.0
        self.batches_begun = 0
        self.asked_to_stop = False
        super().__init__(overrides=overrides)
        self.state = self.wdir / "state.pt"
        self.train_time_start = None
        for event, callback in (
            ("on_train_start", _on_train_start),
            ("on_train_epoch_start", _on_train_epoch_start),
            ("on_train_batch_start", _on_train_batch_start),
            ("on_train_epoch_end", _on_train_epoch_end),
        ):
            self.add_callback(event, callback)

    @property
    def seconds(self) -> float:
        """Time spent in training, resumed parts included."""
        begun = self.train_time_start
        return self.seconds_before if begun is None else time.time() - begun

    def spent(self) -> float:
        """How much of the training is over, 0 to 1: of its hours, else of its epochs."""
        if self.args.time:
            return self.seconds / (3600 * float(self.args.time))
        batches = max(self.batches_begun - 1, 0) / len(self.train_loader)
        return float((getattr(self, "epoch", self.start_epoch) + batches) / self.args.epochs)

    def get_model(self, *args: Any, **kwargs: Any) -> Any:
        model = super().get_model(*args, **kwargs)
        if self.device.type == "cpu":
            model.__class__ = Bfloat16Model
            model = model.to(memory_format=torch.channels_last)
        return model

    def _setup_scheduler(self) -> None:
        # By what is spent, not by epochs: how many of these fit into the hours is only guessed.
        self.lf = lambda _: rate(self.spent(), self.args.lrf)
        self.scheduler = optim.lr_scheduler.LambdaLR(self.optimizer, lr_lambda=self.lf)

    def save_model(self) -> bool:
        """Write the state, then last.pt; each appears whole or not at all."""
        self.history.append(_epoch_line(self))
        part = part_of(self.state)
        torch.save(self._state(), part)
        part.replace(self.state)
        # Whoever loads the weights needs only ultralytics.
        self.ema.ema.__class__ = SegmentationModel
        last, best = self.last, self.best
        self.last, self.best = part_of(last), part_of(best)
        try:
            super().save_model()  # type: ignore[no-untyped-call]
        finally:
            self.last, self.best = last, best
        part_of(best).unlink(missing_ok=True)  # without figures every epoch counts as the best
        part_of(last).replace(last)
        self.tell_saved(self.history, self.seconds)
        return True

    def _state(self) -> dict[str, Any]:
        return {
            "epoch": self.epoch,
            "seconds": self.seconds,
            "history": self.history,
            "results": self.csv.read_text("utf-8") if self.csv.exists() else "",
            "model": self.model.state_dict(),
            "averages": self.ema.ema.state_dict(),
            "updates": self.ema.updates,
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
        }

    def resume_training(self, ckpt: Any) -> None:  # noqa: ARG002
        """Take up the state of the last epoch, if there is one."""
        if not self.state.exists():
            return
        state = torch.load(self.state, map_location="cpu", weights_only=True)
        self.model.load_state_dict(state["model"])
        self.ema.ema.load_state_dict(state["averages"])
        self.ema.updates = state["updates"]
        for kept, group in zip(
            state["optimizer"]["param_groups"], self.optimizer.param_groups, strict=True
        ):
            kept["fused"] = group.get("fused")  # belongs to the device, which may be another
        self.optimizer.load_state_dict(state["optimizer"])
        if state["scaler"]:
            self.scaler.load_state_dict(state["scaler"])
        self.start_epoch = state["epoch"] + 1
        self.seconds_before = state["seconds"]
        self.history = state["history"]
        write_whole(self.csv, state["results"].encode())

    def final_eval(self) -> None:
        """Leave the averaged weights alone in last.pt; the last epoch was validated already."""
        strip_optimizer(self.last, str(part_of(self.last)))
        part_of(self.last).replace(self.last)


def _epoch_line(trainer: Any) -> dict[str, Any]:
    losses = trainer.tloss if isinstance(trainer.tloss, dict) else {}
    return {
        "epoch": trainer.epoch + 1,
        "seconds": round(trainer.seconds, 1),
        "rate": round(float(trainer.optimizer.param_groups[0]["lr"]), 8),
        "losses": {name: round(float(value), 4) for name, value in losses.items()},
    }


def _on_train_start(trainer: Any) -> None:
    """Use OMP_NUM_THREADS threads, all cores if unset; the library would leave one core idle.

    On a machine shared with other work one thread is several times as fast as two: a thread that
    waits for its turn holds up the other at every layer.
    """
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1))
    torch.set_flush_denormal(True)
    trainer.train_time_start -= trainer.seconds_before
    trainer.tell_begun(trainer.start_epoch)


def _on_train_epoch_start(trainer: Any) -> None:
    """Draw what this epoch draws, whether or not the run was cut off before it."""
    # The library divides the time by the epochs since here; the time is that of all epochs.
    trainer.start_epoch = 0
    trainer.batches_begun = 0
    seed = int(np.random.SeedSequence([trainer.args.seed, trainer.epoch]).generate_state(1)[0])
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    trainer.train_loader.generator.manual_seed(seed)
    trainer.train_loader.reset()


def _on_train_batch_start(trainer: Any) -> None:
    trainer.batches_begun += 1
    for group in trainer.optimizer.param_groups:
        group["lr"] = group["initial_lr"] * trainer.lf(0)


def _on_train_epoch_end(trainer: Any) -> None:
    """Stop when a file named `stop` appears in the run's folder."""
    if (Path(trainer.save_dir) / "stop").exists():
        trainer.asked_to_stop = True
        trainer.stop = True
