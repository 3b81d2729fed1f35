"""Nothing acknowledged is lost and nothing judged twice, whatever breaks.

    python -m benchmarks.service_faults --kills 200
    python -m benchmarks.service_faults --kills 50 --postgres

Cameras post all the time: some slowly, some cut off in the middle of a body, some the same photo
twice. Meanwhile service and workers are killed with SIGKILL at random; the workers' clocks jump by
up to a day at each start; with ``--postgres`` the database is killed as well. Then a disk is filled
to its last byte (needs root, for a small tmpfs). After each part the queue is worked off and every
acknowledged photo looked for: its row, its bytes, its one measurement, its one finding; and
``greenpack verify`` is asked. The workers' model is a stand-in that starts fast, and programs are
forked from one that has their imports done; all else is real.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import httpx

from benchmarks.fault_cameras import FaultCamera, Promises, new_photo, poison
from benchmarks.fault_machine import Machine, Program, faults_found
from benchmarks.private_postgres import PrivatePostgres, free_port
from greenpack.records.camera_tokens import add_camera
from greenpack.records.columns import now
from greenpack.records.database import open_database, transact
from greenpack.records.postings import retry_failed
from greenpack.settings import Settings


def cameras_for(
    settings: Settings, url: str, count: int, promises: Promises, stop: threading.Event
) -> list[FaultCamera]:
    """New cameras with tokens of their own."""
    engine = open_database(settings.database)
    names = [f"camera {time.time_ns()}-{index}" for index in range(count)]
    made = [
        transact(engine, lambda session, name=name: add_camera(session, "hub", name))
        for name in names
    ]
    engine.dispose()
    return [FaultCamera(camera.camera_id, token, url, promises, stop) for camera, token in made]


def kill_at_random(
    machine: Machine, kills: int, chance: random.Random, postgres: PrivatePostgres | None
) -> dict[str, int]:
    """Kill service and workers so often, most of them while they work; returns how often each."""
    done = {"service": 0, "worker": 0, "database": 0}
    while done["service"] + done["worker"] < kills:
        program = _victim(machine.programs, chance)
        time.sleep(chance.uniform(0, 1.0))
        machine.revive()
        if program.end(signal.SIGKILL) == -signal.SIGKILL:
            done[program.name] += 1
        if program.name == "worker":
            program.environment["CLOCK_OFFSET"] = str(chance.uniform(-86_400, 86_400))
        program.start()
        if postgres is not None and sum(done.values()) % 10 == 9:
            postgres.kill()
            time.sleep(chance.uniform(0, 3))
            postgres.start()
            done["database"] += 1
    return done


def _victim(programs: list[Program], chance: random.Random) -> Program:
    """Mostly one that has accepted or judged photos since it was started, sometimes any."""
    words = chance.choices([b"", b"ready", b"photo "], [1, 2, 7])[0]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if fitting := [one for one in programs if one.is_alive() and one.has_said(words)]:
            return chance.choice(fitting)
        time.sleep(0.05)
    return chance.choice(programs)


def part_kills(folder: Path, arguments: argparse.Namespace) -> bool:
    """Random kills under load."""
    postgres = PrivatePostgres(folder / "postgres") if arguments.postgres else None
    settings = Settings(
        data_folder=folder / "data", database_url=postgres and postgres.url, min_free_bytes=0
    )
    open_database(settings.database).dispose()
    machine = Machine(settings, free_port(), folder / "logs")
    promises, stop = Promises(), threading.Event()
    cameras = cameras_for(settings, machine.url, arguments.cameras, promises, stop)
    start = time.monotonic()
    try:
        machine.start()
        for camera in cameras:
            camera.start()
        done = kill_at_random(machine, arguments.kills, random.Random(arguments.seed), postgres)
        took = time.monotonic() - start
        print(f"killed {done} in {took:.0f} s; answers: {dict(promises.answers)}")
        stop.set()
        for camera in cameras:
            camera.join(60)
        _right_the_clocks(machine)
        print(f"queue worked off in {machine.drain():.0f} s")
        fine = _report(settings, promises)
        given_up = _retry(settings)
        if given_up:
            machine.drain()
            print(f"{given_up} photos had been given up, because workers were killed three times "
                  "while they had them; after `greenpack queue retry`:")  # fmt: skip
            fine = _report(settings, promises) and fine
        return fine
    finally:
        stop.set()
        machine.stop()
        if postgres is not None:
            postgres.kill()


def part_poison(folder: Path, arguments: argparse.Namespace) -> bool:
    """A photo that kills each worker that looks at it, among others."""
    settings = Settings(data_folder=folder / "poison", min_free_bytes=0)
    open_database(settings.database).dispose()
    machine = Machine(settings, free_port(), folder / "poison-logs")
    promises, stop = Promises(), threading.Event()
    [camera] = cameras_for(settings, machine.url, 1, promises, stop)
    chance = random.Random(arguments.seed)
    try:
        machine.start()
        with httpx.Client(base_url=machine.url, timeout=30) as client:
            for index in range(20):
                camera.insist(client, poison() if index == 3 else new_photo(chance))
        print(f"a poisoned photo among 20: queue worked off in {machine.drain():.0f} s")
        _, counts = faults_found(settings, promises)
        fine = _report(settings, promises)
        return fine and counts.get("failed postings") == 1
    finally:
        machine.stop()


def part_full_disk(folder: Path, _arguments: argparse.Namespace) -> bool:
    """A disk that is filled to the last byte, and freed again."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=96m", "greenpack-faults", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        print("full disk: left out, no right to mount a tmpfs")
        return True
    try:
        # The guard is off, so that the disk really fills; the next line has it on.
        return _fill(folder, disk, 0) and _fill(folder, disk, 24 << 20)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def _fill(folder: Path, disk: Path, guard: int) -> bool:
    settings = Settings(data_folder=disk / f"data-{guard}", min_free_bytes=guard)
    open_database(settings.database).dispose()
    machine = Machine(settings, free_port(), folder / f"disk-logs-{guard}")
    promises, stop = Promises(), threading.Event()
    ballast = disk / "ballast"
    cameras = cameras_for(settings, machine.url, 4, promises, stop)
    try:
        machine.start()
        for camera in cameras:
            camera.start()
        time.sleep(5)
        room = shutil.disk_usage(disk).free - guard
        with ballast.open("wb") as file:
            file.write(bytes(max(0, room - (3 << 20))))
        time.sleep(20)
        free = shutil.disk_usage(disk).free
        ready = machine.answer("/readyz").status_code
        answers = dict(promises.answers)
        ballast.unlink()
        time.sleep(8)
        stop.set()
        for camera in cameras:
            camera.join(60)
        print(
            f"disk of 96 MiB, service stops at {guard >> 20} MiB: {free >> 10} KiB were left, "
            f"/readyz said {ready}; answers: {answers}; "
            f"freed, queue worked off in {machine.drain():.0f} s"
        )
        return _report(settings, promises)
    finally:
        stop.set()
        machine.stop()
        shutil.rmtree(settings.data_folder, ignore_errors=True)
        ballast.unlink(missing_ok=True)


