"""Giving a checked vocabulary more words, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op


def widen(table: str, column: str, before: Sequence[str], after: Sequence[str]) -> None:
    """Let a column with a ``one_of`` constraint hold other words; its rows stay as they are.

    SQLite cannot change a constraint, and writing the table anew loses the other constraints, which
    nothing reflects. So its text is changed in the schema, as SQLite's documentation has it for
    changes that leave the rows alone (sqlite.org/lang_altertable.html, section 7).

    Args:
        table: the table's name.
        column: the column's name.
        before: the words so far, in the constraint's order.
        after: the words from now on; ``before`` must be among them.

    Raises:
        RuntimeError: if the constraint is not there as it should be.
    """
    name = f"ck_{table}_{column}_word"
    old, new = (f"{column} IN ({_listed(words)})" for words in (before, after))
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, new)
        return
    schema = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
        (old, new, table, old),
    ).rowcount
    # Every connection reads the schema anew once its version is another.
    connection.exec_driver_sql(f"PRAGMA schema_version = {int(schema) + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
    if changed != 1:
        raise RuntimeError(f"{name} is not what the migrations before made it")


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
