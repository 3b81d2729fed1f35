"""The address of the font with Chinese characters, for browsers whose system has none."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

from greenpack.language.font import font_path

PATH = "/greenpack/font/cjk.otf"
"""Also in ``.streamlit/config.toml``, which names the characters that it is fetched for."""
_A_MONTH = 30 * 24 * 3600


def font_routes() -> list[Route]:
    """What ``st.App`` serves beside Streamlit's own addresses; anybody may have it."""

    async def fetch(_request: Request) -> FileResponse:
        return FileResponse(
            font_path(),
            media_type="font/otf",
            headers={"Cache-Control": f"public, max-age={_A_MONTH}"},
        )

    return [Route(each, fetch, methods=["GET"]) for each in (PATH, "/{base:path}" + PATH)]
