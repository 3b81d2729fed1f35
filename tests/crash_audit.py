"""Run as a program by the crash test: audits a folder with the painted detector, printing names."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from greenpack.audit import Audit
from greenpack.intake.limits import Limits
from greenpack.intake.sources import find_sources
from greenpack.records.database import open_database
from greenpack.rules.loading import load_profile
from greenpack.settings import Settings
from tests.painted import WEIGHTS, PaintedDetector


def main() -> None:
    url, data, photos = sys.argv[1:4]
    settings = Settings(data_folder=Path(data), database_url=url)
    audit = Audit(
        settings, open_database(url), load_profile("screening-50"), WEIGHTS, None, PaintedDetector
    )
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for source in find_sources([photos], limits=Limits()):
        audit.take(source)
        sys.stdout.write(f"{source.name}\n")
        sys.stdout.flush()
        time.sleep(0)


if __name__ == "__main__":
    main()
