"""Renders the public samples: `python -m greenpack.training.samples.render OUT [--only TEXT]`.

Writes the photos with capture time and orientation, manifest.csv (truth and expected verdicts) and
waybills.csv. Photos already there are kept and their truth waits in OUT/.truth until all are done,
so a
run that was cut off goes on.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from greenpack.training.samples.plan import HUBS, PLANS, SENDERS, Plan
from greenpack.training.samples.scenes import LONG, SHORT, compose, view_of

LARGEST = 290_000  # bytes

MANIFEST = (
    "photo",
    "case",
    "waybill",
    "true_area_ratio",
    "true_void_ratio",
    "camera_height_over_depth",
    "tilt_deg",
    "expected_verdict",
    "expected_reason",
)
WAYBILLS = (
    "waybill",
    "sender_code",
    "sender_name",
    "platform",
    "hub",
    "province",
    "municipality",
    "packed_on",
    "packaging",
    "parcel_length_mm",
    "parcel_width_mm",
    "parcel_height_mm",
    "item_name",
    "item_length_mm",
    "item_width_mm",
    "item_height_mm",
    "quantity",
    "goods_class",
    "photo",
)
NAMES = {
    "box_printed": "boxed product",
    "box_white": "plain boxed product",
    "box_plain": "inner carton",
    "book": "book",
    "bottle": "bottle",
    "jar": "jar",
    "tube": "tube",
    "plate": "plate",
    "bag": "garment",
    "shoe": "shoe",
}


def taken_at(plan: Plan) -> datetime:
    """Capture time in China Standard Time; the file name's own time where it has one."""
    stem = plan.file.removesuffix(".jpg").split("_")
    if len(stem) == 3 and stem[0] == "IMG":
        return datetime.strptime(f"{stem[1]}{stem[2]}+0800", "%Y%m%d%H%M%S%z")
    start = datetime.strptime("20261101080000+0800", "%Y%m%d%H%M%S%z")
    minutes = plan.seed * 337 % (19 * 24 * 6) * 10
    moment = start + timedelta(minutes=minutes)
    again = 2 if plan.file.endswith("_2.jpg") else 0
    return moment.replace(hour=8 + moment.hour % 10) + timedelta(
        minutes=again, seconds=plan.seed % 60
    )


def exif_of(plan: Plan) -> Image.Exif:
    """What a phone writes: time with its zone, orientation, focal length in 35 mm terms."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "GreenPack", "scene generator", plan.exif
    stamp = taken_at(plan).strftime("%Y:%m:%d %H:%M:%S")
    exif[0x0132] = stamp
    inner = exif.get_ifd(0x8769)
    inner[0x9003], inner[0x9011] = stamp, "+08:00"
    # Of the picture's longer side, 36 mm on film.
    tall = LONG if plan.portrait else SHORT
    inner[0xA405] = round(36 * tall / 2 / float(np.tan(np.radians(view_of(plan)) / 2)) / LONG)
    return exif


def photo_bytes(picture: np.ndarray[Any, np.dtype[np.uint8]], plan: Plan) -> bytes:
    """JPEG under the size limit, stored turned where the plan has an orientation tag."""
    turns = {1: 0, 6: 1, 3: 2, 8: 3}[plan.exif]
    image = Image.fromarray(np.ascontiguousarray(np.rot90(picture, turns)))
    for quality in range(88, 60, -3):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality, exif=exif_of(plan), optimize=True)
        if buffer.tell() <= LARGEST:
            break
    return buffer.getvalue()


def render(plan: Plan, out: Path, threads: int) -> None:
    """One photo and its truth."""
    from greenpack.training.pictures.photograph import photograph

    made = photograph(compose(plan), threads, samples=4)
    (out / ".truth").mkdir(parents=True, exist_ok=True)
    (out / ".truth" / f"{plan.file}.json").write_text(json.dumps(made.record), encoding="utf-8")
    part = out / f".{plan.file}.part"
    part.write_bytes(photo_bytes(made.picture, plan))
    part.replace(out / plan.file)


def manifest_row(plan: Plan, record: dict[str, Any]) -> dict[str, str]:
    """One line of manifest.csv."""
    row = {
        "photo": plan.file,
        "case": plan.case,
        "waybill": plan.waybill,
        "true_area_ratio": "",
        "true_void_ratio": "",
        "camera_height_over_depth": "",
        "tilt_deg": f"{record['tilt_deg']:.1f}",
        "expected_verdict": plan.verdict,
        "expected_reason": plan.reason,
    }
    if len(record["openings"]) == 1:
        opening = record["openings"][0]
        row["true_void_ratio"] = f"{opening['void_ratio']:.4f}"
        row["camera_height_over_depth"] = f"{opening['height_over_depth']:.2f}"
        if opening["whole"]:
            row["true_area_ratio"] = f"{opening['area_ratio']:.4f}"
    return row


def waybill_rows(plans: list[Plan], record: dict[str, Any]) -> list[dict[str, str]]:
    """The lines of one waybill: a line for each kind and size of goods."""
    plan = plans[0]
    code, name, platform = SENDERS[plan.sender]
    hub = list(HUBS)[plan.seed % 2]
    cartons = record["scene"]["cartons"]
    goods = cartons[0]["goods"] if cartons else []
    if plan.case == "goods_outside":
        goods = [*goods, *record["scene"]["goods"]]
    lines: dict[tuple[str, ...], int] = {}
    for good in goods:
        size = tuple(f"{round(v)}" for v in good["size"])
        lines[(good["kind"], *size)] = lines.get((good["kind"], *size), 0) + 1
    if not lines:  # a closed or empty parcel still declares something
        lines[("box_printed", "180", "120", "60")] = 1
    photos = ";".join(p.file for p in plans if p.tie == "table")
    declared = ["", "", ""]
    if plan.declared:  # outside, as a dimensioner measures it
        declared = [f"{round(v + 2 * cartons[0]['wall'])}" for v in plan.inner]
    common = [
        plan.waybill,
        code,
        name,
        platform,
        hub,
        *HUBS[hub],
        taken_at(plan).strftime("%Y-%m-%d"),
        plan.packaging,
        *declared,
    ]
    goods_class = {"D": "liquid", "G": "fragile", "B": "fragile"}.get(plan.sender, "general")
    rows = []
    for line, quantity in lines.items():
        values = [*common, NAMES[line[0]], *line[1:], str(quantity), goods_class, photos]
        rows.append(dict(zip(WAYBILLS, values, strict=True)))
    return rows


def tables(out: Path) -> None:
    """Write manifest.csv and waybills.csv from the recorded truth."""
    records = {
        p.file: json.loads((out / ".truth" / f"{p.file}.json").read_text("utf-8")) for p in PLANS
    }
    shipments: dict[str, list[Plan]] = {}
    for plan in PLANS:
        if plan.waybill:
            shipments.setdefault(plan.waybill, []).append(plan)
    _csv(out / "manifest.csv", MANIFEST, [manifest_row(p, records[p.file]) for p in PLANS])
    lines = [
        row for plans in shipments.values() for row in waybill_rows(plans, records[plans[0].file])
    ]
    _csv(out / "waybills.csv", WAYBILLS, lines)


def _csv(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Entry point of the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--only", default="", help="render only files whose name or case has this text"
    )
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for plan in PLANS:
        if not (args.out / plan.file).exists() and (
            args.only in plan.file or args.only in plan.case
        ):
            render(plan, args.out, args.threads)
    if (args.out / ".truth").exists() and all((args.out / p.file).exists() for p in PLANS):
        tables(args.out)
        shutil.rmtree(args.out / ".truth")


if __name__ == "__main__":
    main()
