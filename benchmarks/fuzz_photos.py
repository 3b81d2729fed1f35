"""Broken images against the decoder and the service.

    python -m benchmarks.fuzz_photos --count 10000

Each image is a sample or a small picture of each format with bytes changed, cut out, doubled, or
with its header's numbers blown up. The decoder must return a photo or a reason within ten seconds,
and one image in ten is also posted to a running service, which must answer and stay alive.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pillow_heif
from PIL import Image

from greenpack.intake.limits import Limits
from greenpack.intake.photo import decode_photo
from greenpack.reasons import GreenPackError
from tests.service.running import running, settings_in

SAMPLES = Path(__file__).parent.parent / "samples"
MOST_SECONDS = 10.0


def seeds() -> list[bytes]:
    """A small picture in each format, and one sample as it is."""
    picture = Image.open(SAMPLES / "IMG_0412.jpg").convert("RGB").resize((320, 240))
    found = [(SAMPLES / "IMG_0412.jpg").read_bytes()]
    for options in (
        {"format": "JPEG", "quality": 80},
        {"format": "JPEG", "progressive": True},
        {"format": "PNG"},
        {"format": "WEBP"},
        {"format": "WEBP", "lossless": True},
        {"format": "TIFF"},
        {"format": "TIFF", "compression": "tiff_lzw"},
    ):
        buffer = io.BytesIO()
        picture.save(buffer, **options)  # type: ignore[arg-type]
        found.append(buffer.getvalue())
    buffer = io.BytesIO()
    pillow_heif.from_pillow(picture).save(buffer, quality=60)
    return [*found, buffer.getvalue()]


def mutated(seed: bytes, draw: random.Random) -> bytes:
    """The image with one to twenty changes; the header is changed more often than the rest."""
    data = bytearray(seed)
    for _ in range(draw.choice((1, 1, 2, 5, 20))):
        end = len(data) if draw.random() < 0.5 else min(len(data), 600)
        place = draw.randrange(max(1, end))
        kind = draw.randrange(6)
        length = draw.choice((1, 2, 4, 16, 256))
        if kind == 0 and data:
            data[place % len(data)] ^= 1 << draw.randrange(8)
        elif kind == 1:
            data[place : place + length] = draw.randbytes(length)
        elif kind == 2:
            del data[place : place + length]
        elif kind == 3:
            data[place:place] = data[place : place + length] * draw.choice((1, 2, 50))
        elif kind == 4:
            data[place : place + 4] = draw.choice(
                (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\x00\x00\x00\x01")
            )
        else:
            del data[draw.randrange(len(data) + 1) :]
    return bytes(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    draw = random.Random(arguments.seed)
    originals = seeds()
    limits, zone = Limits(), ZoneInfo("Asia/Shanghai")
    outcomes: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    slowest = 0.0
    with TemporaryDirectory() as name:
        folder = Path(name)
        settings = settings_in(folder, f"sqlite:///{folder / 'a.db'}", photos_per_minute=1_000_000)
        with running(settings) as service, service.camera() as camera:
            for number in range(arguments.count):
                data = mutated(draw.choice(originals), draw)
                began = time.monotonic()
                try:
                    decode_photo("fuzz", data, limits=limits, camera_timezone=zone)
                    outcomes["photo"] += 1
                except GreenPackError as error:
                    outcomes[error.code] += 1
                slowest = max(slowest, time.monotonic() - began)
                if number % 10 == 0:
                    answer = camera.post("/v1/photos", files={"photo": ("a.jpg", data)})
                    answers[str(answer.status_code)] += 1
            alive = camera.get("/healthz").status_code == 200
    print(
        json.dumps(
            {
                "images": arguments.count,
                "decoder": dict(outcomes.most_common()),
                "slowest_seconds": round(slowest, 2),
                "service": dict(answers.most_common()),
                "service_alive": alive,
            },
            indent=2,
        )
    )
    if slowest > MOST_SECONDS or not alive or any(status[0] == "5" for status in answers):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
