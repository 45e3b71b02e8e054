"""What made a result: commit, versions, machine, memory, and where results are kept."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
from pathlib import Path

import numpy
import torch

import vtonlib


def project_folder() -> Path:
    """The nearest folder, from here upwards, that holds the book's ``_config.yml``; here if there is none."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "_config.yml").exists()), here)


def runs_folder() -> Path:
    """Where runs keep checkpoints, logs and figures: ``VTON_RUNS``, or ``runs`` in the project."""
    return Path(os.environ.get("VTON_RUNS") or project_folder() / "runs")


def commit() -> str:
    """Ten digits of the project's git commit, with ``+`` if the library's code differs from it; or ``unknown``."""

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(Path(__file__).parent), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    try:
        changed = git("status", "--porcelain", "--", "*.py")
        return git("rev-parse", "--short=10", "HEAD") + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def versions() -> dict[str, str]:
    """Versions of what decides a result."""
    return {
        "vtonlib": vtonlib.__version__,
        "torch": str(torch.__version__),
        "numpy": numpy.__version__,
        "python": platform.python_version(),
    }


def hardware(device: torch.device, precision: str) -> str:
    """The machine in words, such as ``CPU (AVX2), 2 threads, 32-true``."""
    if device.type == "cuda":
        return f"{torch.cuda.get_device_name(device)}, {precision}"
    if device.type == "cpu":
        return f"CPU ({torch.backends.cpu.get_cpu_capability()}), {torch.get_num_threads()} threads, {precision}"
    return f"{device.type}, {precision}"


def peak_mib() -> int:
    """The most memory that this process has held so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024 if sys.platform == "darwin" else 1024)
