"""Photographs a scene: Blender's light through lens and sensor, with the exact truth beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from greenpack.training.drawing.noise import Picture
from greenpack.training.pictures import blender, labels, lens, parts, postprocess, relabel, truth
from greenpack.training.scene import Scene


@dataclass(frozen=True)
class Photograph:
    """sRGB picture (rows, columns, 3), its YOLO label lines and its truth, ready for JSON."""

    picture: Picture
    label_lines: list[str]
    record: dict[str, Any]


def photograph(scene: Scene, threads: int = 1, samples: int = 2) -> Photograph:
    """Render a scene with so many Cycles samples a pixel, denoised."""
    made = parts.build(scene)
    view = replace(scene, camera=lens.pinhole(scene.camera))
    # Thin bars would wash out: labels are rendered blank and printed on afterwards.
    light, flat = blender.render(view, relabel.blank(made), threads, samples)
    light = relabel.print_on(light, flat, made, view.camera)
    light, index = lens.bend(scene.camera, light, flat)
    return Photograph(
        postprocess.develop(light, scene.finish, scene.seed),
        labels.lines(scene, made, index),
        truth.record(scene, made, index, flat),
    )
