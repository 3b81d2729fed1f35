"""The address that sets and removes the sign-in's cookie, beside the pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from greenpack.report.cookie_handover import COOKIE, PATH, TICKETS, Tickets

TICKET_HEADER = "X-Greenpack-Ticket"


def cookie_routes(tickets: Tickets = TICKETS) -> list[Route]:
    """What ``st.App`` serves beside Streamlit's own addresses.

    The header that carries the ticket cannot be sent by another site's form, and another site's
    script would have to be allowed to send it, which nobody is. The Origin is looked at as well.
    """

    async def keep(request: Request) -> Response:
        if not _of_this_site(request):
            return Response(status_code=403)
        token = tickets.take(request.headers.get(TICKET_HEADER, ""))
        if token is None:
            return Response(status_code=403)
        response = Response(status_code=204, headers={"Cache-Control": "no-store"})
        # Without an end of its own it goes with the browser; how long it serves is in the records.
        response.set_cookie(
            COOKIE,
            token,
            path=_cookie_path(request),
            httponly=True,
            samesite="strict",
            secure=_is_https(request),
        )
        return response

    async def forget(request: Request) -> Response:
        if not _of_this_site(request):
            return Response(status_code=403)
        response = Response(status_code=204, headers={"Cache-Control": "no-store"})
        response.delete_cookie(
            COOKIE,
            path=_cookie_path(request),
            httponly=True,
            samesite="strict",
            secure=_is_https(request),
        )
        return response

    paths = (PATH, "/{base:path}" + PATH)
    return [
        Route(path, endpoint, methods=[method])
        for path in paths
        for endpoint, method in ((keep, "POST"), (forget, "DELETE"))
    ]


def _of_this_site(request: Request) -> bool:
    """Whether a page of this very server asks; browsers tell, and no script can make them lie.

    Behind a proxy that changes the Host only the first of the two headers tells.
    """
    if request.headers.get("sec-fetch-site") == "same-origin":
        return True
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")


def _is_https(request: Request) -> bool:
    """Whether the browser speaks TLS, to this server or to a proxy before it."""
    forwarded = request.headers.get("x-forwarded-proto", "").split(",")[0].strip()
    return "https" in (request.url.scheme, forwarded)


def _cookie_path(request: Request) -> str:
    base = str(request.path_params.get("base", "")).strip("/")
    return f"/{base}" if base else "/"
