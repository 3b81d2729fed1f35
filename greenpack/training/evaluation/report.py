"""Writes an evaluation into a folder: figures as JSON, two plots, and a sheet of the worst."""

from __future__ import annotations

import json
from pathlib import Path

from greenpack.settings import Settings
from greenpack.training.evaluation.evaluate import Evaluation
from greenpack.training.evaluation.plots import plot_power, plot_reliability
from greenpack.training.evaluation.worst import contact_sheet, worst

FILES = ("evaluation.json", "reliability.png", "power.png", "worst.jpg")


def write_report(out: Path, found: Evaluation, settings: Settings) -> None:
    """Write `FILES` into a folder, which is made; what was there of these names is replaced."""
    out.mkdir(parents=True, exist_ok=True)
    figures, reliability, power, sheet = (out / name for name in FILES)
    figures.write_text(json.dumps(found.figures, indent=2) + "\n", "utf-8")
    plot_reliability(reliability, found.figures, found.results)
    plot_power(power, found.figures)
    contact_sheet(worst(found.results), settings).save(sheet, quality=88)
