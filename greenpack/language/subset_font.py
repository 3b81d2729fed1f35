"""Makes the font that is shipped: the common characters out of Noto Sans CJK SC.

The ideographs of GB 2312, the frequent ones of Big5 (Taiwan and Hong Kong write with them), the
syllables of KS X 1001 (Korean rules have Korean titles), and Latin.

``python -m greenpack.language.subset_font NotoSansCJK-Regular.ttc`` writes it where
``greenpack.language.font`` looks for it. fontTools, which fpdf2 brings, does the work.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Final

from greenpack.language.font import SHIPPED

# The face for the mainland's letter forms; the others of the collection are Japan's, Korea's, ...
_FACE: Final = "NotoSansCJKsc-Regular"
# Copyright, names, version and licence; the licence reserves no font name.
_KEPT_NAMES: Final = (0, 1, 2, 3, 4, 5, 6, 13, 14)

_RANGES: Final = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x00FF),  # Latin-1
    (0x2010, 0x2016),  # dashes
    (0x2018, 0x201A),  # quotation marks
    (0x201C, 0x201E),
    (0x2020, 0x2022),
    (0x2025, 0x2027),
    (0x2030, 0x2030),
    (0x2032, 0x2033),
    (0x2039, 0x203C),
    (0x20A9, 0x20A9),  # won
    (0x20AC, 0x20AC),  # euro
    (0x2103, 0x2103),
    (0x2116, 0x2116),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x2248, 0x2248),
    (0x220B, 0x220B),  # these two are mirror images of others, which fontTools keeps with them
    (0x2245, 0x2245),
    (0x2260, 0x2262),
    (0x2264, 0x2265),
    (0x25A0, 0x25A1),
    (0x3000, 0x3017),  # Chinese punctuation
    (0xFF01, 0xFF5E),  # full-width forms
    (0xFFE5, 0xFFE5),
)


# In names of people and firms, and younger than GB 2312.
_IN_NAMES: Final = (
    "喆堃玥翀珺婳祎旻玟昇頔垚犇骉淼焱瑄璟祺晳晢梓玙珣珮琎琬瑀璇瑷甯铱镕镭钰锖锘锜锳镠镆邨酃郤翃翾"
    "昉昕昀昳晞晔晙晟暐曦曌朤栢桢棽椤槿樾橦檠沅沄沚泓泠洵洺浠浥淏淙湉湜溁溇滢滺漪潆潇澍澔濠瀚炆炘烜"
    "烨焜焯煊煜煦熠燊燚爔牪玠玢玦玫珂珈珉珏珑珩琀琇琏琛琤琨瑭瑱瑾璁璐璘璠璨瓒甦畇畯皓皛皞睿砺硕祉祎"
    "祐祯禛秾竑筠筱翊翎翙芃芊芮芸苡荇荙莛菀菡萱葳蒽蓁蓓蔚蕊蕤薇薏藜蘅蠡衍諠贇赟轩轶迩逄逸鄢鄱酆钲铖"
    "铠锴镓镔闫阊隽雯霂霄霈霏霖靓靖韫韬颋颢飏馨骁骅骐骕骞髙魏鲲鳐鸢鸾鹍鹭麒黎黛鼐龑﨑栁"
)


def characters() -> frozenset[int]:
    """The code points of the shipped font."""
    return (
        frozenset(_of("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF)))
        | frozenset(_of("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))))
        | frozenset(_of("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF)))
        | frozenset(map(ord, _IN_NAMES))
        | {point for first, last in _RANGES for point in range(first, last + 1)}
    )


def make(collection: Path, target: Path = SHIPPED) -> None:
    """Write the subset of a Noto Sans CJK collection; the same input gives the same bytes."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTCollection

    with TTCollection(str(collection)) as fonts:
        font = next(font for font in fonts.fonts if font["name"].getDebugName(6) == _FACE)
        options = Options()
        options.hinting = False
        options.desubroutinize = False
        options.layout_features = []
        options.name_IDs = list(_KEPT_NAMES)
        options.notdef_outline = True
        options.drop_tables += ["BASE", "DSIG", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=characters())
        subsetter.subset(font)
        font.recalcTimestamp = False
        target.parent.mkdir(parents=True, exist_ok=True)
        font.save(str(target))


def _of(encoding: str, rows: Iterable[int], cells: Iterable[int]) -> Iterator[int]:
    """What two bytes stand for in an encoding; bytes that stand for nothing are passed over."""
    for pair in product(rows, cells):
        try:
            yield ord(bytes(pair).decode(encoding))
        except UnicodeDecodeError:
            continue


if __name__ == "__main__":
    make(Path(sys.argv[1]))
