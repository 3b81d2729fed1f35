"""What runs on a machine that does everything: service, workers, report, and a daily sweep."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from greenpack.settings import Settings
from greenpack.work.children import Child

# Photos are kept for days: whether one goes a few hours sooner or later is all the same.
SWEEP_EVERY_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Listening:
    """Where things listen besides the service, whose place the settings tell.

    Attributes:
        report_host: people's address.
        report_port: people's port.
        metrics_port: the first worker's for Prometheus on this machine, the others' follow; 0
            for none.
    """

    report_host: str
    report_port: int
    metrics_port: int

    def addresses(self, settings: Settings) -> list[str]:
        """What a person wants to know at the start, a line each."""
        service = f"http://{settings.service_host}:{settings.service_port}"
        lines = [
            f"service  {service}/docs",
            f"report   http://{self.report_host}:{self.report_port}",
            f"metrics  {service}/metrics",
        ]
        if self.metrics_port:
            lines.append(f"metrics  http://127.0.0.1:{self.metrics_port}/metrics (worker)")
        return lines


def children_of(
    settings: Settings, listening: Listening, workers: int, python: Path
) -> list[Child]:
    """The programs to run; they get the settings by their environment, as understood here."""
    environment = _environment(settings)
    greenpack = [str(python), "-m", "greenpack"]
    children = [Child("service", [*greenpack, "serve"], environment)]
    for index in range(workers):
        command = [*greenpack, "work"]
        if listening.metrics_port:
            command += ["--metrics-port", str(listening.metrics_port + index)]
        name = "worker" if workers == 1 else f"worker{index + 1}"
        children.append(Child(name, command, environment))
    report = [str(python), "-m", "streamlit", "run", str(report_script())]
    # All else is in .streamlit/config.toml beside the script.
    options = {
        "server.address": listening.report_host,
        "server.port": listening.report_port,
        "server.headless": "true",
    }
    report += [f"--{name}={value}" for name, value in options.items()]
    sweep = Child("sweep", [*greenpack, "sweep"], environment, SWEEP_EVERY_SECONDS)
    return [*children, Child("report", report, environment), sweep]


def report_script() -> Path:
    """The report's entry: in the installed package, else in the checkout."""
    package = Path(__file__).parent.parent
    installed = package / "report_app.py"
    return installed if installed.is_file() else package.parent / "app.py"


def _environment(settings: Settings) -> dict[str, str]:
    """The settings that the command line may have given, for the children."""
    given = {
        "DATA_FOLDER": settings.data_folder.absolute(),
        "DATABASE_URL": settings.database,
        "STORAGE_URL": settings.storage_url,
        "SERVICE_HOST": settings.service_host,
        "SERVICE_PORT": settings.service_port,
    }
    return {f"GREENPACK_{name}": str(value) for name, value in given.items() if value is not None}
