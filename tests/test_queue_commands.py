"""`greenpack camera add, rotate, revoke, list`, `greenpack hub` and `greenpack queue`."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Engine
from typer.testing import CliRunner

from greenpack import cli
from greenpack.reasons import GreenPackError
from greenpack.records.camera_tokens import camera_of_token
from greenpack.records.columns import now
from greenpack.records.database import open_database, reading, transact
from greenpack.records.postings import begin, claim, fail_try, post
from greenpack.records.verification import verify

HUB = "Zhejiang/Hangzhou/North"


@pytest.fixture
def run(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs a command in a data folder of its own; raises the error that a command raised."""
    (tmp_path / "greenpack.db").write_bytes(migrated_sqlite.read_bytes())
    monkeypatch.setenv("GREENPACK_DATA_FOLDER", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(cli.app, [*map(str, arguments)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return command


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """The database that the commands use."""
    return open_database(str(tmp_path / "greenpack.db"))


def whose(engine: Engine, token: str) -> str | None:
    with reading(engine) as session:
        found = camera_of_token(session, token, now())
        return None if found is None else f"{found.name} at {found.hub}"


def posted(engine: Engine, camera_id: int, number: int) -> int:
    def work(session):  # type: ignore[no-untyped-def]
        return post(
            session,
            camera_id,
            sha256=f"{number:064d}",
            size_bytes=9,
            source_name=f"{number}.jpg",
            taken_at=None,
            waybill_number=None,
            received_at=now(),
        )[0].id

    return transact(engine, work)


def given_up(engine: Engine, posting_id: int) -> None:
    """Let a posting fail three times."""
    lease = timedelta(seconds=60)
    for turn in range(3):
        at = now() + turn * timedelta(minutes=5)
        (held,) = transact(engine, lambda session, at=at: claim(session, "w", 1, at, lease))
        assert held.id == posting_id
        transact(engine, lambda session, at=at: begin(session, [posting_id], "w", at, lease))
        transact(
            engine,
            lambda session, at=at: fail_try(session, posting_id, "w", "read_failed", "[b]", at),
        )


def test_the_token_alone_is_on_standard_output(run, engine: Engine) -> None:  # type: ignore[no-untyped-def]
    added = run("camera", "add", HUB, "line 1")
    token = added.stdout.removesuffix("\n")
    assert whose(engine, token) == f"line 1 at {HUB}"
    assert f"line 1 at {HUB} may post" in added.stderr
    assert token not in added.stderr
    with pytest.raises(GreenPackError) as refused:
        run("camera", "add", "North", "line 1")
    assert refused.value.code == "camera_has_token"


def test_a_camera_gets_another_token_and_loses_it(run, engine: Engine) -> None:  # type: ignore[no-untyped-def]
    old = json.loads(run("camera", "add", HUB, "line 1", "--json").stdout)["token"]
    kept = json.loads(run("camera", "rotate", "line 1", "--keep-old", 5, "--json").stdout)["token"]
    assert {whose(engine, old), whose(engine, kept)} == {f"line 1 at {HUB}"}
    rotated = run("camera", "rotate", "line 1", "--hub", "North")
    new = rotated.stdout.strip()
    assert "refused from now on" in rotated.stderr
    assert whose(engine, new) == f"line 1 at {HUB}"
    assert "can post no more" in run("camera", "revoke", "line 1").stdout
    assert "no token that serves" in run("camera", "revoke", "line 1").stdout
    for token in (old, kept, new):
        with pytest.raises(GreenPackError) as refused:
            whose(engine, token)
        assert refused.value.code == "token_revoked"
    with reading(engine) as session:
        assert verify(session, None).sound


def test_the_list_tells_which_cameras_post(run, engine: Engine) -> None:  # type: ignore[no-untyped-def]
    assert "camera add" in run("camera", "list").stdout
    first = json.loads(run("camera", "add", HUB, "line 1", "--json").stdout)["camera_id"]
    run("camera", "add", HUB, "line 2", "--silent-after", 90)
    run("camera", "revoke", "line 2")
    posted(engine, first, 1)
    shown = run("camera", "list").stdout
    assert "0 s ago" in shown
    assert "no token" in shown
    lines = [json.loads(line) for line in run("camera", "list", "--json").stdout.splitlines()]
    assert [(line["camera"], line["has_token"]) for line in lines] == [
        ("line 1", True),
        ("line 2", False),
    ]
    assert [line["silent_after_minutes"] for line in lines] == [60.0, 90.0]
    assert [line["postings_last_hour"] for line in lines] == [1, 0]
    assert lines[0]["last_seen"] is not None
    assert not lines[0]["silent"]


@pytest.mark.parametrize(
    "words",
    [
        ("camera", "add", " ", "line 1"),
        ("camera", "add", HUB, ""),
        ("camera", "add", HUB, "line 1", "--silent-after", "0"),
        ("camera", "rotate", "line 1", "--keep-old", "-1"),
        ("hub", "capacity", "North", "0"),
        ("queue", "retry"),
        ("queue", "retry", "1", "--all"),
    ],
)
def test_wrong_usage_is_told_and_changes_nothing(run, engine: Engine, words: tuple[str]) -> None:  # type: ignore[no-untyped-def]
    run(*words, code=2)
    with reading(engine) as session:
        assert verify(session, None).head.seq == 0


def test_a_hub_is_held_against_what_it_copes_with(run, engine: Engine) -> None:  # type: ignore[no-untyped-def]
    assert "No hub has a camera yet" in run("hub", "load").stdout
    camera = json.loads(run("camera", "add", HUB, "line 1", "--json").stdout)["camera_id"]
    assert "not stated" in run("hub", "load").stdout
    assert run("hub", "capacity", "North", 4).stdout == f"{HUB} copes with 4 photos an hour.\n"
    for number in range(5):
        posted(engine, camera, number)
    assert "125%" in run("hub", "load").stdout
    (load,) = [json.loads(line) for line in run("hub", "load", "--json").stdout.splitlines()]
    assert load.pop("oldest_seconds") >= 0
    assert load == {
        "hub": HUB,
        "photos_last_hour": 5,
        "parcels_last_hour": 5,
        "capacity_per_hour": 4.0,
        "load": 1.25,
        "backlog": 5,
        "silent_cameras": [],
    }
    with pytest.raises(GreenPackError) as refused:
        run("hub", "capacity", "Nord", 4)
    assert refused.value.code == "hub_unknown"


def test_what_was_given_up_is_shown_with_its_reason_and_tried_again(run, engine: Engine) -> None:  # type: ignore[no-untyped-def]
    assert run("queue", "show").stdout == "Nothing waits; 0 given up.\n"
    camera = json.loads(run("camera", "add", HUB, "line 1", "--json").stdout)["camera_id"]
    for number in (1, 2):
        given_up(engine, posted(engine, camera, number))
    posted(engine, camera, 3)
    shown = run("queue", "show").stdout
    assert "1 waiting, 0 worked on, 2 given up" in shown
    assert shown.count("([b])") == 2  # told as it is, not taken for markup
    assert "... and 1 more" in run("queue", "show", "--limit", 1).stdout
    told = json.loads(run("queue", "show", "--json").stdout)
    assert (told["waiting"], told["working"], told["failed"]) == (1, 0, 2)
    failure = told["failures"][1]
    assert (failure["id"], failure["photo"], failure["tries"]) == (1, "1.jpg", 3)
    assert (failure["reason"], failure["camera"], failure["hub"]) == ("read_failed", "line 1", HUB)
    assert run("queue", "retry", 3, 99).stdout == "0 photos wait again.\n"
    assert run("queue", "retry", 1).stdout == "1 photos wait again.\n"
    assert json.loads(run("queue", "retry", "--all", "--json").stdout) == {"waiting": 1}
    assert "3 waiting" in run("queue", "show").stdout
