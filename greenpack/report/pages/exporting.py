"""The button that takes a table or a chart out, as any page offers it.

Who takes something out is looked at anew when they click, and the ledger has it before the
browser does. A table is written to the disk row by row and fetched from there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import streamlit as st
from sqlalchemy import Engine

from greenpack.intake.waybill_number import masked_in, masked_number
from greenpack.language.speaking import mark, moment_text, number_text, tr, trn
from greenpack.reasons import GreenPackError
from greenpack.records.acts import record_export
from greenpack.records.database import transact
from greenpack.records.roles import Right
from greenpack.report.chart_picture import chart_png
from greenpack.report.file_handover import file_to_write
from greenpack.report.pages.handing_over import hand_over, waiting_folder
from greenpack.report.pages.records import explaining
from greenpack.report.pages.visiting import allowed, still_admitted
from greenpack.report.tables_out import Cell, Row, TableFormat, TableOut, write_table
from greenpack.report.visitor import Visitor
from greenpack.settings import Settings

_FORMATS: Final = {
    TableFormat.CSV: (mark("CSV"), mark("Text that every spreadsheet and program reads.")),
    TableFormat.XLSX: (mark("Excel"), mark("A workbook with typed columns and what it shows.")),
    TableFormat.PARQUET: (mark("Parquet"), mark("Typed columns for data tools; no row limit.")),
}
_NOT_IN_NAMES: Final = re.compile(r"[^\w.-]+", re.ASCII)


def offer_table(
    settings: Settings,
    engine: Engine,
    visitor: Visitor,
    name: str,
    heads: Sequence[str],
    rows: Callable[[], Iterable[Sequence[Cell]]],
    filters: Mapping[str, object],
    key: str,
    *,
    total: int | None = None,
    waybills: Collection[str] = (),
) -> None:
    """Draw "Export": the whole table as CSV, XLSX or Parquet; nothing where they may not.

    Args:
        settings: where files are kept until they are fetched.
        engine: the records, for the ledger.
        visitor: who looks at the page, with the scope that ``rows`` was made for.
        name: of the table, in English and small letters, for example ``senders``; in the file's
            name and in the ledger.
        heads: of the columns, in the reader's language.
        rows: gives all rows, when they are asked for; opens what it reads from itself
            (``greenpack.records.database.reading``), for the page's session is closed by then.
            Moments are aware and shown in their zone (``tables_out.in_zone``).
        filters: what the table was narrowed by, as JSON can hold it; None leaves one out.
        key: tells this button from others of the page.
        total: how many rows there will be, where that is known; for the progress bar.
        waybills: the heads whose cells hold waybill numbers or names of photo files. Only the
            ends of such numbers are told unless who exports asks for all of them.
    """
    if visitor.may(Right.EXPORT):
        offer = _Offer(settings, engine, visitor, name, heads, rows, filters, total, waybills)
        _draw_table(offer, key)


class _Offer:
    """A table as it was offered, and what writing it needs."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        visitor: Visitor,
        name: str,
        heads: Sequence[str],
        rows: Callable[[], Iterable[Sequence[Cell]]],
        filters: Mapping[str, object],
        total: int | None,
        waybills: Collection[str],
    ) -> None:
        self.settings = settings
        self.engine = engine
        self.visitor = visitor
        self.name = name
        self.heads = tuple(heads)
        self.rows = rows
        self.filters = {key: value for key, value in filters.items() if value is not None}
        self.total = total
        self.hidden = [head in waybills for head in self.heads]

    def shown_rows(self, *, whole_numbers: bool) -> Iterable[Row]:
        """The rows with waybill numbers masked, unless all of them are asked for."""
        if whole_numbers or not any(self.hidden):
            return self.rows()
        return (
            [_masked(cell) if hide else cell for cell, hide in zip(row, self.hidden, strict=True)]
            for row in self.rows()
        )

    def about(self, count_words: str) -> list[tuple[str, str]]:
        """What stands beside the table in a workbook."""
        zone = self.settings.camera_zone
        made = f"{moment_text(datetime.now(zone), zone)} ({zone.key})"
        who = self.visitor.shown_name
        return [
            (tr("Table"), self.name),
            *([(tr("Rows"), count_words)] if count_words else []),
            (tr("Made"), made),
            *([(tr("By"), who)] if who else []),
            *((str(name), str(value)) for name, value in self.filters.items()),
        ]


