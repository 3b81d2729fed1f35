"""What a figure was made on: processor, GPU and library versions; nothing that names a place."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import greenpack


def machine() -> dict[str, Any]:
    """Processor model, its cores, memory in GiB, and the GPUs' names."""
    import torch

    gpus = [torch.cuda.get_device_name(k) for k in range(torch.cuda.device_count())]
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count() or 1,
        "memory_gib": _memory_gib(),
        "gpus": gpus,
    }


def versions() -> dict[str, str]:
    """Versions of Python and of what decides about the numbers."""
    found = {"python": platform.python_version(), "greenpack": greenpack.__version__}
    for name in ("torch", "ultralytics", "numpy", "opencv-python"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # some environments bring it under another name
            found[name] = "unknown"
    return found


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text("utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _memory_gib() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (AttributeError, ValueError, OSError):
        return None
