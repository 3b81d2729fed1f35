"""Renders a scene with Blender's Cycles on the CPU; the only module that needs bpy.

Returns linear light and an exact mask of instance numbers. Settings after a comparison of
renderers: 4 samples
with OpenImageDenoise look like a photograph, and more samples gain nothing visible.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import bpy
import numpy as np
import numpy.typing as npt
from mathutils import Matrix

from greenpack.training.drawing.material import Material, Part
from greenpack.training.drawing.noise import Picture
from greenpack.training.pictures.projection import pose
from greenpack.training.scene import Light, Scene

Linear = npt.NDArray[np.float32]
Mask = npt.NDArray[np.uint16]

METRE = 0.001  # scenes are in mm, Blender in metres


Window = tuple[int, int, int, int]
"""Left, top, right and bottom of a part of a picture in pixels, the latter two not in it."""


def render(
    scene: Scene,
    parts: list[Part],
    threads: int = 1,
    samples: int = 4,
    window: Window | None = None,
) -> tuple[Linear, Mask]:
    """Linear RGB (height, width, 3) and instance numbers (height, width), 0 for the background.

    With a `window` only that part of the picture is rendered and returned.
    """
    # A fresh file for each scene: a picture under an old name would otherwise not be loaded again.
    bpy.ops.wm.read_factory_settings(use_empty=True)
    stage = bpy.context.scene
    looks: dict[int, bpy.types.Material] = {}  # a row of like goods shares one
    for number, part in enumerate(parts):
        if (key := id(part.material)) not in looks:
            looks[key] = _material(f"look{number}", part.material)
        _add(stage, f"part{number}", part, looks[key])
    _camera(stage, scene)
    _lights(stage, scene)
    _settings(stage, scene, threads, samples)
    size = (scene.camera.height, scene.camera.width)
    if window is not None:
        size = _narrow(stage, scene, window)
    with tempfile.TemporaryDirectory() as folder:
        _outputs(stage, folder)
        bpy.ops.render.render()
        colour = _read(next(Path(folder).glob("rgb*")), size)
        index = _read(next(Path(folder).glob("index*")), size)
    return colour, np.asarray(np.round(index[:, :, 0]), np.uint16)


def _add(stage: bpy.types.Scene, name: str, part: Part, look: bpy.types.Material) -> None:
    mesh = part.mesh
    data = bpy.data.meshes.new(name)
    corners = len(mesh.faces) * 3
    data.vertices.add(len(mesh.vertices))
    data.vertices.foreach_set("co", np.asarray(mesh.vertices * METRE, np.float32).ravel())
    data.loops.add(corners)
    data.loops.foreach_set("vertex_index", np.asarray(mesh.faces, np.int32).ravel())
    data.polygons.add(len(mesh.faces))
    data.polygons.foreach_set("loop_start", np.arange(0, corners, 3, dtype=np.int32))
    data.polygons.foreach_set("use_smooth", np.full(len(mesh.faces), mesh.smooth))
    uv = data.uv_layers.new(name="uv")
    uv.data.foreach_set("uv", np.asarray(mesh.uv * part.material.repeat, np.float32).ravel())
    data.update(calc_edges=True)
    if mesh.smooth:
        data.set_sharp_from_angle(angle=0.9)
    data.materials.append(look)
    thing = bpy.data.objects.new(name, data)
    thing.pass_index = part.instance
    stage.collection.objects.link(thing)


def _material(name: str, look: Material) -> bpy.types.Material:
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = material.node_tree
    shader = tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*look.colour, 1.0)
    shader.inputs["Roughness"].default_value = look.roughness
    shader.inputs["Metallic"].default_value = look.metal
    shader.inputs["Alpha"].default_value = 1.0 - look.clear
    if look.sheen:
        shader.inputs["Sheen Weight"].default_value = look.sheen
    if look.glow:
        shader.inputs["Emission Color"].default_value = (*look.colour, 1.0)
        shader.inputs["Emission Strength"].default_value = look.glow * 3 / np.pi
    if look.picture is not None:
        node = tree.nodes.new("ShaderNodeTexImage")
        node.image = _image(f"{name}-colour", _shares(look.picture[:, :, :3]), "sRGB")
        mix = tree.nodes.new("ShaderNodeMix")
        mix.data_type, mix.blend_type = "RGBA", "MULTIPLY"
        mix.inputs[0].default_value = 1.0
        mix.inputs[6].default_value = (*look.colour, 1.0)
        tree.links.new(node.outputs["Color"], mix.inputs[7])
        tree.links.new(mix.outputs[2], shader.inputs["Base Color"])
        if look.glow:
            tree.links.new(mix.outputs[2], shader.inputs["Emission Color"])
        if look.picture.shape[2] == 4:
            film = tree.nodes.new("ShaderNodeTexImage")
            opacity = _shares(look.picture[:, :, 3:]) * np.float32(1 - look.clear)
            film.image = _image(f"{name}-opacity", np.repeat(opacity, 3, axis=2), "Non-Color")
            tree.links.new(film.outputs["Color"], shader.inputs["Alpha"])
    if look.relief is not None:
        height = np.repeat(look.relief[:, :, None] / 8 + 0.5, 3, axis=2)
        node = tree.nodes.new("ShaderNodeTexImage")
        node.image = _image(f"{name}-relief", np.asarray(height, np.float32), "Non-Color")
        bump = tree.nodes.new("ShaderNodeBump")
        bump.inputs["Strength"].default_value = 1.0
        bump.inputs["Distance"].default_value = look.relief_mm * METRE * 8
        tree.links.new(node.outputs["Color"], bump.inputs["Height"])
        tree.links.new(bump.outputs["Normal"], shader.inputs["Normal"])
    return material


def _shares(picture: Picture) -> Linear:
    return np.asarray(picture / np.float32(255), np.float32)


def _image(name: str, values: Linear, space: str) -> bpy.types.Image:
    """A picture (rows, columns, 3) of values 0 to 1 as Blender keeps it, bottom row first."""
    height, width = values.shape[:2]
    image = bpy.data.images.new(name, width, height, float_buffer=space != "sRGB")
    image.colorspace_settings.name = space
    rgba = np.ones((height, width, 4), np.float32)
    rgba[:, :, :3] = values[::-1]
    image.pixels.foreach_set(rgba.ravel())
    image.update()
    return image


def _camera(stage: bpy.types.Scene, scene: Scene) -> None:
    data = bpy.data.cameras.new("camera")
    data.sensor_fit = "VERTICAL"
    data.angle = np.radians(scene.camera.fov)
    data.clip_start, data.clip_end = 0.01, 50
    matrix = pose(scene.camera)
    matrix[:3, 3] *= METRE
    thing = bpy.data.objects.new("camera", data)
    thing.matrix_world = Matrix(matrix.tolist())
    stage.collection.objects.link(thing)
    stage.camera = thing


def _lights(stage: bpy.types.Scene, scene: Scene) -> None:
    """Main light giving an irradiance of about 3 at the parcel, and an even sky of `ambient` times
    that."""
    light = scene.light
    world = bpy.data.worlds.new("world")
    world.use_nodes = True
    sky = world.node_tree.nodes["Background"]
    sky.inputs["Color"].default_value = (*_tone(-light.warmth * 0.6), 1)
    sky.inputs["Strength"].default_value = light.ambient * 3 / np.pi
    stage.world = world
    where = np.array([scene.camera.target_x, scene.camera.target_y, scene.camera.target_z]) * METRE
    a, e = np.radians(light.azimuth), np.radians(light.elevation)
    aim = np.array([np.cos(a) * np.cos(e), np.sin(a) * np.cos(e), np.sin(e)])
    if light.kind == "sun":
        lamp = _lamp(stage, "SUN", where + aim * 3, where, light)
        lamp.energy, lamp.angle = 3.0, 0.02
    elif light.kind == "flash":
        eye = np.array([scene.camera.x + 20, scene.camera.y + 15, scene.camera.z]) * METRE
        lamp = _lamp(stage, "POINT", eye, where, light)
        lamp.energy = 4 * np.pi**2 * 3.0 * float(((eye - where) ** 2).sum())
        lamp.shadow_soft_size = 0.006
    elif light.kind == "lamp":
        away = light.distance * METRE
        lamp = _lamp(stage, "POINT", where + aim * away, where, light)
        lamp.energy, lamp.shadow_soft_size = 4 * np.pi**2 * 3.0 * away**2, 0.035
    elif light.kind == "tubes":
        for shift in (-0.6, 0.7):
            at = np.add(where, (shift * np.cos(a), shift * np.sin(a), 2.1))
            lamp = _lamp(stage, "AREA", at, at - (0, 0, 1), light, yaw=a)
            lamp.shape, lamp.size, lamp.size_y = "RECTANGLE", 0.12, 1.3
            lamp.energy = np.pi * 2.1**2 * 1.8
    else:
        distance, size = (2.4, 1.5) if light.kind == "daylight" else (1.9, 0.4)
        lamp = _lamp(stage, "AREA", where + aim * distance, where, light)
        lamp.shape, lamp.size = "SQUARE", size
        lamp.energy = np.pi * distance**2 * 3.0


def _lamp(
    stage: bpy.types.Scene,
    kind: str,
    at: npt.NDArray[np.float64],
    aim: npt.NDArray[np.float64],
    light: Light,
    yaw: float = 0.0,
) -> bpy.types.Light:
    lamp = bpy.data.lights.new("lamp", kind)
    lamp.color = _tone(light.warmth)
    back = (at - aim) / np.linalg.norm(at - aim)
    guess = np.array([np.cos(yaw + 0.001), np.sin(yaw + 0.001), 0.0005])
    right = np.cross(np.cross(back, guess), back)
    right /= np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([right, np.cross(back, right), back], axis=1)
    matrix[:3, 3] = at
    thing = bpy.data.objects.new("lamp", lamp)
    thing.matrix_world = Matrix(matrix.tolist())
    stage.collection.objects.link(thing)
    return lamp


def _tone(warmth: float) -> tuple[float, float, float]:
    """Light colour: -1 bluish sky, 0 neutral, 1 warm bulb."""
    return (1 + 0.12 * warmth, 1.0, 1 - 0.35 * warmth if warmth > 0 else 1 - 0.2 * warmth)


def _settings(stage: bpy.types.Scene, scene: Scene, threads: int, samples: int) -> None:
    stage.render.engine = "CYCLES"
    cycles = stage.cycles
    cycles.device, cycles.samples, cycles.seed = "CPU", samples, scene.seed % 2**31
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.denoising_prefilter, cycles.denoising_quality = "FAST", "BALANCED"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 4, 3, 2
    cycles.transmission_bounces, cycles.transparent_max_bounces = 2, 10
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.use_adaptive_sampling = False
    render = stage.render
    render.threads_mode, render.threads = "FIXED", threads
    render.resolution_x, render.resolution_y = scene.camera.width, scene.camera.height
    render.resolution_percentage = 100
    layer = stage.view_layers[0]
    layer.use_pass_object_index = True
    # Clear film counts as what it is, not as what lies behind it.
    layer.pass_alpha_threshold = 0.0
    stage.view_settings.view_transform = "Standard"


def _outputs(stage: bpy.types.Scene, folder: str) -> None:
    stage.use_nodes = True
    tree = stage.node_tree
    tree.nodes.clear()
    layers = tree.nodes.new("CompositorNodeRLayers")
    for name, socket in (("rgb", "Image"), ("index", "IndexOB")):
        node = tree.nodes.new("CompositorNodeOutputFile")
        node.base_path = folder
        node.format.file_format = "OPEN_EXR"
        node.format.color_depth = "32"
        node.file_slots[0].path = name
        tree.links.new(layers.outputs[socket], node.inputs[0])


def _narrow(stage: bpy.types.Scene, scene: Scene, window: Window) -> tuple[int, int]:
    """Render a window only; its height and width."""
    left, top, right, bottom = window
    across, down = scene.camera.width, scene.camera.height
    render = stage.render
    render.use_border = render.use_crop_to_border = True
    # A quarter of a pixel on top: shares are cut off to whole pixels, and must not fall short.
    render.border_min_x, render.border_max_x = (left + 0.25) / across, (right + 0.25) / across
    render.border_min_y = (down - bottom + 0.25) / down
    render.border_max_y = (down - top + 0.25) / down
    return bottom - top, right - left


def _read(path: Path, size: tuple[int, int]) -> Linear:
    height, width = size
    image = bpy.data.images.load(str(path))
    values = np.empty(width * height * 4, np.float32)
    image.pixels.foreach_get(values)
    return values.reshape(height, width, 4)[::-1, :, :3].copy()
