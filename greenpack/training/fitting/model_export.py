"""Writes what is shipped of a model.

That is the weights in half precision without optimizer state or machine-specific paths, their
OpenVINO form, and weights.json with the hashes.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

from greenpack.training.drawing.material import LABELS
from greenpack.training.refusals import RefusedError

_KEPT_ARGUMENTS = (
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


def name_of(model_size: str) -> str:
    """The name under which a model is shipped; `model_size` is `n` or `s`."""
    return f"greenpack-seg-{model_size}"


def export(checkpoint: Path, out: Path, size: int) -> None:
    """Write the shipped files into `out`.

    Args:
        checkpoint: `weights/last.pt` of a run.
        out: Folder of the shipped files.
        size: Pixels along the picture's longer side in use.

    Raises:
        RefusedError: if `out` holds a model of another size: a folder ships one model.
    """
    import torch
    from ultralytics.models.yolo.model import YOLO
    from ultralytics.nn.tasks import SegmentationModel

    content = torch.load(checkpoint, map_location="cpu", weights_only=False)
    model = content["ema"] or content["model"]
    name = name_of(str(model.yaml.get("scale") or "n"))
    out.mkdir(parents=True, exist_ok=True)
    others = sorted(p.name for p in out.glob("greenpack-seg-*.pt") if p.name != f"{name}.pt")
    if others:
        raise RefusedError(f"{out} holds {', '.join(others)} already; a folder ships one model.")
    shipped = out / f"{name}.pt"
    # A training class belongs to this package; whoever loads the weights needs only ultralytics.
    model.__class__ = SegmentationModel
    model.criterion = None
    model.pt_path = shipped.name
    model = model.half().eval()
    for parameter in model.parameters():
        parameter.requires_grad = False
    model.names = dict(enumerate(LABELS))
    known = dict(content["train_args"])
    arguments = {k: v for k, v in known.items() if k in _KEPT_ARGUMENTS}
    arguments["imgsz"], arguments["task"] = size, "segment"
    model.args = dict(arguments)
    model.yaml.pop("yaml_file", None)
    plain = {
        "model": model,
        "epoch": -1,
        "train_args": arguments,
        **{k: content.get(k) for k in ("version", "license", "docs")},
    }
    for empty in ("ema", "optimizer", "best_fitness", "updates", "scaler"):
        plain[empty] = None
    torch.save(plain, shipped)
    folder = out / f"{name}_openvino_model"
    shutil.rmtree(folder, ignore_errors=True)
    YOLO(str(shipped)).export(format="openvino", half=True, dynamic=True, imgsz=size, device="cpu")
    _anonymise(folder, name)
    describe(out, name, size)


def _anonymise(folder: Path, name: str) -> None:
    """Take dates and paths out, so that the same weights give the same files anywhere."""
    path = folder / "metadata.yaml"
    lines = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("description:"):
            lines.append("description: GreenPack parcel segmentation")
        elif not line.startswith("date:"):
            lines.append(line)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    xml = folder / f"{name}.xml"
    text = xml.read_text("utf-8")
    xml.write_text(re.sub(r'value="[^"]*/[^"]*\.(pt|onnx|xml|yaml)"', 'value=""', text), "utf-8")


def describe(out: Path, name: str, size: int) -> None:
    """weights.json: name, size, labels and the hash of every file."""
    files = sorted(p for p in out.rglob("*") if p.suffix in (".pt", ".xml", ".bin", ".yaml"))
    hashes = {
        p.relative_to(out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
    }
    content = {
        "name": name,
        "imgsz": size,
        "labels": list(LABELS),
        "model_sha256": hashes[f"{name}.pt"],
        "files": hashes,
    }
    (out / "weights.json").write_text(json.dumps(content, indent=2) + "\n", "utf-8")
