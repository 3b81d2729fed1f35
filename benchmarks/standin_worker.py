"""A worker whose model reads painted colours: `python -m benchmarks.standin_worker`.

It starts in a second or two, so that it can be killed often; queue, records and files are the real
ones. ``CLOCK_OFFSET`` (seconds) sets its clock wrong. At a picture of one odd width it dies of
SIGKILL, as it would of running out of memory.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

import numpy as np
from numpy.typing import NDArray

from greenpack import stores
from greenpack.records.database import open_database
from greenpack.rules.loading import load_profile
from greenpack.service.logs import configure_logs
from greenpack.settings import Settings
from greenpack.vision.detector import Detector
from greenpack.vision.shapes import Shape
from greenpack.work.audits import CameraAudits
from greenpack.work.stopping import told_to_stop
from greenpack.work.worker import Worker
from tests.painted import WEIGHTS, PaintedDetector

CHOKING_SIDE = 1201


class Mortal(PaintedDetector):
    """Dies at pictures of one width, whatever else is in the batch."""

    def shapes_of(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Shape]]:
        if any(image.shape[1] == CHOKING_SIDE for image in images):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().shapes_of(images)


def main() -> None:
    offset = timedelta(seconds=float(os.environ.get("CLOCK_OFFSET", "0")))
    settings = Settings()
    configure_logs()
    engine = open_database(settings.database)
    detector = cast(Detector, Mortal())
    audits = CameraAudits(settings, engine, load_profile(settings.profile), WEIGHTS, detector)
    worker = Worker(
        settings,
        engine,
        stores.originals(settings),
        audits,
        clock=lambda: datetime.now(UTC) + offset,
    )
    with told_to_stop() as stop:
        worker.run(stop)


if __name__ == "__main__":
    main()
