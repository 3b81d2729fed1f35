"""A segmentation trainer that computes in bfloat16 on a CPU; about 1.5 times as fast where the CPU
has it.

Only the network runs in bfloat16. The loss sees single precision: box distances need more than 8
bits.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import torch
from ultralytics.models.yolo.segment import SegmentationTrainer
from ultralytics.nn.tasks import SegmentationModel


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
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return _single(super().predict(x, *args, **kwargs))  # type: ignore[no-untyped-call]


class Trainer(SegmentationTrainer):
    """Uses the bfloat16 model, all cores, and logs a line per epoch to `progress.txt` in the run's
    folder."""

    def get_model(self, *args: Any, **kwargs: Any) -> Any:
        model = super().get_model(*args, **kwargs)
        model.__class__ = Bfloat16Model
        return model


def on_train_start(trainer: Any) -> None:
    """Use OMP_NUM_THREADS threads, all cores if unset; the library would leave one core idle.

    On a machine shared with other work one thread is several times as fast as two: a thread that
    waits for its turn holds up the other at every layer.
    """
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1))
    torch.set_flush_denormal(True)
    trainer.greenpack_started = time.monotonic()


def on_train_epoch_end(trainer: Any) -> None:
    """Log, and stop early when a file named `stop` appears in the run's folder."""
    losses = (
        " ".join(f"{float(v):.3f}" for v in trainer.tloss.values())
        if isinstance(trainer.tloss, dict)
        else str(trainer.tloss)
    )
    seconds = time.monotonic() - trainer.greenpack_started
    with (Path(trainer.save_dir) / "progress.txt").open("a", encoding="utf-8") as file:
        file.write(
            f"epoch {trainer.epoch + 1}/{trainer.epochs} after {seconds:.0f} s, losses {losses}\n"
        )
    if (Path(trainer.save_dir) / "stop").exists():
        trainer.stop = True
