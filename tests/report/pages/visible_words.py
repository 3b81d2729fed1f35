"""Every word that a drawn page shows: labels, helps, options, headings, cells, charts."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pyarrow as pa
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

# What an element says to the browser and not to the person.
_SILENT = {
    "id",
    "key",
    "form_id",
    "url",
    "url_path",
    "page_script_hash",
    "script_path",
    "icon",
    "active_theme",
    "class_name",
    "element_id",
    "group_id",
    "fragment_id",
    "active_script_hash",
    "deploy_url",
    "query_string",
    "stack_trace",
    "language",
    "format",
    "file_type",
    "type",
    "accept",
    "style_id",
    "color",
    "columns",
    "tag",
    "shortcut",
    "theme",
    "step",
    "selection_default",
}
# Commands and code are the same in every language.
_CODE = {"code"}
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
_READ_OUT = re.compile(r"""\b(?:alt|title|aria-label)\s*=\s*"([^"]*)\"""")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
# The keys of a chart's description under which there are words for people.
_CHART_WORDS = {"title", "text", "description", "labelExpr"}


def visible_words(page: AppTest) -> Iterator[str]:
    """Each piece of text on a page that was drawn, in no certain order."""
    yield from _in_node(page._tree)


def _in_node(node: Any) -> Iterator[str]:
    proto = getattr(node, "proto", None)
    if isinstance(proto, Message) and getattr(node, "type", "") not in _CODE:
        if getattr(node, "type", "") == "html":
            yield from _in_html(proto.body)
        else:
            yield from _in_message(proto)
    for child in getattr(node, "children", {}).values():
        yield from _in_node(child)


def _in_message(message: Message, *, is_chart: bool = False) -> Iterator[str]:
    is_chart = is_chart or message.DESCRIPTOR.name == "VegaLiteChart"
    for field, value in message.ListFields():
        name = field.name
        if name == "columns" and isinstance(value, str):
            yield from _in_column_config(value)
        elif name in _SILENT or (name == "name" and message.DESCRIPTOR.name == "ArrowNamedDataSet"):
            continue
        elif name == "spec" and is_chart:
            yield from _in_chart(json.loads(value))
        elif name == "body" and message.DESCRIPTOR.name == "Markdown" and message.allow_html:  # type: ignore[attr-defined]
            yield from _in_html(value)
        elif field.message_type is not None:
            many = value if field.is_repeated else [value]
            for one in many:
                if isinstance(one, Message):
                    yield from _in_message(one, is_chart=is_chart)
        elif name == "data" and field.type == field.TYPE_BYTES:
            yield from _in_table(value, headings=not is_chart)
        elif field.type == field.TYPE_STRING:
            for text in value if field.is_repeated else [value]:
                yield _LINK.sub(r"\1", text).replace("\\", "")


def _in_html(body: str) -> Iterator[str]:
    yield from _READ_OUT.findall(body)
    for text in _TAGS.split(body):
        if text and text.strip() and text not in {"script", "style"}:
            yield html.unescape(text)


def _in_column_config(text: str) -> Iterator[str]:
    for column in json.loads(text or "{}").values():
        for name in ("label", "help"):
            if column and column.get(name):
                yield column[name]


def _in_table(data: bytes, *, headings: bool) -> Iterator[str]:
    if not data:
        return
    table = pa.ipc.open_stream(BytesIO(data)).read_all()
    for name, column in zip(table.column_names, table.columns, strict=True):
        if headings and not name.startswith("__index"):
            yield name
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            yield from (text for text in column.to_pylist() if text)
        elif pa.types.is_list(column.type) and pa.types.is_string(column.type.value_type):
            yield from (text for row in column.to_pylist() for text in row or ())


def _in_chart(part: Any, key: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from _in_chart(inner, name)
    elif isinstance(part, list):
        for inner in part:
            yield from _in_chart(inner, key)
    elif isinstance(part, str) and key in _CHART_WORDS:
        yield part
