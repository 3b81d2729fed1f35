"""The outcome of `greenpack verify`, for people and for programs."""

from __future__ import annotations

import json

from greenpack.records.database import open_database, reading
from greenpack.records.evidence import EvidenceStore
from greenpack.records.verification import verify
from greenpack.settings import Settings


def verify_records(settings: Settings, as_json: bool) -> tuple[bool, str]:
    """Verify the records and the evidence; returns whether all is well, and what to print."""
    engine = open_database(settings.database)
    with reading(engine) as session:
        report = verify(session, EvidenceStore(settings.evidence_folder))
    engine.dispose()
    ok = not report.problems
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
        f"Head of the ledger: entry {report.head.seq}, {report.head.hash}\n"
        "Keep the head elsewhere: a ledger whose last entries were cut off shows by it."
    )
    return ok, "\n".join(lines)
