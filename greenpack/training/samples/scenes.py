"""The scene behind each public sample: goods, board, label and camera chosen until the plan is
met."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from greenpack.training.cartons.frames import carton_frame, flap_frame
from greenpack.training.filler.relief import Relief
from greenpack.training.goods import packing
from greenpack.training.pictures.projection import project
from greenpack.training.pictures.truth import corners, void_ratio, wholly_in_view
from greenpack.training.samples.plan import Plan
from greenpack.training.scene import (
    Camera,
    Carton,
    Clutter,
    Filler,
    Finish,
    Flap,
    Good,
    Label,
    Light,
    Scene,
)
from greenpack.training.scenes.framing import frame, look_at

LONG, SHORT = 1600, 1200
LABEL = (100.0, 180.0)  # mm
BARS = 26.0  # mm; tall enough to be read some degrees askew


def compose(plan: Plan) -> Scene:
    """The scene of a plan: tries seeds until footprint, void and the label's legibility fit."""
    for attempt in range(400):
        rng = np.random.default_rng([plan.seed, attempt])
        made = _carton(rng, plan)
        goods = _goods(rng, plan)
        made = replace(made, goods=goods)
        if goods:
            relief = Relief(*plan.inner)
            relief.add_goods(made)
            share = float((relief.heights > 0).mean())
            if not (
                plan.area[0] <= share <= plan.area[1]
                and plan.void[0] <= void_ratio(made) <= plan.void[1]
            ):
                continue
        elif plan.goods != "none":
            continue
        return _scene(plan, made)
    raise ValueError(f"no scene fits the plan of {plan.file}")


def _carton(rng: np.random.Generator, plan: Plan) -> Carton:
    length, width, depth = plan.inner
    plain = plan.style == "none" or plan.colour[0] < 0.5
    # No two batches of board have the same shade.
    tone = np.random.default_rng(plan.seed + 7)
    shade = tone.uniform(0.78, 1.18) * (1 + tone.normal(0, 0.03, 3))
    colour, inside = (
        [float(v) for v in np.clip(np.array(c) * shade, 0.01, 0.86)]
        for c in (plan.colour, plan.colour if plain else (0.46, 0.3, 0.165))
    )
    made = Carton(
        length,
        width,
        depth,
        4.0 if plan.style != "none" else 3.0,
        0,
        0,
        0,
        plan.case != "closed",
        (colour[0], colour[1], colour[2]),
        (inside[0], inside[1], inside[2]),
        plan.packaging != "reusable",
        tape_width=48.0,
        seed=int(rng.integers(2**31)),
    )
    if not made.opened or plan.style == "none":
        return made
    reach = width / 2 - 1
    flaps = []
    for side in range(4):
        level = plan.tie == "label" and side == 3
        angle = float(rng.uniform(91, 97) if level else rng.uniform(100, 138))
        flaps.append(Flap(side, reach, angle, side == 1 and plan.seed % 3 == 0))
    return replace(made, flaps=tuple(flaps))


def _goods(rng: np.random.Generator, plan: Plan) -> tuple[Good, ...]:
    if plan.goods == "none":
        return ()
    if plan.goods == "tight":
        return packing.tight(rng, *plan.inner, list(plan.kinds), plan.count, 1.0, (0.82, 0.96))
    return packing.loose(rng, *plan.inner, list(plan.kinds), plan.count, 0.75)


def view_of(plan: Plan) -> float:
    """Vertical field of view, degrees: a phone's main camera, held level or upright."""
    return 62.0 if plan.portrait else 48.0


