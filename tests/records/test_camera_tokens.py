"""Cameras' tokens: shown once, recognised, taken anew and revoked, and all of it in the ledger."""

from __future__ import annotations

import hmac
import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from greenpack.cameras.verification import VerificationLimits
from greenpack.reasons import GreenPackError
from greenpack.records import camera_tokens
from greenpack.records.camera_tokens import TokenCamera, add_camera, camera_of_token
from greenpack.records.cameras import camera_at, known_camera
from greenpack.records.database import reading, transact
from greenpack.records.tables import Camera, Ledger
from greenpack.records.verification import verify

from .samples import RECEIVED

HUB = "Zhejiang/Hangzhou/North"
LATER = RECEIVED + timedelta(minutes=1)


def add(engine: Engine, name: str = "line 1", hub: str = HUB) -> tuple[TokenCamera, str]:
    return transact(engine, lambda session: add_camera(session, hub, name, at=RECEIVED))


def of(engine: Engine, token: str, at: object = LATER) -> TokenCamera | str | None:
    """Whose token it is, or the code by which it is refused."""
    with reading(engine) as session:
        try:
            return camera_of_token(session, token, at)  # type: ignore[arg-type]
        except GreenPackError as error:
            return error.code


def ledger(engine: Engine) -> list[str]:
    with reading(engine) as session:
        assert verify(session, None).sound
        statement = select(Ledger.kind, Ledger.subject).order_by(col(Ledger.seq))
        return [f"{kind} {subject}" for kind, subject in session.exec(statement)]


def test_a_token_is_its_cameras(engine: Engine) -> None:
    first, token = add(engine)
    second, other = add(engine, "line 2", "North")
    assert re.fullmatch(r"gp_1_[A-Za-z0-9_-]{43}", token)
    assert token != other
    assert of(engine, token) == first
    assert of(engine, other) == second
    assert (first.name, first.hub, first.token_id) == ("line 1", HUB, 1)
    assert first.hub_id == second.hub_id
    assert ledger(engine)[-3:] == [
        "camera_token camera_token/1",
        "camera camera/2",
        "camera_token camera_token/2",
    ]


def test_what_is_no_token_is_nobodys(engine: Engine) -> None:
    _, token = add(engine)
    add(engine, "line 2")
    secret = token.removeprefix("gp_1_")
    strangers = [
        "",
        "gp_",
        "gp_1_",
        "gp_1_" + "A" * 43,
        "gp_2_" + secret,
        "gp_3_" + secret,
        "gp_01_" + secret,
        f"gp_{'9' * 40}_{secret}",
        "gp_999999999_" + secret,
        "gp_1_" + secret.swapcase(),
        token + "\n",
        f" {token}",
        token[:-1],
        token + "A",
        token.replace("gp_", "GP_"),
        "gp_1_" + "é" * 43,
        "gp_١_" + secret,
        secret,
        "\x00",
        "gp_1_' OR '1'='1",
    ]
    assert [of(engine, each) for each in strangers] == [None] * len(strangers)


def test_a_copy_of_the_database_holds_no_token(engine: Engine) -> None:
    _, token = add(engine)
    secret = token.removeprefix("gp_1_")
    with reading(engine) as session:
        for table in ("camera_token", "camera", "ledger"):
            rows = session.connection().execute(text(f"SELECT * FROM {table}")).all()
            assert rows
            assert secret not in str(rows)


