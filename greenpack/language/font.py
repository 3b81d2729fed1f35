"""The font that letters and pictures are written in, Chinese and Latin alike."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

SHIPPED: Final = Path(__file__).with_name("fonts") / "NotoSansCJKsc-Regular-subset.otf"
# What systems have for characters that are too rare to be shipped.
_SYSTEM: Final = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/System/Library/Fonts/PingFang.ttc", 0),
    ("C:/Windows/Fonts/msyh.ttc", 0),
)
# Stands for a character that no font here has, so that nobody takes it for left out.
REPLACEMENT: Final = "□"


def font_path() -> Path:
    """The shipped font: common ideographs of the mainland and Taiwan, Hangul, and Latin."""
    return SHIPPED


@cache
def system_font() -> tuple[Path, int] | None:
    """A font of this system with rarer ideographs and its face in the file, or None."""
    for name, face in _SYSTEM:
        path = Path(name)
        if path.is_file():
            return path, face
    return None


@cache
def characters_of(path: Path, face: int = 0) -> frozenset[int]:
    """The code points that a font file has letters for."""
    from fontTools.ttLib import TTFont

    with TTFont(str(path), fontNumber=face, lazy=True) as font:
        return frozenset(font.getBestCmap())
