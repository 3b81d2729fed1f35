"""The outcome of `greenpack verify`, for people and for programs."""

from __future__ import annotations

import json
import re
from pathlib import Path

from greenpack.records.database import open_database, reading
from greenpack.records.ledger import Head
from greenpack.records.verification import verify
from greenpack.report.case_archive import read_archive
from greenpack.report.case_check import check_case
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


def verify_case(path: Path, known: Head | None, as_json: bool) -> tuple[bool, str]:
    """Verify the zip of a case; returns whether all is well, and what to print.

    Raises:
        GreenPackError: ``not_found``, ``case_archive_unreadable``, ``case_archive_unsafe`` or
            ``case_archive_too_large``.
    """
    report = check_case(read_archive(path), known)
    ok = report.sound
    if as_json:
        return ok, json.dumps(
            {
                "ok": ok,
                "case": report.number,
                "checked": dict(report.checked),
                "problems": [{"where": where, "what": what} for where, what in report.problems],
            },
            ensure_ascii=False,
        )
    lines = [f"{where}: {what}" for where, what in report.problems]
    checked = ", ".join(f"{count} {what}" for what, count in report.checked.items())
    lines.append(f"Checked {report.number or path.name}: {checked}.")
    lines.append(f"{len(report.problems)} problem(s) found." if lines[:-1] else "No problem found.")
    if ok and report.entries:
        last = report.entries[-1]
        lines.append(
            f"Its last entry of the ledger: {last.seq}:{last.hash}\n"
            "To see that nobody wrote all of it anew, hold it against the records, or against a "
            "head that was kept elsewhere (--head)."
        )
    return ok, "\n".join(lines)


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