def test_secrets_are_compared_in_constant_time_also_where_there_is_no_token(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = add(engine)
    compared = []

    def compare(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return hmac.compare_digest(one, other)

    monkeypatch.setattr(camera_tokens, "hmac", type("Spy", (), {"compare_digest": compare}))
    for each in (token, token[:-1] + "~", "gp_7_" + "A" * 43, "nonsense"):
        of(engine, each)
    assert compared == [(64, 64)] * 4


def test_a_new_token_takes_the_place_of_the_old(engine: Engine) -> None:
    holder, old = add(engine)
    again, new = transact(
        engine, lambda session: camera_tokens.rotate(session, "line 1", at=RECEIVED)
    )
    assert again.camera_id == holder.camera_id
    assert of(engine, new) == again
    assert of(engine, old) == "token_revoked"
    # A wrong secret is not told that there was such a token.
    assert of(engine, "gp_1_" + "A" * 43) is None
    assert ledger(engine)[-2:] == ["camera_token camera_token/1", "camera_token camera_token/2"]


def test_an_old_token_may_serve_a_while_longer_but_never_longer_than_was_said(
    engine: Engine,
) -> None:
    _, old = add(engine)
    half = timedelta(minutes=30)

    def rotate(keep: timedelta) -> str:
        return transact(
            engine,
            lambda session: camera_tokens.rotate(session, "line 1", HUB, keep, RECEIVED)[1],
        )

    rotate(half)
    assert isinstance(of(engine, old, RECEIVED + half - timedelta(seconds=1)), TokenCamera)
    assert of(engine, old, RECEIVED + half) == "token_revoked"
    rotate(2 * half)
    assert of(engine, old, RECEIVED + half) == "token_revoked"
    newest = rotate(timedelta(0))
    assert of(engine, old, RECEIVED) == "token_revoked"
    assert isinstance(of(engine, newest), TokenCamera)


def test_a_revoked_camera_posts_no_more_until_it_has_a_new_token(engine: Engine) -> None:
    _, token = add(engine)
    _, other = add(engine, "line 2")

    def revoke() -> int:
        return transact(
            engine, lambda session: camera_tokens.revoke(session, "line 1", at=RECEIVED)
        )

    assert revoke() == 1
    assert of(engine, token) == "token_revoked"
    assert isinstance(of(engine, other), TokenCamera)
    entries = ledger(engine)
    assert revoke() == 0
    assert ledger(engine) == entries
    _, new = add(engine)  # adding it again is as good as a rotation
    assert isinstance(of(engine, new), TokenCamera)


def test_a_camera_that_has_a_token_is_not_added_twice(engine: Engine) -> None:
    add(engine)
    with pytest.raises(GreenPackError) as refused:
        add(engine)
    assert refused.value.code == "camera_has_token"
    assert "line 1 at Zhejiang/Hangzhou/North" in str(refused.value)


def test_a_camera_that_was_calibrated_gets_its_token(engine: Engine) -> None:
    known = transact(engine, lambda session: camera_at(session, "line 1", HUB).id)
    holder, _ = add(engine)
    assert holder.camera_id == known


def test_a_time_to_be_silent_is_kept_in_the_ledger(engine: Engine) -> None:
    def work(session: Session) -> int:
        return add_camera(session, HUB, " line 1 ", 15.0, RECEIVED)[0].camera_id

    camera_id = transact(engine, work)
    with reading(engine) as session:
        row = session.get_one(Camera, camera_id)
        assert (row.name, row.silent_after_minutes) == ("line 1", 15.0)
    assert ledger(engine)[-3:] == [
        "camera camera/1",
        "camera camera/1",
        "camera_token camera_token/1",
    ]


@pytest.mark.parametrize(
    ("hub", "name", "minutes"),
    [("", "a", None), (" ", "a", None), ("a", "", None), ("a", "a", 0.0), ("a", "a", float("nan"))],
)
def test_nameless_cameras_and_no_time_at_all_are_refused(
    engine: Engine, hub: str, name: str, minutes: float | None
) -> None:
    with pytest.raises(ValueError, match=r"name|above zero"):
        transact(engine, lambda session: add_camera(session, hub, name, minutes))


def test_tokens_are_for_cameras_that_are_known(engine: Engine) -> None:
    for act in (camera_tokens.rotate, camera_tokens.revoke):
        with pytest.raises(GreenPackError) as refused:
            transact(engine, lambda session, act=act: act(session, "line 9"))
        assert refused.value.code == "camera_unknown"
    # What posts is also what calibrations belong to.
    add(engine)
    with reading(engine) as session:
        assert known_camera(session, "line 1", VerificationLimits(), "North").hub == HUB
