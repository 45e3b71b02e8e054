"""Set the quality bars of a chapter from five seeds.

``python benchmarks/bars.py 02_gan_basics --profile smoke`` runs the notebook with seeds 0 to 4 by ``vtonlib rerun``,
takes the worst seed of each figure with slack, and writes it to ``vtonlib/bars/02_gan_basics.json`` with
the date and the versions. Finished runs are kept under ``runs/bars``, so it can be cut off and taken up again; delete
that folder after a change of the notebook or the library. Without arguments it prints the bars that are stored.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from vtonlib.bars import FOLDER, set_threshold
from vtonlib.provenance import hardware, versions
from vtonlib.training.device import make_fabric

SEEDS = range(5)


def figures_of(notebook: str, profile: str, seed: int, folder: Path) -> dict[str, float]:
    """The figures that one run of a notebook noted, from a run that is stored or is done now."""
    rows = folder / f"{profile}-{seed}" / "metrics.jsonl"
    if not rows.exists():
        command = [sys.executable, "-m", "vtonlib.cli", "rerun", notebook, "-p", "PROFILE", profile]
        command += ["-p", "SEED", str(seed), "--out", str(rows.parent / f"{notebook}.ipynb")]
        rows.parent.mkdir(parents=True, exist_ok=True)
        variables = {"VTON_RECORD_BARS": "1", "VTON_RUNS": str(rows.parent.resolve())}
        subprocess.run(command, check=True, env=os.environ | variables)
    row = json.loads(rows.read_text().splitlines()[-1])
    return {name: score["value"] for name, score in row["metrics"].items()}


def print_stored() -> None:
    """Print every bar of every chapter."""
    for path in sorted(FOLDER.glob("*.json")):
        for profile, bars in json.loads(path.read_text())["profiles"].items():
            for figure, bar in bars.items():
                if isinstance(bar, dict) and "threshold" in bar:
                    print(f"{path.stem}  {profile:6s} {figure:22s} {bar['threshold']:.4g}")


def main() -> None:
    """Run the seeds and write the bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebook", nargs="?")
    parser.add_argument("--profile", default="cpu")
    arguments = parser.parse_args()
    if arguments.notebook is None:
        print_stored()
        return
    path = FOLDER / f"{arguments.notebook}.json"
    record = json.loads(path.read_text())
    folder = Path("runs") / "bars" / arguments.notebook
    seeds = [figures_of(arguments.notebook, arguments.profile, seed, folder) for seed in SEEDS]
    fabric = make_fabric()
    bars: dict[str, object] = {
        "date": datetime.now(UTC).date().isoformat(),
        "versions": versions(),
        "hardware": hardware(fabric.device, str(fabric._precision.precision)),
    }
    for figure, about in record["figures"].items():
        if arguments.profile not in about.get("profiles", (arguments.profile,)):
            continue  # this profile's runs are too short for it
        values = [seed[figure] for seed in seeds]
        bars[figure] = {"seeds": values, "threshold": set_threshold(values, about["good"])}
        print(f"{figure:24s} {[f'{v:.4g}' for v in values]} -> {bars[figure]['threshold']:.4g}")  # type: ignore[index]
    record["profiles"][arguments.profile] = bars
    path.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
