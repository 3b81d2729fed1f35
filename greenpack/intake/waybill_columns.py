"""The columns of a waybill table, by their English and Chinese headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from greenpack.reasons import GreenPackError

COLUMNS = (
    "waybill", "sender_code", "sender_name", "platform", "hub", "province", "municipality",
    "packed_on", "packaging", "parcel_length_mm", "parcel_width_mm", "parcel_height_mm",
    "item_name", "item_length_mm", "item_width_mm", "item_height_mm", "quantity", "goods_class",
    "photo", "board_mm", "product_mass_g", "packaging_mass_g", "item_soft",
)  # fmt: skip

_CHINESE = {
    "运单号": "waybill", "快递单号": "waybill", "单号": "waybill", "运单编号": "waybill",
    "寄件人编码": "sender_code", "商家编码": "sender_code",
    "寄件人": "sender_name", "寄件人名称": "sender_name", "商家名称": "sender_name",
    "平台": "platform", "电商平台": "platform",
    "网点": "hub", "分拨中心": "hub", "处理场所": "hub",
    "省": "province", "省份": "province",
    "市": "municipality", "城市": "municipality",
    "打包日期": "packed_on", "寄件日期": "packed_on",
    "包装类型": "packaging",
    "商品名称": "item_name", "品名": "item_name",
    "数量": "quantity",
    "商品类别": "goods_class",
    "照片": "photo", "图片": "photo",
    "软质": "item_soft", "是否软质": "item_soft",
}  # fmt: skip
_CHINESE_SIZE = re.compile(r"(包裹|商品)(长|宽|高)度?(?:\((mm|毫米|cm|厘米)\)|(mm|毫米|cm|厘米))?")
_SIDES = {"长": "length", "宽": "width", "高": "height"}
_MM_PER_CM = 10.0
_CHINESE_BOARD = re.compile(r"(?:纸板|箱板)厚度?(?:\((?:mm|毫米)\)|(?:mm|毫米))?")
# A bare 商品重量 may be that of one piece or of all, so it is not read.
_CHINESE_MASS = re.compile(
    r"(商品总|包装总|包装)重量?(?:\((g|克|kg|千克|公斤)\)|(g|克|kg|千克|公斤))?"
)
_G_PER_KG = 1000.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column that the table has.

    Attributes:
        name: one of ``COLUMNS``.
        heading: what stands over it in the file, for messages.
        index: its place in a row, from 0.
        factor: what its numbers are multiplied by: 10 where the heading says centimetres, 1000
            where it says kilograms.
    """

    name: str
    heading: str
    index: int
    factor: float = 1.0


def is_heading(cell: str) -> bool:
    """Whether the cell is the heading of a known column."""
    return _meaning(cell) is not None


def columns_of(header: Sequence[str]) -> tuple[dict[str, Column], tuple[str, ...]]:
    """The known columns by name, and the headings that are not known.

    Raises:
        GreenPackError: ``table_columns_missing`` without a waybill column, ``table_unreadable``
            where two columns mean the same.
    """
    columns: dict[str, Column] = {}
    unknown = []
    for index, cell in enumerate(header):
        heading = cell.strip()
        meaning = _meaning(cell)
        if meaning is None:
            unknown += [heading] if heading else []
            continue
        name, factor = meaning
        if name in columns:
            raise GreenPackError(
                "table_unreadable", f"columns {columns[name].heading} and {heading} are both {name}"
            )
        columns[name] = Column(name, heading, index, factor)
    if "waybill" not in columns:
        found = ", ".join(cell.strip()[:40] for cell in header[:30] if cell.strip())
        raise GreenPackError("table_columns_missing", f"waybill (运单号); found: {found or 'none'}")
    return columns, tuple(unknown)


def _meaning(cell: str) -> tuple[str, float] | None:
    # NFKC turns full-width parentheses and letters into ordinary ones.
    text = re.sub(r"[\s\ufeff]+", "", unicodedata.normalize("NFKC", cell)).lower()
    if text in COLUMNS:
        return text, 1.0
    if text in _CHINESE:
        return _CHINESE[text], 1.0
    if _CHINESE_BOARD.fullmatch(text) is not None:
        return "board_mm", 1.0
    mass = _CHINESE_MASS.fullmatch(text)
    if mass is not None:
        whose = "product" if mass[1] == "商品总" else "packaging"
        in_kg = (mass[2] or mass[3]) in ("kg", "千克", "公斤")
        return f"{whose}_mass_g", _G_PER_KG if in_kg else 1.0
    size = _CHINESE_SIZE.fullmatch(text)
    if size is None:
        return None
    whose = "parcel" if size[1] == "包裹" else "item"
    in_cm = (size[3] or size[4]) in ("cm", "厘米")
    return f"{whose}_{_SIDES[size[2]]}_mm", _MM_PER_CM if in_cm else 1.0
