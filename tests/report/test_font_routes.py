"""Browsers without Chinese characters get GreenPack's, from GreenPack itself."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from greenpack.language.font import characters_of, font_path
from greenpack.report.font_routes import PATH, font_routes

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"


@pytest.mark.parametrize("base", ["", "/packaging/report"])
def test_anybody_may_fetch_the_font(base: str) -> None:
    answer = TestClient(Starlette(routes=font_routes())).get(base + PATH)
    assert answer.status_code == 200
    assert answer.content == font_path().read_bytes()
    assert "max-age" in answer.headers["cache-control"]


def test_the_pages_name_its_address_and_all_its_ideographs() -> None:
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    (face,) = theme["fontFaces"]
    assert face["url"] == PATH
    assert face["family"] in theme["font"]
    parts = face["unicodeRange"].replace("U+", "").split(",")
    ranges = [part.strip().split("-") for part in parts]
    named = {code for first, last in ranges for code in range(int(first, 16), int(last, 16) + 1)}
    assert {code for code in characters_of(font_path()) if code >= 0x2E80} <= named
