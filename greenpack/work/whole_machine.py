"""What runs on a machine that does everything: service, workers and report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from greenpack.settings import Settings
from greenpack.work.children import Child


@dataclass(frozen=True, slots=True)
class Ports:
    """Where things listen.

    Attributes:
        service: the cameras' port.
        report: people's port.
        metrics: the first worker's port for Prometheus, the others' follow; 0 for none.
    """

    service: int
    report: int
    metrics: int

    def addresses(self, host: str) -> list[str]:
        """What a person wants to know at the start, a line each."""
        lines = [
            f"service  http://{host}:{self.service}/docs",
            f"report   http://{host}:{self.report}",
        ]
        if self.metrics:
            lines.append(f"metrics  http://{host}:{self.service}/metrics, and of the worker ")
            lines[-1] += f"http://127.0.0.1:{self.metrics}/metrics"
        return lines


def children_of(settings: Settings, ports: Ports, workers: int, python: Path) -> list[Child]:
    """The programs to run; the service comes first, so that it ends before its workers.

    They get the settings by their environment, as they were understood here.
    """
    environment = _environment(settings)
    greenpack = [str(python), "-m", "greenpack"]
    serve = [*greenpack, "serve"]
    children = [Child("service", serve, environment)]
    for index in range(workers):
        command = [*greenpack, "work"]
        if ports.metrics:
            command += ["--metrics-port", str(ports.metrics + index)]
        name = "worker" if workers == 1 else f"worker{index + 1}"
        children.append(Child(name, command, environment))
    report = [str(python), "-m", "streamlit", "run", str(report_script())]
    options = {
        "server.address": settings.service_host,
        "server.port": str(ports.report),
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
    }
    report += [f"--{name}={value}" for name, value in options.items()]
    return [*children, Child("report", report, environment)]


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
