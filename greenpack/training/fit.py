"""Trains and exports the model: `python -m greenpack.training.fit train|export ...`.

`train` starts from a given initialisation and stops after a given time, `export` writes what is
shipped: the weights in half precision
without optimizer state or machine-specific paths, their OpenVINO form, and weights.json with the
hashes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from greenpack.training.material import LABELS

NAME = "greenpack-seg-n"


def train(
    data: Path, start: Path, out: Path, hours: float, size: int, epochs: int, seed: int
) -> None:
    """Train for at most `hours`; the learning rate falls to its end whatever number of epochs fit
    in."""
    os.environ.update(YOLO_OFFLINE="1", YOLO_AUTOINSTALL="false")
    from greenpack.training.trainer import Trainer, on_train_epoch_end, on_train_start

    arguments: dict[str, Any] = {
        "model": str(start),
        "data": str(data / "data.yaml"),
        "project": str(out.parent),
        "name": out.name,
        "exist_ok": True,
        "imgsz": size,
        "epochs": epochs,
        "batch": 8,
        "nbs": 8,
        "device": "cpu",
        "workers": 0,
        "cache": "ram",
        "amp": False,
        "val": False,
        "plots": False,
        "seed": seed,
        "optimizer": "AdamW",
        "lr0": 0.001,
        "lrf": 0.02,
        "cos_lr": True,
        "warmup_epochs": 1.0,
        # An opening is labelled where goods cover it: merged masks would cut the goods out of it.
        "overlap_mask": False,
        # Scenes have every roll already, and flips double it; mosaics would cut every opening.
        "mosaic": 0.0,
        "degrees": 20.0,
        "flipud": 0.5,
        "fliplr": 0.5,
        "translate": 0.06,
        "scale": 0.25,
        "hsv_h": 0.02,
        "hsv_s": 0.5,
        "hsv_v": 0.35,
    }
    if hours > 0:
        arguments["time"] = hours
    trainer = Trainer(overrides=arguments)
    trainer.add_callback("on_train_start", on_train_start)
    trainer.add_callback("on_train_epoch_end", on_train_epoch_end)
    trainer.train()  # type: ignore[no-untyped-call]


def initialise(weights: Path, out: Path) -> None:
    """A segmentation model of our classes with all fitting tensors taken from `weights`."""
    from ultralytics.models.yolo.model import YOLO

    YOLO("yolov8n-seg.yaml").load(str(weights)).save(str(out))


def export(checkpoint: Path, out: Path, size: int) -> None:
    """Write the shipped files into `out`."""
    os.environ.update(YOLO_OFFLINE="1", YOLO_AUTOINSTALL="false")
    import torch
    from ultralytics.models.yolo.model import YOLO
    from ultralytics.nn.tasks import SegmentationModel

    out.mkdir(parents=True, exist_ok=True)
    shipped = out / f"{NAME}.pt"
    content = torch.load(checkpoint, map_location="cpu", weights_only=False)
    model = content["ema"] or content["model"]
    # The training class belongs to this module; whoever loads the weights needs only ultralytics.
    model.__class__ = SegmentationModel
    model.criterion = None
    model.pt_path = shipped.name
    model = model.half().eval()
    for parameter in model.parameters():
        parameter.requires_grad = False
    model.names = dict(enumerate(LABELS))
    keep = (
        "imgsz",
        "batch",
        "nbs",
        "optimizer",
        "lr0",
        "lrf",
        "cos_lr",
        "degrees",
        "scale",
        "overlap_mask",
        "seed",
    )
    arguments = {k: v for k, v in dict(content["train_args"]).items() if k in keep}
    arguments["imgsz"], arguments["task"] = size, "segment"
    model.args = dict(arguments)
    model.yaml.pop("yaml_file", None)
    keys = ("version", "license", "docs")
    plain = {
        "model": model,
        "epoch": -1,
        "train_args": arguments,
        **{k: content.get(k) for k in keys},
    }
    for empty in ("ema", "optimizer", "best_fitness", "updates", "scaler"):
        plain[empty] = None
    torch.save(plain, shipped)
    folder = out / f"{NAME}_openvino_model"
    shutil.rmtree(folder, ignore_errors=True)
    YOLO(str(shipped)).export(format="openvino", half=True, dynamic=True, imgsz=size, device="cpu")
    _anonymise(folder)
    describe(out, size)


def _anonymise(folder: Path) -> None:
    """Take dates and paths out of the export's metadata, so that the same weights give the same
    files."""
    path = folder / "metadata.yaml"
    lines = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("description:"):
            lines.append("description: GreenPack parcel segmentation")
        elif not line.startswith("date:"):
            lines.append(line)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    xml = folder / f"{NAME}.xml"
    text = xml.read_text("utf-8")
    xml.write_text(re.sub(r'value="[^"]*/[^"]*\.(pt|onnx|xml|yaml)"', 'value=""', text), "utf-8")


def describe(out: Path, size: int) -> None:
    """weights.json: name, size, labels and the hash of every file."""
    files = sorted(p for p in out.rglob("*") if p.suffix in (".pt", ".xml", ".bin", ".yaml"))
    hashes = {
        p.relative_to(out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
    }
    content = {
        "name": NAME,
        "imgsz": size,
        "labels": list(LABELS),
        "model_sha256": hashes[f"{NAME}.pt"],
        "files": hashes,
    }
    (out / "weights.json").write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def main() -> None:
    """Entry point of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    fit = steps.add_parser("train")
    fit.add_argument(
        "--data", type=Path, required=True, help="folder written by the dataset module"
    )
    fit.add_argument("--start", type=Path, required=True, help="weights to start from")
    fit.add_argument("--out", type=Path, required=True, help="folder of the run")
    fit.add_argument("--hours", type=float, default=0.0, help="stop after this time; 0: all epochs")
    fit.add_argument("--epochs", type=int, default=100)
    fit.add_argument("--size", type=int, default=416)
    fit.add_argument("--seed", type=int, default=1)
    ship = steps.add_parser("export")
    ship.add_argument("--checkpoint", type=Path, required=True)
    ship.add_argument("--out", type=Path, required=True)
    ship.add_argument("--size", type=int, default=448)
    args = parser.parse_args()
    if args.step == "export":
        export(args.checkpoint, args.out, args.size)
        return
    args.out.mkdir(parents=True, exist_ok=True)
    start = args.out / "start.pt"
    initialise(args.start, start)
    train(args.data, start, args.out, args.hours, args.size, args.epochs, args.seed)


if __name__ == "__main__":
    main()
