"""How fast, how light and how clean the wardrobe is drawn.

``python benchmarks/render.py`` takes a few minutes on 2 free cores, prints a table and writes ``results/render.json``.
Every process starts fresh, uses one thread, and first draws samples of another seed that are not counted: they load
the compiled renderer; what that costs is ``warm_up_s``. Heads of hair are grown once and kept on disk; before anything
is timed all that the samples need are (``banks_s``, close to nothing where an earlier run has left them). Skins,
bodies, poses and garments are new in every sample. A sample is four pictures of a dressed person with all labels; its
two in-shop pictures are drawn in its time and not counted as pictures.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from importlib.metadata import version
from multiprocessing import get_context
from statistics import median
from typing import Any

import numpy as np

from vtonlib import results
from vtonlib.data.mini import ARCHIVE
from vtonlib.data.sample import VIEWS, Sample
from vtonlib.wardrobe.build import THREAD_VARIABLES, _start_worker
from vtonlib.wardrobe.quality import pieces, poke_through
from vtonlib.wardrobe.render import render_sample, supersampling_for

SIZE = (256, 192)
SMALL = (64, 48)
SEED = 0
SAMPLES = 100
ALONE = 40
WARM_UP = 48
WORN = {"person": "cloth", "other_pose": "cloth", "swap": "other_cloth", "other_pose_swap": "other_cloth"}
ASKED = {
    "persons_per_s_1": ("at least", 12.0), "persons_per_s_2_over_1": ("at least", 1.8),
    "first_body_s": ("under", 5.0), "body_s": ("under", 1.0), "peak_mib": ("under", 1024.0),
    "poke_through_p95": ("under", 0.003), "one_piece_share": ("at least", 0.99), "mini_mib": ("at most", 45.0),
}  # fmt: skip
"""What is asked. ``linearity``, processor time of all samples over that of the first half, is 2 at an even pace;
``poke_through_p95`` is over views, and ``clean_samples`` says how many samples are below its bound in all four."""

SHARED: dict[str, Any] = {}
"""In a process that draws: ``warm``, the barrier at which all wait when they are warm."""

BODY = """
import time
from vtonlib.wardrobe.body import Phenotype, body_model
started = time.perf_counter()
body_model().shape(Phenotype())
print(time.perf_counter() - started)
"""


@dataclass(frozen=True)
class Shift:
    """What one process drew.

    Attributes:
        warm_up: seconds of the processor that the samples took which do not count.
        began: clock at the start of the first sample that counts; one clock for all processes.
        ended: clock after the last sample.
        cpu: seconds of the processor that each sample took; what else runs on the machine does not add to them.
        peak_mib: the most memory that the process held while it drew.
        views: (sample, view, poke-through, pieces) of each picture, measured when the last was drawn.
    """

    warm_up: float
    began: float
    ended: float
    cpu: list[float]
    peak_mib: float
    views: list[tuple[int, str, float, int]]


def start(barrier: Any) -> None:
    """Begin a process that ends with its parent, and keep where it waits for the others."""
    _start_worker()
    SHARED["warm"] = barrier


def draw(indices: range) -> Shift:
    """Warm up, wait until all processes have, and draw samples."""
    started = time.process_time()
    try:
        for index in range(WARM_UP):
            render_sample(SEED + 1, "train", index, SIZE)
    except BaseException:
        SHARED["warm"].abort()  # or the other process would wait for this one
        raise
    warm_up = time.process_time() - started
    SHARED["warm"].wait()
    began, cpu, drawn = time.monotonic(), [], []
    for index in indices:
        started = time.process_time()
        drawn.append(labels_only(render_sample(SEED, "train", index, SIZE)))
        cpu.append(time.process_time() - started)
    ended = time.monotonic()
    unit = 2**20 if sys.platform == "darwin" else 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    views = [
        (index, name, poke_through(sample.require(name)), pieces(sample.require(name), category_of(sample, name)))
        for index, sample in zip(indices, drawn, strict=True)
        for name in VIEWS
    ]
    return Shift(warm_up, began, ended, cpu, peak, views)


def labels_only(sample: Sample) -> Sample:
    """The sample without its largest field, so that keeping it does not count as the renderer's memory."""
    return replace(sample, **{name: replace(sample.require(name), correspondence=None) for name in VIEWS})


def category_of(sample: Sample, view: str) -> str:
    """``top``, ``bottom`` or ``dress``: what the sample's garment in a view is."""
    return str(sample.require(f"{WORN[view]}.category"))


def fill_banks(indices: range) -> None:
    """Draw samples very small, which grows the hair that they need and keeps it on disk for all processes."""
    for index in indices:
        render_sample(SEED, "train", index, SMALL)


def in_processes(shares: list[range]) -> list[Shift]:
    """Draw shares of samples, each in a process of its own that starts fresh."""
    context = get_context("spawn")
    with ProcessPoolExecutor(len(shares), context, start, (context.Barrier(len(shares)),)) as pool:
        return [job.result() for job in [pool.submit(draw, share) for share in shares]]


