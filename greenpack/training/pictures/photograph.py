"""Photographs a scene: Blender's light through lens and sensor, with the exact truth beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from greenpack.training.drawing.material import Part
from greenpack.training.drawing.noise import Picture
from greenpack.training.pictures import (
    blender,
    close_up,
    labels,
    lens,
    parts,
    postprocess,
    relabel,
    truth,
)
from greenpack.training.pictures.blender import Linear, Mask
from greenpack.training.pictures.hub_truth import corners
from greenpack.training.pictures.projection import project
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
    return _developed(scene, made, light, flat)


def photograph_parcel(scene: Scene, threads: int = 1, samples: int = 2) -> Photograph:
    """The same of a scene of one closed parcel: finely rendered about the parcel only, and with
    sharp print on labels that follow its faces' bulges too."""
    made = parts.build(scene)
    view = replace(scene, camera=lens.pinhole(scene.camera))
    # A marker beside it needs no more: its paper is plain, and its print is put on sharp.
    pixels = project(view.camera, corners(scene.cartons[0]))
    light, flat = close_up.render(view, relabel.blank(made, True), threads, samples, pixels)
    light = relabel.print_on(light, flat, made, view.camera, True)
    return _developed(scene, made, light, flat)


def _developed(scene: Scene, made: list[Part], light: Linear, flat: Mask) -> Photograph:
    light, index = lens.bend(scene.camera, light, flat)
    return Photograph(
        postprocess.develop(light, scene.finish, scene.seed),
        labels.lines(scene, made, index),
        truth.record(scene, made, index, flat),
    )
