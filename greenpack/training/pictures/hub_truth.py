"""What is exactly known of a single parcel under a calibrated camera: camera, sizes, label,
markers."""

from __future__ import annotations

from typing import Any

import numpy as np

from greenpack.training.cartons import closed_box, mailers, markers
from greenpack.training.cartons.closed import extent
from greenpack.training.cartons.closed_parts import label_part, surface_frame
from greenpack.training.pictures.lens import distort, pinhole
from greenpack.training.pictures.projection import Floats, focal, pose, project
from greenpack.training.scene import Camera, Carton, Scene


def opencv_distortion(camera: Camera) -> list[float]:
    """OpenCV's k1, k2, p1, p2, k3 of a lens, by least squares over the picture.

    `lens` states where a point of the photograph lies in the pinhole picture; OpenCV states the
    inverse, as a polynomial. Three terms leave less than a hundredth of a pixel.
    """
    if camera.distortion == 0:
        return []
    half, f = float(np.hypot(camera.width, camera.height) / 2), focal(camera)
    bent = np.linspace(0.02, 1.02, 80) * half / f
    straight = bent * (1 + camera.distortion * (bent * f / half) ** 2)
    powers = straight[:, None] ** np.array([3, 5, 7])
    # Errors count in pixels, whatever the radius.
    k1, k2, k3 = np.linalg.lstsq(powers, bent - straight, rcond=None)[0]
    return [float(k1), float(k2), 0.0, 0.0, float(k3)]


def opencv_camera(camera: Camera) -> dict[str, Any]:
    """A camera in OpenCV's terms, against the supporting plane z = 0 of the world.

    `matrix` in pixels, the first pixel's middle at (0, 0); `distortion` as `opencv_distortion`;
    `rotation` and `translation` (mm) take world points to the camera's frame, x right, y down,
    z ahead.
    """
    f, matrix = focal(camera), pose(camera)
    # Blender looks along its -z with y up, OpenCV along its z with y down.
    rotation = np.diag([1.0, -1.0, -1.0]) @ matrix[:3, :3].T
    return {
        "matrix": [
            [f, 0.0, (camera.width - 1) / 2],
            [0.0, f, (camera.height - 1) / 2],
            [0.0, 0.0, 1.0],
        ],
        "distortion": opencv_distortion(camera),
        "rotation": rotation.tolist(),
        "translation": (-rotation @ matrix[:3, 3]).tolist(),
    }


def seen_at(camera: Camera, points: Floats) -> Floats:
    """Pixels (n, 2) of the photograph at which world points (n, 3) lie, lens and all; the first
    pixel's corner is (0, 0)."""
    return distort(camera, project(pinhole(camera), points))


def corners(carton: Carton) -> Floats:
    """The eight world corners (8, 3) of a closed parcel's cuboid, in mm; the upper four last."""
    length, width, height = extent(carton)
    flat = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (length / 2, width / 2)
    local = np.vstack([np.column_stack([flat, np.full(4, z), np.ones(4)]) for z in (0.0, height)])
    return np.asarray((local @ closed_box.placed(carton).T)[:, :3], np.float64)


def enclosing(carton: Carton) -> tuple[float, float, float]:
    """Length, width and height in mm of the upright cuboid round a used box, bulges and all."""
    if carton.style in mailers.KINDS or carton.style == "plain":
        return extent(carton)
    length, width, height = (float(v) for v in np.ptp(closed_box.body(carton).vertices, axis=0))
    return length, width, height


def hub_record(scene: Scene) -> dict[str, Any]:
    """Camera, parcel, label and markers of a scene of one closed parcel, ready for JSON.

    Of the parcel: `size_mm` outer length, width and height between its edges; `enclosing_mm` of
    the cuboid round all of it; `corners` of the former in pixels. Of each label: its size, number
    and the pixels of its paper's corners. Of each marker: its id, the side of its black square, the
    surface, and the pixels of that square's corners, clockwise from the marker's own upper left.
    """
    (carton,) = scene.cartons
    labels = []
    for label in carton.labels:
        sheet = label_part(label, surface_frame(carton, label.surface), carton, 1).mesh.vertices
        columns = 11 if len(sheet) > 4 else 2
        ring = sheet[[0, columns - 1, len(sheet) - 1, len(sheet) - columns]]
        labels.append(
            {
                "width_mm": label.width,
                "height_mm": label.height,
                "number": label.number,
                "surface": label.surface,
                "corners": seen_at(scene.camera, ring).round(3).tolist(),
            }
        )
    return {
        "camera": opencv_camera(scene.camera),
        "parcel": {
            "kind": "bag" if carton.bag else "box",
            "size_mm": list(extent(carton)),
            "enclosing_mm": list(enclosing(carton)),
            "corners": seen_at(scene.camera, corners(carton)).round(3).tolist(),
        },
        "labels": labels,
        "markers": [
            {
                "id": each.number,
                "side_mm": each.side,
                "surface": each.surface,
                "corners": seen_at(scene.camera, markers.corners(each, carton)).round(3).tolist(),
            }
            for each in scene.markers
        ],
    }
