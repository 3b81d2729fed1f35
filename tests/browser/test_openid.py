"""Signing in by OpenID Connect: a real provider on this machine, the report, and a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import oidc_provider_mock
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from greenpack.records.accounts import add_account
from greenpack.records.database import open_database, reading, transact
from greenpack.records.roles import Role
from greenpack.records.scope import Scope
from greenpack.records.tables import Ledger
from tests.report.pages.example_records import make_records

from .conftest import free_port, served

pytestmark = pytest.mark.browser

_WAIT = 30_000
MEMBER, STRANGER, UNVERIFIED = "Li.Wei@example.org", "ann@example.org", "wang@example.org"
# What docs/accounts.md asks for, with this test's addresses.
SECRETS = """[auth]
redirect_uri = "{report}/oauth2callback"
cookie_secret = "{secret}"
client_id = "greenpack"
client_secret = "a secret of the test's own"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Records, and two accounts that have no password."""
    folder = tmp_path / "data"
    folder.mkdir()
    engine = make_records(folder)
    for name in (MEMBER, UNVERIFIED):
        transact(
            engine,
            lambda session, name=name: add_account(  # type: ignore[misc]
                session, name, Role.REVIEWER, Scope("Zhejiang"), password_hash=None, by="test"
            ),
        )
    engine.dispose()
    return folder


@pytest.fixture
def provider() -> Iterator[str]:
    """A provider that knows three people, and vouches for two of their addresses."""
    people = [
        oidc_provider_mock.User(
            sub=email, claims={"email": email, "email_verified": email != UNVERIFIED}
        )
        for email in (MEMBER, STRANGER, UNVERIFIED)
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def report(tmp_path: Path, data: Path, provider: str) -> Iterator[str]:
    """A report that leaves the sign-in to the provider."""
    port = free_port()
    secrets = tmp_path / "secrets.toml"
    address = f"http://127.0.0.1:{port}"
    secrets.write_text(
        SECRETS.format(report=address, provider=provider, secret="0123456789abcdef" * 4)
    )
    options = ("--secrets.files", str(secrets))
    with served(tmp_path, data, port=port, options=options, GREENPACK_SIGN_IN="openid") as there:
        yield there


def _new_page(browser: Browser) -> Page:
    """A page of a browser that has never been here."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en")
    context.set_default_timeout(_WAIT)
    expect.set_options(timeout=_WAIT)
    return context.new_page()


def _at_rest(page: Page) -> None:
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")


def _go_through_the_provider(page: Page, email: str) -> None:
    """From the report to the provider, sign in there, and come back."""
    button = page.get_by_role("button", name="Sign in with your organisation's account")
    expect(button).to_be_visible()
    _at_rest(page)
    button.click()
    page.get_by_role("button", name=email).click()


def _acts(data: Path) -> list[tuple[str, str]]:
    engine = open_database(f"sqlite:///{data / 'greenpack.db'}")
    try:
        with reading(engine) as session:
            rows = session.exec(select(Ledger).order_by(Ledger.seq)).all()  # type: ignore[arg-type]
            kinds = ("sign_in", "sign_in_refused", "sign_out")
            return [(row.kind, row.subject) for row in rows if row.kind in kinds]
    finally:
        engine.dispose()


def test_whom_the_provider_vouches_for_is_let_in_and_out(
    report: str, data: Path, browser: Browser
) -> None:
    page = _new_page(browser)
    page.goto(f"{report}/findings")
    expect(page.get_by_label("Password", exact=True)).to_have_count(0)
    _go_through_the_provider(page, MEMBER)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.get_by_text(MEMBER.lower())).to_be_visible()
    expect(page.get_by_text("sees Zhejiang")).to_be_visible()

    _at_rest(page)
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    _at_rest(page)
    page.get_by_role("button", name="Sign out").click()
    # The provider is told too, and asks.
    page.get_by_role("button", name="End session").click()
    again = page.get_by_role("button", name="Sign in with your organisation's account")
    expect(again).to_be_visible()
    page.reload()
    expect(again).to_be_visible()
    page.context.close()
    assert [kind for kind, _ in _acts(data)] == ["sign_in", "sign_out"]


def test_nobody_else_is_let_in(report: str, data: Path, browser: Browser) -> None:
    for email, refusal in (
        (STRANGER, "has no account here, or it is disabled"),
        (UNVERIFIED, "does not tell a verified e-mail address"),
    ):
        page = _new_page(browser)
        page.goto(f"{report}/findings")
        _go_through_the_provider(page, email)
        expect(page.get_by_text(refusal)).to_be_visible()
        expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
        expect(page.get_by_role("link", name="Findings")).to_have_count(0)
        page.context.close()
    assert "sign_in" not in [kind for kind, _ in _acts(data)]
