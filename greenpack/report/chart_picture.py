"""Charts as pictures, drawn without a browser and without the network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from greenpack.reasons import GreenPackError

SCALE: Final = 2.0
_WIDTH: Final = 900
_HEIGHT: Final = 360
# Vega names fonts as a style sheet does; the first that has a sign draws it.
_FONTS: Final = "Noto Sans CJK SC, Noto Sans SC, Noto Serif CJK SC, DejaVu Sans, sans-serif"


def chart_png(chart: Any, title: str = "", words: Sequence[str] = ()) -> bytes:
    """An altair chart as a PNG at twice its size, on white.

    Args:
        chart: altair's; data from addresses is not fetched.
        title: stands over it; empty leaves the chart's own title.
        words: lines under the title.

    Raises:
        GreenPackError: ``chart_not_drawn``.
    """
    # Loaded only where it is needed: it brings an engine for JavaScript.
    import vl_convert

    _register_fonts()
    try:
        spec = _with_words(_of_fixed_size(chart.to_dict(format="vega-lite")), title, words)
        return bytes(
            vl_convert.vegalite_to_png(
                spec, scale=SCALE, config=_config(), allowed_base_urls=["https://invalid.invalid/"]
            )
        )
    except ValueError as error:
        raise GreenPackError("chart_not_drawn", str(error).splitlines()[0][:200]) from error


def _with_words(spec: dict[str, Any], title: str, words: Sequence[str]) -> dict[str, Any]:
    if not title and not words:
        return spec
    own = spec.get("title", "")
    text = title or (own.get("text", "") if isinstance(own, dict) else own)
    lines = [line for line in words if line]
    head = {"text": text, "anchor": "start", **({"subtitle": lines} if lines else {})}
    return {**spec, "title": head}


def _of_fixed_size(spec: dict[str, Any]) -> dict[str, Any]:
    """A chart that fills its place on the page has no size of its own."""
    joined = {"hconcat", "vconcat", "concat", "facet", "repeat", "spec"} & spec.keys()
    sized = dict(spec)
    sized.pop("autosize", None)
    if joined:
        return sized
    if not _is_size(sized.get("width")):
        sized["width"] = _WIDTH
    if not _is_size(sized.get("height")):
        sized["height"] = _HEIGHT
    return sized


def _is_size(value: object) -> bool:
    """Whether it is a number of pixels, or a step for each mark; not the page's ``container``."""
    return isinstance(value, int | float | dict)


def _config() -> dict[str, Any]:
    return {
        "font": _FONTS,
        "background": "white",
        "padding": 16,
        "title": {
            "font": _FONTS,
            "subtitleFont": _FONTS,
            "fontSize": 16,
            "subtitleFontSize": 12,
            "subtitleColor": "#4a4f55",
            "offset": 12,
        },
    }


@cache
def _register_fonts() -> None:
    """Let the drawing use the Chinese fonts that GreenPack brings, beside the system's."""
    import vl_convert

    folder = Path(str(import_module("greenpack.language").__file__)).with_name("fonts")
    if folder.is_dir():
        vl_convert.register_font_directory(str(folder))
