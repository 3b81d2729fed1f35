"""`greenpack recount` as it is called."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import text
from typer.testing import CliRunner

from greenpack.cli import app
from greenpack.records.database import open_database, transact
from greenpack.rules.verdict import Verdict

from .records.samples import audit


def test_it_says_what_differed_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'g.db'}"
    engine = open_database(url)
    transact(engine, lambda session: audit(session, "a.jpg", {"void": Verdict.VIOLATION}))
    with engine.begin() as connection:
        connection.execute(text("UPDATE daily_hub_count SET parcels = 9"))
    engine.dispose()
    runs = [CliRunner().invoke(app, ["recount", "--db", url, "--json"]) for _ in range(2)]
    assert [run.exit_code for run in runs] == [0, 0]
    assert json.loads(runs[0].stdout) == {"differed": {"daily_hub_count": 1}}
    assert json.loads(runs[1].stdout) == {"differed": {}}
