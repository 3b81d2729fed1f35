"""The commands that make and judge a model: they load the extra `train` when they are called."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Split(StrEnum):
    """The parts of a training set."""

    TRAIN = "train"
    VAL = "val"
    CALIBRATION = "calibration"
    TEST = "test"


class SceneKind(StrEnum):
    """What scenes show."""

    ANY = "any"
    OPENED = "opened"
    BELT = "belt"
    HANDHELD = "handheld"


class ModelSize(StrEnum):
    """Nano and small."""

    N = "n"
    S = "s"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(scenes)
    app.command()(train)
    app.command()(evaluate)


def scenes(
    out: Annotated[Path, typer.Argument(help="Folder of the training set.", show_default=False)],
    split: Annotated[Split, typer.Option(help="Which part of the set to render.")],
    count: Annotated[int, typer.Option(help="How many scenes.", min=1)],
    seed: Annotated[int, typer.Option(help="The first scene's seed; the others follow.", min=0)],
    kind: Annotated[
        SceneKind,
        typer.Option(
            help="All kinds of square pictures; of these only one opened carton in view; or one "
            "closed parcel under a hub camera, or near a phone, 4:3."
        ),
    ] = SceneKind.ANY,
    size: Annotated[
        int | None,
        typer.Option(
            help="Pixels along the longer side; by default 448, 1280 of belt and handheld.",
            min=32,
            max=4096,
            show_default=False,
        ),
    ] = None,
    workers: Annotated[int, typer.Option(help="Processes that render at once.", min=1)] = 2,
    scene_limit: Annotated[
        float, typer.Option(help="Seconds after which a scene is given up.", min=1)
    ] = 120.0,
) -> None:
    """Render scenes to train or test a model on; run it again to go on where it stopped."""
    with _refusals_told():
        from greenpack.training.datasets.render import render_split

        code = render_split(
            out, split.value, seed, count, size, workers, scene_limit, kind=kind.value
        )
    raise typer.Exit(code)


def train(
    data: Annotated[Path, typer.Option(help="Folder written by `greenpack scenes`.")],
    out: Annotated[Path, typer.Option(help="Folder of the run.")],
    start: Annotated[
        Path | None, typer.Option(help="Weights to start from (.pt); default: random values.")
    ] = None,
    hours: Annotated[
        float | None, typer.Option(help="Train for so long, resumed parts included.", min=0.001)
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(help="Train for so many epochs; default: 100.", min=1)
    ] = None,
    size: Annotated[int, typer.Option(help="Pixels along the longer side.", min=32)] = 416,
    batch: Annotated[int, typer.Option(help="Pictures a step.", min=1)] = 8,
    model: Annotated[ModelSize, typer.Option(help="Nano or small.")] = ModelSize.N,
    seed: Annotated[int, typer.Option(help="Seed of everything random in training.")] = 1,
    rate: Annotated[
        float,
        typer.Option(help="Learning rate at the start; less for weights that are good already."),
    ] = 0.001,
    device: Annotated[
        str, typer.Option(help="auto, cpu, or a GPU's number; auto: a GPU if there is one.")
    ] = "auto",
) -> None:
    """Train a model on rendered scenes; run it again to go on where it stopped."""
    with _refusals_told():
        from greenpack.training.fitting.fit import train as fit
        from greenpack.training.fitting.run_record import Plan

        plan = Plan(
            data=data,
            out=out,
            start=start,
            hours=hours,
            epochs=epochs,
            size=size,
            batch=batch,
            model=model.value,
            seed=seed,
            rate=rate,
            device=device,
        )
        finished = fit(plan)
    if not finished:
        raise typer.Exit(130)


def evaluate(
    folder: Annotated[
        Path,
        typer.Argument(
            help="A rendered data set, or photographs with polygons (COCO or YOLO).",
            show_default=False,
        ),
    ],
    weights: Annotated[
        Path | None, typer.Option(help="Weights, or a folder of them; default: the shipped.")
    ] = None,
    split: Annotated[str, typer.Option(help="Which part, where the folder has several.")] = "test",
    truth: Annotated[
        Path | None, typer.Option(help="COCO file, or data.yaml; default: in the folder.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write figures, plots and a sheet of the worst here.")
    ] = None,
    limit: Annotated[float, typer.Option(help="Limit of the void ratio.", min=0, max=1)] = 0.5,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object.")] = False,
) -> None:
    """Hold a model against truth: masks, openings, ratios, intervals and violations."""
    with _refusals_told():
        from pydantic import ValidationError

        from greenpack.report.terminal import console_for, progress_on
        from greenpack.settings import Settings
        from greenpack.training.evaluation import evaluate as evaluation
        from greenpack.training.evaluation import report, table
        from greenpack.training.refusals import RefusedError
        from greenpack.vision.detector import Detector

        known = evaluation.read_truth(folder, split, truth)
        try:
            settings = Settings() if weights is None else Settings(weights=weights)
        except ValidationError as error:
            raise RefusedError(f"the settings in GREENPACK_* do not hold: {error}") from error
        console = console_for(as_json)
        detector = Detector(settings.weights, confidence=evaluation.SCORED_FROM)
        with progress_on(console, len(known.cases), "evaluating") as advance:
            found = evaluation.evaluate(known, detector, detector.weights, settings, limit, advance)
        if out is not None:
            report.write_report(out, found, settings)
    if as_json:
        typer.echo(json.dumps(found.figures))
    else:
        table.show(console, found.figures)


@contextmanager
def _refusals_told() -> Iterator[None]:
    """Turn a refusal, or a library that is missing, into a message and exit code 2."""
    from greenpack.training.refusals import RefusedError

    try:
        yield
    except RefusedError as error:
        message = str(error)
    except ModuleNotFoundError as error:
        message = f"{error.name} is not installed. Install it with: pip install 'greenpack[train]'"
    else:
        return
    typer.secho(message, fg="red", err=True)
    sys.exit(2)
