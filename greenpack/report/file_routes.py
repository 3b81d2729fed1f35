"""The address that hands files over, beside the pages."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from greenpack.report.file_handover import FILES, PATH, FileTickets


def file_routes(tickets: FileTickets = FILES) -> list[Route]:
    """What ``st.App`` serves beside Streamlit's own addresses.

    The ticket is the only key to a file: 256 random bits that only the page of who asked for the
    file was told.
    """

    async def fetch(request: Request) -> Response:
        # A link from another site would show the ticket to that site's owner first; none has one.
        if request.headers.get("sec-fetch-site") not in (None, "same-origin", "none"):
            return Response(status_code=403)
        file = tickets.find(request.path_params["ticket"])
        if file is None or not file.path.is_file():
            return Response(
                "This file is not kept any more. Export the table again.",
                status_code=404,
                media_type="text/plain; charset=utf-8",
                headers=_HEADERS,
            )
        return FileResponse(
            file.path,
            media_type=file.media_type,
            filename=file.name,
            content_disposition_type="attachment",
            headers=_HEADERS,
        )

    path = PATH + "/{ticket}"
    return [Route(each, fetch, methods=["GET"]) for each in (path, "/{base:path}" + path)]


# The file is one person's: neither proxies nor the browser keep it, and none guesses its type.
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
