"""Whether memory stays flat over many photos: `python -m benchmarks.memory --photos 1000`.

Audits the samples again and again, each time with a pixel changed so that every photo is new, and
prints the resident memory as it goes.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from pathlib import Path

from PIL import Image

from greenpack.audit import Audit
from greenpack.intake.source import Source
from greenpack.records.database import open_database
from greenpack.rules.loading import load_profile
from greenpack.settings import Settings
from greenpack.vision.weights import load_weights


def resident() -> float:
    """Resident memory of this process in MiB (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system does not tell a process's memory in /proc")


def variant(data: bytes, step: int) -> bytes:
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    picture.putpixel((step % picture.width, step // picture.width), (255, 0, 255))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--samples", type=Path, default=Path("samples"))
    arguments = parser.parse_args()
    names = sorted(arguments.samples.glob("*.jpg"))
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_folder=Path(folder))
        audit = Audit(
            settings,
            open_database(settings.database),
            load_profile(settings.profile),
            load_weights(),
        )
        start = time.perf_counter()
        print("| photos | resident MiB | photos a second |\n|---|---|---|")
        for step in range(arguments.photos):
            name = names[step % len(names)]
            # A name of its own, so that parcels do not gather thousands of photos.
            unique = f"memory{step}.jpg"
            audit.take(Source(unique, variant(name.read_bytes(), step), None, unique))
            if step + 1 in {1, 50} or (step + 1) % (arguments.photos // 10) == 0:
                rate = (step + 1) / (time.perf_counter() - start)
                print(f"| {step + 1} | {resident():.0f} | {rate:.1f} |", flush=True)


if __name__ == "__main__":
    main()
