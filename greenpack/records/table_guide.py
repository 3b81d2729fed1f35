"""The guide to the tables, written from the comments that the columns carry."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Boolean, Column, Date, Float, Integer, Table
from sqlmodel import AutoString

from greenpack.records.columns import UtcDateTime
from greenpack.records.tables import Row

BEGIN = "<!-- tables: written by greenpack.records.table_guide.rewrite -->"
END = "<!-- end of tables -->"

_WORDS = {
    UtcDateTime: "time",
    Date: "date",
    Boolean: "true or false",
    Float: "number",
    Integer: "integer",
    AutoString: "text",
}


def markdown() -> str:
    """Every table with every column, its type and its comment, as Markdown."""
    about = {mapper.local_table: mapper.class_.__doc__ for mapper in Row._sa_registry.mappers}
    parts = []
    # By name: the order of the metadata is that of imports, which differs from program to program.
    tables: list[Table] = sorted(Row.metadata.tables.values(), key=lambda table: table.name)
    for table in tables:
        lines = "\n".join(_line(column) for column in table.columns)
        what = " ".join(str(about[table]).split())
        parts.append(
            f"### {table.name}\n\n{what}\n\n| column | type | meaning |\n|---|---|---|\n{lines}"
        )
    return "\n\n".join(parts)


def rewrite(path: Path) -> None:
    """Put the present guide into a document, between its two marks.

    Raises:
        ValueError: if the document lacks a mark.
    """
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} lacks the marks {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n\n{markdown()}\n\n{END}{after}", encoding="utf-8")


def _line(column: Column[object]) -> str:
    name = next(word for kind, word in _WORDS.items() if isinstance(column.type, kind))
    keys = [f"→ {key.column.table.name}" for key in column.foreign_keys]
    null = ["left out of the digest while NULL" if column.info.get("later") else "or NULL"]
    notes = ", ".join([name, *(null if column.nullable else []), *keys])
    return f"| `{column.name}` | {notes} | {column.comment} |"