def _right_the_clocks(machine: Machine) -> None:
    for program in machine.programs[1:]:
        if program.is_alive():
            program.end(signal.SIGTERM)
        program.environment.pop("CLOCK_OFFSET", None)


def _retry(settings: Settings) -> int:
    engine = open_database(settings.database)
    count = transact(engine, lambda session: retry_failed(session, None, now()))
    engine.dispose()
    return count


def _report(settings: Settings, promises: Promises) -> bool:
    found, counts = faults_found(settings, promises)
    print("  " + ", ".join(f"{count} {what}" for what, count in counts.items()))
    for fault in found[:20]:
        print(f"  FAULT {fault}")
    print(f"  {len(found)} faults", flush=True)
    return not found


def main() -> None:
    parts = {"kills": part_kills, "poison": part_poison, "disk": part_full_disk}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--cameras", type=int, default=6)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL that dies too")
    parser.add_argument("--folder", type=Path, help="where to work; default: a temporary folder")
    parser.add_argument("--parts", nargs="*", choices=list(parts), default=list(parts))
    arguments = parser.parse_args()
    if arguments.folder is not None:
        arguments.folder.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="greenpack-faults-", dir=arguments.folder))
    # PostgreSQL runs as another user and must get there.
    os.chmod(folder, 0o755)  # noqa: PTH101
    fine = [parts[name](folder, arguments) for name in arguments.parts]
    if all(fine):
        shutil.rmtree(folder, ignore_errors=True)
    else:
        raise SystemExit(f"faults were found; logs in {folder}")


if __name__ == "__main__":
    main()
