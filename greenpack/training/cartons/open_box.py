"""The meshes of opened cartons of every style but the plain one: shell, cut edges, flaps, lids."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from greenpack.training.cartons import box_inside, box_surface, tape
from greenpack.training.cartons.frames import carton_frame, flap_frame
from greenpack.training.drawing.material import Material, Part
from greenpack.training.drawing.meshes import Mesh, box, grid, join, slab, transform
from greenpack.training.drawing.noise import Floats
from greenpack.training.scene import Carton, Flap

FLUTE = 7.5
"""Length in mm of one wave of corrugated board as seen on a cut edge."""


def parts(carton: Carton, number: int) -> list[Part]:
    """Walls, floor, flaps and what is left of the tape; the inner rim is `frames.rim`."""
    frame = carton_frame(carton)
    rough = 0.45 if carton.style == "gift" else 0.75
    dents = box_surface.relief(carton)
    outside = Material(
        (1, 1, 1), box_surface.atlas(carton), roughness=rough, relief=dents, relief_mm=0.3
    )
    inside = Material(
        (1, 1, 1), box_inside.atlas(carton), roughness=rough, relief=dents, relief_mm=0.25
    )
    found = [
        Part(None, number, _shell(carton, False).moved(frame), outside),
        Part(None, number, _shell(carton, True).moved(frame), inside),
    ]
    edges = [_rims(carton).moved(frame)]
    tapes: list[Mesh] = []
    for k, flap in enumerate(carton.flaps):
        if flap.kind == "loose":
            found.append(_loose(carton, flap, number))
            continue
        hinge = frame @ flap_frame(carton, flap)
        inner, outer, cut = _flap(carton, flap, k)
        edges.append(cut.moved(hinge))
        look = Material(
            (1, 1, 1),
            box_inside.flap(carton, k),
            roughness=rough,
            # On the short lips of lids it would be stretched into crags.
            relief=dents if flap.kind in ("flap", "lid") else None,
            relief_mm=0.3,
        )
        found.append(Part(None, number, join([inner, outer]).moved(hinge), look))
        if flap.tape:
            rng = np.random.default_rng(carton.seed + 31 + k)
            tapes.append(tape.torn(rng, carton, flap, _run(carton, flap)).moved(hinge))
    found.append(Part(None, number, join(edges), _edge_look(carton)))
    tapes += [m.moved(frame) for m in _remains(carton)]
    if tapes:
        look = tape.look(carton)
        found += [Part("tape", number + 1 + k, m, look) for k, m in enumerate(tapes)]
    return found


def _run(carton: Carton, flap: Flap) -> float:
    run = carton.width if flap.side % 2 == 0 else carton.length
    return (run - 1.5) * flap.share


def _shell(carton: Carton, inside: bool) -> Mesh:
    """Outer or inner faces of the four walls, and the floor, in carton coordinates."""
    length, width, depth, wall = carton.length, carton.width, carton.depth, carton.wall
    meshes = []
    for side, cell in enumerate(box_surface.SIDES):
        run, across = (width, length) if side % 2 == 0 else (length, width)
        x = across / 2 + (0 if inside else wall)
        y = run / 2 + (0 if inside else wall)
        s, low = (-1.0, 0.0) if inside else (1.0, -wall)
        corners = np.array(
            [(x, -s * y, low), (x, s * y, low), (x, s * y, depth), (x, -s * y, depth)]
        )
        meshes.append(_in_cell(slab(corners), cell).moved(transform(yaw=90.0 * side)))
    if inside:
        half = np.array([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)]) / 2
        meshes.append(_in_cell(slab(half * (length, width, 0)), 2))
    return join(meshes)


def _in_cell(mesh: Mesh, cell: int) -> Mesh:
    uv = (np.array([cell % 3, 1 - cell // 3]) + 0.004 + 0.992 * mesh.uv) / (3, 2)
    return Mesh(mesh.vertices, mesh.faces, uv, mesh.smooth)


def _rims(carton: Carton) -> Mesh:
    """The cut edges on top of the walls; u counts flutes."""
    meshes = []
    for side in range(4):
        run, across = (
            (carton.width, carton.length) if side % 2 == 0 else (carton.length, carton.width)
        )
        x, y = across / 2, run / 2 + (carton.wall if side % 2 == 0 else 0)
        z = carton.depth
        corners = np.array(
            [(x + carton.wall, -y, z), (x + carton.wall, y, z), (x, y, z), (x, -y, z)]
        )
        strip = slab(corners).moved(transform(yaw=90.0 * side))
        meshes.append(Mesh(strip.vertices, strip.faces, strip.uv * (2 * y / FLUTE, 1)))
    return join(meshes)


def _edge_look(carton: Carton) -> Material:
    plain = carton.style in ("gift", "rollover")
    return Material((1, 1, 1), box_inside.edge(carton, fluted=not plain), roughness=0.85)


def _flap(carton: Carton, flap: Flap, k: int) -> tuple[Mesh, Mesh, Mesh]:
    """Inner face, outer face and cut edges of one flap with what hangs on it; flap coordinates."""
    rng = np.random.default_rng([carton.seed, 61, k])
    run, thick = _run(carton, flap), carton.wall * (0.5 if carton.style == "rollover" else 1.0)
    outline = _outline(rng, flap, run)
    sheets = [_panel(flap.length, run, thick, flap.bend, outline, np.eye(4))]
    if flap.kind in ("mailer", "book"):
        lip = float(carton.depth * rng.uniform(0.6, 0.95))
        if flap.kind == "mailer":
            lip = min(lip, float(rng.uniform(40, 95)))
        turn = float(rng.uniform(82, 95) if flap.kind == "book" else rng.uniform(35, 105))
        sheets.append(_panel(lip, run - 6, thick, 0, None, _fold(flap.length, 0, turn)))
        for s in (-1.0, 1.0) if flap.kind == "mailer" else ():
            ear = float(min(carton.depth * rng.uniform(0.6, 0.95), 80))
            bent = float(rng.uniform(30, 110))
            place = _ear(flap.length * 0.5, s * run / 2, s, bent)
            sheets.append(_panel(ear, flap.length * 0.8, thick, 0, None, place))
    inner, outer, cut = (join([s[i] for s in sheets]) for i in range(3))
    return inner, outer, cut


def _outline(rng: np.random.Generator, flap: Flap, run: float) -> Floats | None:
    """Length of the flap along its run where it is torn, else None."""
    if flap.torn <= 0:
        return None
    n = int(np.clip(run / 5, 20, 70))
    rough = rng.normal(0, 1, n)
    slow = np.interp(np.linspace(0, 6, n), np.arange(7), rng.uniform(0, 1, 7))
    return np.asarray(flap.length - flap.torn * np.clip(slow + 0.12 * rough, 0, 1.2), np.float64)


def _panel(
    length: float, run: float, thick: float, bend: float, outline: Floats | None, place: Floats
) -> tuple[Mesh, Mesh, Mesh]:
    """A sheet of board hinged at x = 0, curved outwards by `bend` degrees over its length."""
    columns = 2 if outline is None else len(outline)
    rows = 2 if abs(bend) < 0.5 else 12
    ys = np.linspace(-run / 2, run / 2, columns)
    reach = np.full(columns, length) if outline is None else np.maximum(outline, length * 0.15)
    s = np.linspace(0, 1, rows)[:, None] * reach[None]
    turn = np.radians(bend) * s / length
    if rows == 2:
        x, z = s, np.zeros_like(s)
    else:
        radius = length / np.radians(bend)
        x, z = np.sin(turn) * radius, -(1 - np.cos(turn)) * radius
    normal = np.stack([np.sin(turn), np.zeros_like(s), np.cos(turn)], -1)
    y = np.broadcast_to(ys, s.shape)
    middle = np.stack([x, y, z], -1)
    up, low = middle + normal * thick / 2, middle - normal * thick / 2
    u, v = (y / run + 0.5), s / length
    inner = _skin(up.transpose(1, 0, 2), 1 - u.T, (0.5 + 0.5 * v).T)
    outer = _skin(low.transpose(1, 0, 2)[::-1], 1 - u.T[::-1], (0.5 - 0.5 * v).T[::-1])
    rim = [
        _strip(low[-1], up[-1], run),
        _strip(low[:, 0], up[:, 0], length),
        _strip(up[:, -1], low[:, -1], length),
    ]
    return inner.moved(place), outer.moved(place), join(rim).moved(place)


def _skin(points: Floats, u: Floats, v: Floats) -> Mesh:
    made = grid(points, smooth=True)
    flat = np.stack([u.ravel(), v.ravel()], 1)
    return Mesh(made.vertices, made.faces, flat[made.faces], True)


def _strip(upper: Floats, lower: Floats, length: float) -> Mesh:
    made = grid(np.stack([upper, lower]))
    return Mesh(made.vertices, made.faces, made.uv * (length / FLUTE, 1))


def _fold(x: float, z: float, angle: float) -> Floats:
    """Frame of a panel folded inwards by `angle` at distance x from the hinge."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return np.array([[c, 0, -s, x], [0, 1, 0, 0], [s, 0, c, z], [0, 0, 0, 1]])