def per_second(shifts: list[Shift]) -> float:
    """Pictures of a dressed person a second."""
    return len(VIEWS) * sum(len(shift.cpu) for shift in shifts) / seconds(shifts)


def seconds(shifts: list[Shift]) -> float:
    """From the first start to the last end."""
    return max(shift.ended for shift in shifts) - min(shift.began for shift in shifts)


def undisturbed(shifts: list[Shift]) -> float:
    """Share of the time in which the processes that drew had a core each: less than 1 where others used the machine."""
    return sum(sum(shift.cpu) for shift in shifts) / len(shifts) / seconds(shifts)


def body_seconds() -> tuple[float, float]:
    """Seconds to the first body in a fresh process, beyond importing: cache empty, and the median of 3 later."""
    with tempfile.TemporaryDirectory() as cache:
        command, variables = [sys.executable, "-c", BODY], os.environ | {"VTON_CACHE": cache}
        first, *later = (
            float(subprocess.run(command, env=variables, check=True, capture_output=True, text=True).stdout)
            for _ in range(4)
        )
    return first, median(later)


def measure() -> dict[str, Any]:
    """All figures, and the views that fall short."""
    load = os.getloadavg()[0]
    first_body_s, body_s = body_seconds()
    started = time.monotonic()
    with ProcessPoolExecutor(1, get_context("spawn"), _start_worker) as pool:
        pool.submit(fill_banks, range(SAMPLES)).result()
    banks_s = time.monotonic() - started
    (alone,) = in_processes([range(ALONE)])
    both = in_processes([range(0, SAMPLES, 2), range(1, SAMPLES, 2)])
    views = sorted(view for shift in both for view in shift.views)
    shares = np.array([share for _, _, share, _ in views]).reshape(SAMPLES, len(VIEWS))
    clean = (shares < ASKED["poke_through_p95"][1]).all(axis=1)
    rates = per_second([alone]), per_second(both)
    return {
        "persons_per_s_1": round(rates[0], 2),
        "persons_per_s_2": round(rates[1], 2),
        "persons_per_s_2_over_1": round(rates[1] / rates[0], 2),
        "linearity": round(sum(alone.cpu) / sum(alone.cpu[: ALONE // 2]), 2),
        "undisturbed_1": round(undisturbed([alone]), 2),
        "undisturbed_2": round(undisturbed(both), 2),
        "banks_s": round(banks_s, 1),
        "warm_up_s": round(alone.warm_up - WARM_UP * sum(alone.cpu) / ALONE, 1),
        "first_body_s": round(first_body_s, 2),
        "body_s": round(body_s, 3),
        "peak_mib": round(alone.peak_mib),
        "poke_through_p95": round(float(np.quantile(shares, 0.95)), 5),
        "clean_samples": round(float(np.mean(clean)), 3),
        "one_piece_share": round(float(np.mean([count == 1 for *_, count in views])), 4),
        "mini_mib": round(ARCHIVE.stat().st_size / 2**20, 1) if ARCHIVE.exists() else None,
        "load_before": round(load, 2),
        "poking": {f"{index} {name}": round(share, 5) for index, name, share, _ in views if share > 0},
        "in_pieces": {f"{index} {name}": count for index, name, _, count in views if count != 1},
    }


def about() -> dict[str, Any]:
    """Settings and machine."""
    import torch  # here, so that the processes that draw do not carry it

    from vtonlib.provenance import commit, hardware, versions

    ss = supersampling_for(SIZE)
    return {
        "settings": (
            f"{SIZE[0]} x {SIZE[1]}, {ss} x {ss} samples a pixel, all labels; seed {SEED}, {SAMPLES} samples of 4 views"
            f" in two processes, the first {ALONE} of them in one, after {WARM_UP} others as warm-up;"
            " hair from the bank, everything else new; each sample's time includes its two in-shop pictures"
        ),
        "commit": commit(),
        "versions": versions() | {name: version(name) for name in ("anny", "numba", "scipy")},
        "hardware": f"{hardware(torch.device('cpu'), 'float32')} a process, {os.cpu_count()} cores",
    }


def print_table(figures: dict[str, Any]) -> None:
    """Each figure beside what is asked for, then the views that fall short."""
    for name, value in figures.items():
        if not isinstance(value, dict):
            bound, asked = ASKED.get(name, ("", ""))
            print(f"{name:24s} {'-' if value is None else value!s:>9}   {bound} {asked}".rstrip())
    worst = sorted(figures["poking"].items(), key=lambda item: -item[1])[:12]
    print("worst poke-through:", ", ".join(f"{view} {share:.2%}" for view, share in worst) or "none")
    print("not in one piece:", ", ".join(f"{view} ({count})" for view, count in figures["in_pieces"].items()) or "none")


def main() -> None:
    """Measure, store, print."""
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    content = about()
    figures = measure()
    results.save("render", content | figures | {"asked": ASKED})
    for name, value in content.items():
        print(f"{name}: {value}")
    print_table(figures)


if __name__ == "__main__":
    main()
