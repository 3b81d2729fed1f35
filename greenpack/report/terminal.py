"""Tables for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table

from greenpack.audit import AuditLine
from greenpack.intake.waybill_csv import BadRow
from greenpack.reasons import REASONS
from greenpack.report.audit_summary import AuditSummary
from greenpack.rules.profile import Profile
from greenpack.rules.verdict import Verdict

_COLOURS = {
    Verdict.VIOLATION: "bold red",
    Verdict.UNDETERMINED: "yellow",
    Verdict.COMPLIANT: "green",
    Verdict.EXEMPT: "blue",
    Verdict.UNMEASURABLE: "bright_black",
}
_MOST_LISTED = 40


def console_for(as_json: bool) -> Console:
    """Where tables go: standard output, or standard error beside JSON."""
    return Console(stderr=as_json, highlight=False)


@contextmanager
def progress_on(
    console: Console, total: int | None, doing: str = "auditing"
) -> Iterator[Callable[[], None]]:
    """A progress bar on a terminal, else nothing; gives the function that moves it on."""
    if not console.is_terminal:
        yield lambda: None
        return
    with Progress(
        doing, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    ) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)


def show_photos(console: Console, lines: Sequence[AuditLine]) -> None:
    """One row a photo: verdict and the judgement in a sentence; of many, violations first."""
    table = Table(title="Photos", title_justify="left")
    table.add_column("photo", overflow="fold")
    table.add_column("waybill", overflow="fold")
    table.add_column("verdict")
    table.add_column("why", overflow="fold")
    shown = [line for line in lines if line.verdict is not None]
    if len(shown) > _MOST_LISTED:
        order = list(Verdict)
        shown.sort(key=lambda line: order.index(Verdict(line.verdict or Verdict.UNMEASURABLE)))
    for line in shown[:_MOST_LISTED]:
        verdict = Verdict(line.verdict or Verdict.UNMEASURABLE)
        table.add_row(
            escape(line.name),
            escape(line.waybill or "-"),
            _verdict(verdict),
            escape(line.explanation),
        )
    console.print(table)
    if len(shown) > _MOST_LISTED:
        console.print(f"... and {len(shown) - _MOST_LISTED} more; --json lists all of them.")


def show_summary(console: Console, summary: AuditSummary, profile: Profile) -> None:
    """The tables by verdict and by sender, why parcels stay open, and the files that failed."""
    law = "" if profile.is_law else " (not law)"
    # Not as the table's title, which is wrapped to the table's narrow width.
    console.print(f"[italic]Parcels by verdict under {profile.id} {profile.version}{law}[/italic]")
    verdicts = Table()
    verdicts.add_column("verdict")
    verdicts.add_column("parcels", justify="right")
    for verdict, count in summary.by_verdict.items():
        verdicts.add_row(_verdict(verdict), str(count))
    console.print(verdicts)
    senders = Table(title="Parcels by sender", title_justify="left")
    senders.add_column("sender", overflow="fold")
    for verdict in Verdict:
        senders.add_column(_verdict(verdict), justify="right")
    senders.add_column("parcels", justify="right")
    for row in summary.by_sender:
        unknown = "(sender unknown)" if row.attributed else "(no waybill found)"
        senders.add_row(
            escape(row.sender) if row.sender else f"[dim]{unknown}[/dim]",
            *(str(row.counts[verdict] or "") for verdict in Verdict),
            str(row.parcels),
        )
    console.print(senders)
    _show_open(console, summary)
    _show_failed(console, summary.failed)
    for line in summary.noted:
        console.print(f"[yellow]Note[/yellow] {escape(line.name)}: {escape(line.note)}")


def show_bad_rows(console: Console, name: str, rows: Sequence[BadRow]) -> None:
    """Every row of a waybill table that could not be taken, with its line number."""
    if not rows:
        return
    table = Table(title=f"Rows of {escape(name)} that were left out", title_justify="left")
    table.add_column("line", justify="right")
    table.add_column("column")
    table.add_column("problem", overflow="fold")
    for row in rows[:_MOST_LISTED]:
        table.add_row(str(row.line), escape(row.column or ""), escape(row.problem))
    console.print(table)
    if len(rows) > _MOST_LISTED:
        console.print(f"... and {len(rows) - _MOST_LISTED} more; --json lists all of them.")


def _show_open(console: Console, summary: AuditSummary) -> None:
    if not summary.by_reason:
        return
    table = Table(title="Why parcels stay open, and what helps", title_justify="left")
    table.add_column("verdict")
    table.add_column("reason")
    table.add_column("parcels", justify="right")
    table.add_column("what to do", overflow="fold")
    for verdict, reason, count in summary.by_reason:
        table.add_row(_verdict(verdict), reason, str(count), REASONS[reason].advice)
    console.print(table)


def _show_failed(console: Console, failed: Iterable[AuditLine]) -> None:
    lines = list(failed)
    if not lines:
        return
    table = Table(title="Files that gave no photo", title_justify="left")
    table.add_column("file", overflow="fold")
    table.add_column("reason")
    table.add_column("what to do", overflow="fold")
    for line in lines:
        reason = REASONS[line.reason or "unreadable"]
        detail = f" ({line.note})" if line.note else ""
        table.add_row(escape(line.name), reason.code, escape(f"{reason.advice}{detail}"))
    console.print(table)


def _verdict(verdict: Verdict) -> str:
    return f"[{_COLOURS[verdict]}]{verdict.value}[/]"