def _scene(plan: Plan, made: Carton) -> Scene:
    rng = np.random.default_rng([plan.seed, 1000 + int(plan.extra.get("camera", 1))])
    width, height = (SHORT, LONG) if plan.portrait else (LONG, SHORT)
    filler = tuple(
        Filler(
            kind,
            amount,
            (k % 3 - 1) * made.length * 0.27 if len(plan.filler) > 2 else 0.0,
            0.0,
            plan.seed * 100 + k,
        )
        for k, (kind, amount) in enumerate(plan.filler)
    )
    made = replace(made, filler=filler)
    fixed = np.random.default_rng(plan.seed)
    light = Light(
        plan.light,
        float(fixed.uniform(0, 360)),
        float(fixed.uniform(42, 68)),
        plan.ambient,
        float(fixed.normal(0.1, 0.3)),
    )
    finish = Finish(
        exposure=plan.exposure + float(rng.normal(0, 0.015)) * (plan.exposure > 0.2),
        warmth=float(rng.normal(0, 0.12)),
        blur=plan.extra.get("blur", 0.12),
        motion=plan.extra.get("motion", 0.0),
        motion_angle=25.0,
        noise=plan.extra.get(
            "noise", 0.03 if plan.exposure < 0.2 else float(rng.uniform(0.004, 0.010))
        ),
        vignette=float(rng.uniform(0.08, 0.25)),
        quality=88,
    )
    camera = Camera(0, 0, 900, 0, 0, 0, 0, view_of(plan), width, height)
    scene = Scene(plan.seed, plan.floor, camera, light, finish, (made,), case=plan.case)
    if plan.case == "no_parcel":
        things = (
            Clutter("roll", -90, 30, 0, 0, 52, 5),
            Clutter("pen", 60, -60, 0, 35, 110, 6),
            Clutter("cutter", 120, 80, 0, 110, 110, 8),
        )
        looked = look_at(rng, camera, (0, 0, 0), 300, 12)
        return replace(scene, cartons=(), clutter=things, camera=looked)
    if plan.case == "closed":
        return _closed(rng, plan, scene)
    if plan.case == "two_openings":
        other = replace(
            made,
            seed=made.seed + 1,
            x=made.length * 0.25,
            y=made.width + 90.0,
            yaw=12.0,
            goods=_goods(np.random.default_rng(5), plan),
        )
        scene = replace(scene, cartons=(made, other))
    if plan.case == "goods_outside":
        near = [
            Good("box_printed", (160, 110, 70), 300, 60, 0, 20, False, 3),
            Good("bag", (230, 170, 45), 30, -265, 0, 8, False, 9),
            Good("box_white", (120, 90, 60), 285, -110, 0, 75, False, 5),
        ]
        scene = replace(scene, goods=tuple(near))
    if plan.tie == "label":
        scene = _labelled(plan, scene)
    for _ in range(500):
        camera = _camera(rng, plan, scene)
        if _fits(plan, replace(scene, camera=camera)):
            return replace(scene, camera=camera)
    raise ValueError(f"no camera fits the plan of {plan.file}")


def _labelled(plan: Plan, scene: Scene) -> Scene:
    """The waybill on the level flap, or beside a carton that has no flaps."""
    made = scene.cartons[0]
    label = Label(plan.waybill, *LABEL, "floor", made.length / 2 + 75, 0.0, 1.0, plan.seed, BARS)
    if not made.flaps:
        return replace(scene, labels=(label,))
    flap = next(f for f in made.flaps if f.side == 3)
    label = replace(label, surface="flap3", x=flap.length / 2 + 3, y=20.0, yaw=0.7)
    return replace(scene, cartons=(replace(made, labels=(label,)),))


def label_corners(scene: Scene) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """World corners (4, 3) of the first flat label, None where there is none."""
    made = scene.cartons[0] if scene.cartons else None
    frame, label = np.eye(4), scene.labels[0] if scene.labels else None
    if made is not None and made.labels and made.opened:
        label = made.labels[0]
        flap = next(f for f in made.flaps if f"flap{f.side}" == label.surface)
        frame = carton_frame(made) @ flap_frame(made, flap)
    if label is None:
        return None
    c, s = np.cos(np.radians(label.yaw)), np.sin(np.radians(label.yaw))
    half = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (label.width / 2, label.height / 2)
    flat = half @ np.array([[c, s], [-s, c]]) + (label.x, label.y)
    points = np.column_stack([flat, np.full(4, 2.0), np.ones(4)])
    return np.asarray((points @ frame.T)[:, :3], np.float64)