def _ear(x: float, y: float, sign: float, angle: float) -> Floats:
    """Frame of a side ear of a lid, folded inwards by `angle`."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    out, normal = np.array([0, sign * c, s]), np.array([0, -sign * s, c])
    matrix = np.eye(4)
    matrix[:3, 0], matrix[:3, 1], matrix[:3, 2] = out, np.cross(normal, out), normal
    matrix[:3, 3] = (x, y, 0)
    return matrix


def _loose(carton: Carton, flap: Flap, number: int) -> Part:
    """The lid lying face up on the ground beside the box."""
    rng = np.random.default_rng([carton.seed, 63])
    across, run = carton.width, carton.length
    if flap.side % 2 == 0:
        across, run = run, across
    grow = 2 * carton.wall + 4
    tall = float(np.clip(carton.depth * rng.uniform(0.2, 0.6), 15, 90))
    at = across / 2 + carton.wall + flap.length - (across + grow) / 2
    made = box(across + grow, run + grow, tall, 1.0)
    to_world = transform(carton.x, carton.y, carton.z, carton.yaw + 90.0 * flap.side)
    fibre = np.repeat(box_surface.grain(rng)[:, :, None] * 215, 3, axis=2)
    look = Material(carton.colour, np.asarray(np.clip(fibre, 0, 255), np.uint8), roughness=0.5)
    return Part(None, number, made.moved(to_world @ transform(at, 0, 0)), look)


def _remains(carton: Carton) -> Sequence[Mesh]:
    """Tape still sticking to the end walls, and over the seam of the floor; carton coordinates."""
    if carton.tape_layout in ("", "none") or carton.tape_width <= 0:
        return []
    rng = np.random.default_rng([carton.seed, 65])
    found = []
    for side in (0, 2):
        if rng.random() < 0.3:
            continue
        drop = float(min(rng.uniform(25, 80), carton.depth * 0.7))
        ys = np.linspace(-0.5, 0.5, 12) * carton.tape_width
        ragged = carton.depth - np.abs(rng.normal(0, 2.5, 12)) * (rng.random() < 0.7)
        x = carton.length / 2 + carton.wall + 0.4
        low = np.full(12, carton.depth - drop)
        points = np.stack(
            [np.column_stack([np.full(12, x), ys, h]) for h in (low, (low + ragged) / 2, ragged)]
        )
        found.append(grid(points).moved(transform(yaw=90.0 * side)))
    if rng.random() < 0.4:
        reach = carton.length / 2 - 1
        half = carton.tape_width / 2
        found.append(
            slab(
                np.array(
                    [
                        (-reach, -half, 0.3),
                        (reach, -half, 0.3),
                        (reach, half, 0.3),
                        (-reach, half, 0.3),
                    ]
                )
            )
        )
    return found
