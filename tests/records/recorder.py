"""A process that records photos one after another until it is killed."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.context import ForkProcess
from pathlib import Path

from sqlmodel import Session

from greenpack.records.database import open_database, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.waybills import import_waybills
from greenpack.rules.verdict import Verdict

from .samples import audit, full

# Starting anew would take a second each time. Close engines before: a child must not use them.
FORK = multiprocessing.get_context("fork")

RULES = ("void", "tape", "fit")


def record_all(url: str, folder: str, first: int, last: int, tell: int | None = None) -> None:
    """Record these photos, each in one transaction; tell the pipe when each is safe."""
    engine = open_database(url)
    store = EvidenceStore(Path(folder))
    for number in range(first, last + 1):
        picture = store.put(f"picture {number}".encode())

        def work(session: Session, number: int = number, picture: str = picture) -> None:
            import_waybills(session, [full(f"SF{number // 2}")])  # type: ignore[list-item]
            verdicts = dict.fromkeys(RULES, Verdict.VIOLATION)
            audit(session, f"photo {number}", verdicts, f"SF{number // 2}", evidence=picture)

        transact(engine, work)
        if tell is not None:
            os.write(tell, f"{number}\n".encode())
    engine.dispose()


class Recorder:
    """A process at work, and the pipe by which it tells how far it is."""

    def __init__(self, url: str, folder: Path, first: int, last: int) -> None:
        receive, tell = os.pipe()
        self.process: ForkProcess = FORK.Process(
            target=record_all, args=(url, str(folder), first, last, tell)
        )
        self.process.start()
        os.close(tell)
        self.told = os.fdopen(receive)

    def kill(self) -> list[int]:
        """Kill it as a power cut would; return what it had told and not been read."""
        self.process.kill()
        self.process.join()
        with self.told:
            return [int(line) for line in self.told]