def _fits(plan: Plan, scene: Scene) -> bool:
    camera, made = scene.camera, scene.cartons[0]
    far = (camera.z - made.rim) / made.depth >= 2.6
    if made.opened and not far and plan.case not in ("oblique", "cut_off"):
        return False
    paper = label_corners(scene)
    if plan.case == "goods_outside":
        extra = np.array([(g.x + s * 70, g.y + s * 70, 0) for g in scene.goods for s in (-1, 1)])
        pixels = project(camera, extra)
        return bool(((pixels > 15) & (pixels < np.array([camera.width, camera.height]) - 15)).all())
    if plan.case == "two_openings":
        return all(wholly_in_view(scene, corners(scene, c)) for c in scene.cartons)
    if paper is None:
        return True
    pixels = project(camera, paper)
    inside = ((pixels > 12) & (pixels < np.array([camera.width, camera.height]) - 12)).all()
    # The long code runs along the label's height: 8 mm clear at the ends, about 160 modules.
    module = np.hypot(*(pixels[3] - pixels[0])) / LABEL[1] * (LABEL[1] - 14) / 160
    return bool(inside and module >= 2.0)


def _camera(rng: np.random.Generator, plan: Plan, scene: Scene) -> Camera:
    if plan.case == "oblique":
        return _oblique(plan, scene)
    camera = frame(rng, scene, plan.case == "cut_off", plan.tilt, plan.share)
    # People hold the phone along the carton, give or take; they do not turn it at random.
    turn = (
        float(rng.choice([0.0, 180.0]))
        + float(rng.normal(0, 1.8 if plan.tie == "label" else 7.0))
        + (90.0 if plan.portrait else 0.0)
    )
    camera = replace(camera, roll=turn)
    if plan.case in ("two_openings", "goods_outside") or (
        plan.tie == "label" and plan.style == "none"
    ):
        shift = {"two_openings": (35.0, 150.0), "goods_outside": (110.0, -60.0)}.get(
            plan.case, (75.0, 0.0)
        )
        grow = {"two_openings": 1.2, "goods_outside": 1.12}.get(plan.case, 1.0)
        rise = (camera.z - scene.cartons[0].rim) * (grow - 1)
        camera = replace(
            camera,
            x=shift[0] + float(rng.normal(0, 25)),
            y=shift[1] + float(rng.normal(0, 25)),
            z=camera.z + rise,
            target_x=shift[0],
            target_y=shift[1],
        )
    return camera


def _oblique(plan: Plan, scene: Scene) -> Camera:
    lean, away = np.radians(plan.tilt), 720.0
    rim = scene.cartons[0].rim
    return replace(
        scene.camera,
        x=60.0,
        y=-away * float(np.sin(lean)),
        z=rim + away * float(np.cos(lean)),
        target_x=0.0,
        target_y=0.0,
        target_z=rim * 0.8,
        roll=2.0,
    )


def _closed(rng: np.random.Generator, plan: Plan, scene: Scene) -> Scene:
    made = scene.cartons[0]
    label = Label(plan.waybill, *LABEL, "top", 55.0, -15.0, 91.0, plan.seed, BARS)
    scene = replace(scene, cartons=(replace(made, labels=(label,)),))
    lean, away = np.radians(plan.tilt), 760.0 if plan.tilt > 30 else 700.0
    camera = replace(
        scene.camera,
        x=float(rng.normal(0, 30)),
        y=-away * float(np.sin(lean)),
        z=made.depth + away * float(np.cos(lean)),
        target_x=10.0,
        target_y=0.0,
        target_z=made.depth * 0.7,
        roll=float(rng.normal(0, 1.5)),
    )
    return replace(scene, camera=camera)
