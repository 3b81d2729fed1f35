"""The outcome of `greenpack verify`, for people and for programs."""

from __future__ import annotations

import json
import re

from greenpack.records.database import open_database, reading
from greenpack.records.ledger import Head
from greenpack.records.verification import verify
from greenpack.settings import Settings
from greenpack.stores import evidence


def parse_head(text: str) -> Head:
    """A ledger's head written as ``SEQ:HASH``.

    Raises:
        ValueError: if it is not written so.
    """
    match = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text.strip())
    if match is None:
        raise ValueError("write the entry's number, a colon and its 64 hexadecimal digits")
    return Head(int(match[1]), match[2])


def verify_records(settings: Settings, known: Head | None, as_json: bool) -> tuple[bool, str]:
    """Verify the records and the evidence; returns whether all is well, and what to print."""
    engine = open_database(settings.database)
    with reading(engine) as session:
        report = verify(session, evidence(settings), known)
    engine.dispose()
    ok = report.sound
    if as_json:
        return ok, json.dumps(
            {
                "ok": ok,
                "checked": dict(report.checked),
                "head": {"seq": report.head.seq, "hash": report.head.hash},
                "problems": [
                    {"where": problem.where, "what": problem.what} for problem in report.problems
                ],
            },
            ensure_ascii=False,
        )
    lines = [f"{problem.where}: {problem.what}" for problem in report.problems]
    checked = ", ".join(f"{count} {what}" for what, count in report.checked.items())
    lines.append(f"Checked: {checked}.")
    lines.append(
        f"{len(report.problems)} problem(s) found." if report.problems else "No problem found."
    )
    lines.append(
        f"Head of the ledger: {report.head.seq}:{report.head.hash}\n"
        "Keep it elsewhere, and give it to --head later: a ledger cut off or written anew shows."
    )
    return ok, "\n".join(lines)
