"""The first weights of a run: a model of our labels with what fits of another's values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greenpack.training.drawing.material import LABELS
from greenpack.training.refusals import RefusedError
from greenpack.training.whole_files import part_of

LEAST_SHARE = 0.5
"""Where less than this share of the values fits, the weights are of another kind of model."""


@dataclass(frozen=True)
class Start:
    """What a run starts from.

    Attributes:
        name: File name of the weights, or `random values`.
        sha256: Hash of that file; None for random values.
        tensors: How many tensors were taken from it.
        of: How many tensors the model has.
    """

    name: str
    sha256: str | None
    tensors: int
    of: int


def file_hash(path: Path) -> str:
    """SHA-256 of a file.

    Raises:
        RefusedError: if there is no such file.
    """
    if not path.is_file():
        raise RefusedError(f"There are no weights at {path}.")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def initialise(start: Path | None, size: str, seed: int, out: Path) -> Start:
    """Write the first weights of a run to `out`.

    Args:
        start: A checkpoint: our own (then every tensor fits), or one of a YOLOv8 of the same size
            trained on other labels, with or without masks; None for random values.
        size: `n` or `s`.
        seed: Of the values that are not taken from `start`.
        out: File to write.

    Raises:
        RefusedError: if `start` cannot be read or hardly anything of it fits.
    """
    import torch
    from ultralytics.nn.tasks import SegmentationModel

    torch.manual_seed(seed)
    config = f"yolov8{size}-seg.yaml"
    model = SegmentationModel(config, nc=len(LABELS), verbose=False)  # type: ignore[no-untyped-call]
    model.names = dict(enumerate(LABELS))
    taken = 0
    if start is not None:
        source = _read(start)
        # The library widens the class branch where the source's is wider, and matches labels by
        # name: so our own weights fit wholly, and of others all but what tells their labels apart.
        model.load(source, verbose=False)  # type: ignore[no-untyped-call]
        theirs, ours = source.state_dict(), model.state_dict()
        same = [k for k, v in theirs.items() if k in ours and torch.equal(v, ours[k])]
        share = sum(ours[k].numel() for k in same) / sum(v.numel() for v in ours.values())
        if share < LEAST_SHARE:
            raise RefusedError(
                f"Only {share:.0%} of the values of {start.name} fit a YOLOv8{size} segmentation "
                "model: is it of another size? See --model."
            )
        taken = len(same)
    content = {"model": model, "ema": None, "epoch": -1, "train_args": {"task": "segment"}}
    torch.save(content, part_of(out))
    part_of(out).replace(out)
    tensors = len(model.state_dict())
    if start is None:
        return Start("random values", None, 0, tensors)
    return Start(start.name, file_hash(start), taken, tensors)


def _read(path: Path) -> Any:
    from ultralytics.nn.tasks import load_checkpoint

    file_hash(path)
    try:
        model, _ = load_checkpoint(path)  # type: ignore[no-untyped-call]
    except Exception as error:  # whatever a broken file makes the libraries raise
        raise RefusedError(f"{path} holds no weights that can be read: {error}") from error
    return model.float()
