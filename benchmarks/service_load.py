"""How many photos the service takes in, and whether all are there afterwards.

    python -m benchmarks.service_load --minutes 5

Fifty cameras post as fast as they are answered, for so many minutes; in between, in the same run,
they do the same to a bare FastAPI endpoint that writes and syncs a file and does nothing else. Then
they post one photo a second each, which is what cameras do. At the end the service is killed with
SIGKILL, and every photo it acknowledged is looked for, byte for byte.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from sqlmodel import select

from benchmarks.load_camera import Answer, LoadCamera
from greenpack.records.camera_tokens import add_camera
from greenpack.records.database import open_database, reading, transact
from greenpack.records.posting_tables import Posting
from greenpack.settings import Settings
from greenpack.stores import originals

SAMPLE = Path(__file__).parent.parent / "samples" / "IMG_0412.jpg"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/openapi.json", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("a server does not start")


def start_service(settings: Settings, log: Path) -> tuple[subprocess.Popen[bytes], int]:
    port = free_port()
    environment = {
        **os.environ,
        "GREENPACK_DATA_FOLDER": str(settings.data_folder),
        "GREENPACK_DATABASE_URL": settings.database,
        "GREENPACK_PHOTOS_PER_MINUTE": "1000000",
        "GREENPACK_MAX_BACKLOG": "100000000",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "greenpack", "serve", "--port", str(port)],
            env=environment,
            stderr=output,
        )
    wait_for(port, process)
    return process, port


def start_bare(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    port = free_port()
    folder.mkdir()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "uvicorn", "benchmarks.bare_upload:app", "--http", "h11"),
            *("--no-access-log", "--log-level", "warning", "--port", str(port)),
        ],
        env={**os.environ, "BARE_FOLDER": str(folder)},
    )
    wait_for(port, process)
    return process, port


async def together(cameras: list[LoadCamera], seconds: float, every: float = 0.0) -> list[Answer]:
    """Let all post at once; return the answers of this round."""
    before = [len(camera.answers) for camera in cameras]
    await asyncio.gather(*(camera.post_for(seconds, every) for camera in cameras))
    return [
        answer
        for camera, start in zip(cameras, before, strict=True)
        for answer in camera.answers[start:]
    ]


def cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    """Processor time that a server has used so far (Linux)."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def told(answers: list[Answer], seconds: float, cpu: float | None = None) -> dict[str, object]:
    """Rate, times and processor time of one kind of round."""
    good = sorted(answer.seconds for answer in answers if answer.status == 202)
    statuses: dict[int, int] = {}
    for answer in answers:
        statuses[answer.status] = statuses.get(answer.status, 0) + 1
    return {
        "photos": len(good),
        "per_second": round(len(good) / seconds, 1),
        "median_ms": round(1000 * statistics.median(good), 1),
        "p99_ms": round(1000 * good[int(0.99 * (len(good) - 1))], 1),
        "slowest_ms": round(1000 * good[-1], 1),
        "cpu_ms_per_photo": None if cpu is None else round(1000 * cpu / len(good), 2),
        "statuses": statuses,
    }


def missing(settings: Settings, cameras: dict[int, LoadCamera]) -> list[str]:
    """What was acknowledged and is not there, byte for byte."""
    store = originals(settings)
    lost = []
    with reading(open_database(settings.database)) as session:
        rows = session.exec(select(Posting.id, Posting.camera_id, Posting.sha256)).all()
    kept = {(camera_id, row_id): sha256 for row_id, camera_id, sha256 in rows}
    for camera_id, camera in cameras.items():
        for answer in camera.answers:
            if answer.status not in {200, 202}:
                continue
            if kept.get((camera_id, answer.id or 0)) != answer.sha256:
                lost.append(f"no row: camera {camera_id}, photo {answer.id}")
            elif hashlib.sha256(store.read(answer.sha256)).hexdigest() != answer.sha256:
                lost.append(f"other bytes: camera {camera_id}, photo {answer.id}")
    return lost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1.0, help="of load on the service")
    parser.add_argument("--cameras", type=int, default=50)
    parser.add_argument("--bytes", type=int, default=250_000, help="size of a photo")
    parser.add_argument("--folder", type=Path, help="where to work; default: a temporary folder")
    parser.add_argument("--db", help="database; default: SQLite in the folder")
    arguments = parser.parse_args()
    if arguments.folder is not None:
        arguments.folder.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="greenpack-load-", dir=arguments.folder))
    settings = Settings(data_folder=folder / "data", database_url=arguments.db)
    sample = SAMPLE.read_bytes()
    photo = sample + os.urandom(max(0, arguments.bytes - len(sample)))
    engine = open_database(settings.database)
    holders = [
        transact(engine, lambda session, n=n: add_camera(session, f"hub {n % 5}", f"camera {n}"))
        for n in range(arguments.cameras)
    ]
    engine.dispose()
    rounds = max(1, round(arguments.minutes))
    ours_seconds = 60 * arguments.minutes / rounds
    bare_seconds = ours_seconds / 3
    processes = []
    try:
        service, port = start_service(settings, folder / "service.log")
        processes.append(service)
        bare, bare_port = start_bare(folder / "bare")
        processes.append(bare)
        cameras = {
            holder.camera_id: LoadCamera(
                f"camera-{holder.camera_id}", "/v1/photos", port, token, photo
            )
            for holder, token in holders
        }
        uploads = [
            LoadCamera(f"bare-{number}", "/upload", bare_port, "", photo)
            for number in range(arguments.cameras)
        ]
        ours: list[Answer] = []
        theirs: list[Answer] = []
        began = [cpu_seconds(process) for process in processes]
        for _ in range(rounds):
            theirs += asyncio.run(together(uploads, bare_seconds))
            ours += asyncio.run(together(list(cameras.values()), ours_seconds))
            for file in (folder / "bare").iterdir():
                file.unlink()
        cpu, bare_cpu = (cpu_seconds(each) - at for each, at in zip(processes, began, strict=True))
        paced = asyncio.run(together(list(cameras.values()), 20.0, every=1.0))
        service.send_signal(signal.SIGKILL)
        service.wait()
        lost = missing(settings, cameras)
        flat_out = told(ours, rounds * ours_seconds, cpu)
        bare_told = told(theirs, rounds * bare_seconds, bare_cpu)
        result = {
            "cameras": arguments.cameras,
            "photo_bytes": len(photo),
            "service": flat_out,
            "bare": bare_told,
            "share_of_bare": round(flat_out["per_second"] / bare_told["per_second"], 2),  # type: ignore[operator]
            "one_photo_a_second_each": told(paced, 20.0),
            "acknowledged": sum(
                answer.status in {200, 202}
                for camera in cameras.values()
                for answer in camera.answers
            ),
            "lost": len(lost),
        }
        print(json.dumps(result, indent=2))
        if lost:
            raise SystemExit("\n".join(lost[:20]))
    finally:
        for process in processes:
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