@st.fragment
def _draw_table(offer: _Offer, key: str) -> None:
    # A tooltip would cover the button below it, so the words stand inside.
    with st.popover(tr("Export"), icon=":material/download:", key=f"{key}_export"), explaining():
        still_admitted(offer.settings, offer.engine, Right.EXPORT)
        if offer.total is not None:
            words = trn(
                "The whole table as filtered: {count} row.",
                "The whole table as filtered: {count} rows.",
                offer.total,
            )
        else:
            words = tr("The whole table as filtered.")
        st.caption(f"{words} {tr('That you take it out is kept in the ledger.')}")
        whole = any(offer.hidden) and st.checkbox(
            tr("Whole waybill numbers"),
            help=tr(
                "A waybill's number leads to a person's address: without this the file tells "
                "only its last four characters."
            ),
            key=f"{key}_whole",
        )
        chosen = None
        with st.container(horizontal=True):
            for kind, (label, help_text) in _FORMATS.items():
                if st.button(tr(label), help=tr(help_text), key=f"{key}_{kind.value}"):
                    chosen = kind
        if chosen is not None:
            _make_table(offer, chosen, whole_numbers=bool(whole))


def _make_table(offer: _Offer, kind: TableFormat, *, whole_numbers: bool) -> None:
    """Write the file, then the ledger, then hand it over.

    Raises:
        GreenPackError: ``sign_in_ended``, ``not_allowed``, ``too_many_rows_for_xlsx``.
    """
    clicked = _who_clicked(offer.settings, offer.engine, offer.visitor)
    file_name = _file_name(offer.name, kind.value, offer.settings)
    count_words = "" if offer.total is None else number_text(offer.total)
    table = TableOut(offer.name, offer.heads, offer.about(count_words))
    bar = st.progress(0.0, text=tr("Writing the file"))

    def told(count: int) -> None:
        share = 0.0 if not offer.total else min(1.0, count / offer.total)
        bar.progress(share, text=trn("{count} row written", "{count} rows written", count))

    with file_to_write(waiting_folder(offer.settings), kind.value) as path:
        rows = offer.shown_rows(whole_numbers=whole_numbers)
        count = write_table(path, kind, table, rows, told)
        facts = {**offer.filters, "format": kind.value, "rows": count}
        if any(offer.hidden):
            facts["whole_numbers"] = whole_numbers
        _record(offer.engine, clicked, offer.name, file_name, facts)
        bar.empty()
        hand_over(path, file_name, kind.media_type)


def offer_chart(
    settings: Settings,
    engine: Engine,
    visitor: Visitor,
    name: str,
    chart: Any,
    key: str,
    *,
    title: str = "",
    words: Sequence[str] = (),
) -> None:
    """Draw "PNG": the chart as a picture at twice its size; nothing where they may not.

    Args:
        settings: where files are kept until they are fetched.
        engine: the records, for the ledger.
        visitor: who looks at the page.
        name: of the chart, in English and small letters, for the file's name and the ledger.
        chart: an altair chart.
        key: tells this button from others of the page.
        title: stands over the picture; without one the chart's own does.
        words: lines under the title: what the chart was narrowed by.
    """
    if visitor.may(Right.EXPORT):
        _draw_chart(settings, engine, visitor, name, chart, key, title, words)


@st.fragment
def _draw_chart(
    settings: Settings,
    engine: Engine,
    visitor: Visitor,
    name: str,
    chart: Any,
    key: str,
    title: str,
    words: Sequence[str],
) -> None:
    with explaining():
        still_admitted(settings, engine, Right.EXPORT)
        clicked = st.button(
            tr("PNG"),
            icon=":material/image:",
            type="tertiary",
            help=tr("The chart as a picture. That you take it out is kept in the ledger."),
            key=f"{key}_png",
        )
        if not clicked:
            return
        person = _who_clicked(settings, engine, visitor)
        file_name = _file_name(name, "png", settings)
        with st.spinner(tr("Drawing the picture")):
            picture = chart_png(chart, title, words)
        with file_to_write(waiting_folder(settings), "png") as path:
            path.write_bytes(picture)
            facts = {"format": "png", "words": list(words)}
            _record(engine, person, name, file_name, facts)
            hand_over(path, file_name, "image/png")


def _who_clicked(settings: Settings, engine: Engine, drawn_for: Visitor) -> Visitor:
    """Who takes it out: may do so now, and sees now what the page was drawn for.

    Raises:
        GreenPackError: ``sign_in_ended`` or ``not_allowed``.
    """
    clicked = allowed(settings, engine, Right.EXPORT)
    if clicked.scope != drawn_for.scope:
        raise GreenPackError("not_allowed", str(drawn_for.scope))
    return clicked


def _record(
    engine: Engine, by: Visitor, name: str, file_name: str, facts: Mapping[str, object]
) -> None:
    transact(engine, lambda session: record_export(session, by.actor, name, file_name, facts))


def _file_name(name: str, ending: str, settings: Settings) -> str:
    at = datetime.now(settings.camera_zone)
    return f"greenpack-{_NOT_IN_NAMES.sub('-', name).strip('-')}-{at:%Y%m%d-%H%M%S}.{ending}"


def _masked(cell: Cell) -> Cell:
    """A waybill's number by its end; a file's name with what may be such a number masked."""
    if not isinstance(cell, str):
        return cell
    return masked_number(cell) if cell.isalnum() and cell.isascii() else masked_in(cell)
