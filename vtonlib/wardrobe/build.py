"""Render a data set into a folder: in parallel, with the same bytes whatever the number of processes, and resumable.

Every sample is a pure function of (seed, split, index, size), so it does not matter which process renders it, or when.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from tqdm import tqdm

from vtonlib.data.atomic import write_atomically
from vtonlib.data.codecs import FORMATS, LARGEST_SIDE
from vtonlib.data.layout import SPLITS, is_intact, sample_files, sample_names, write_pairs, write_sample
from vtonlib.data.lists import LISTS_FILE, write_lists
from vtonlib.errors import VtonError

RENDERER = "vtonlib.wardrobe.render:render_sample"
SETTINGS_FILE = "settings.json"
MANIFEST_FILE = "manifest.json"
THREAD_VARIABLES = (
    "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS",
)  # fmt: skip
"""What makes the libraries of a process use one thread, if set before they are imported."""


@dataclass(frozen=True)
class RenderedSet:
    """A data set on disk.

    Attributes:
        folder: its root.
        made: samples of the split that were rendered now.
        kept: samples of the split that were there and intact.
        manifest_sha256: of ``manifest.json``: equal for equal sets.
    """

    folder: Path
    made: int
    kept: int
    manifest_sha256: str


@dataclass(frozen=True)
class _Plan:
    """What a worker must know to make any sample of the set."""

    root: Path
    split: str
    seed: int
    size: tuple[int, int]
    image_format: str
    quality: int
    renderer: str

    def settings(self) -> dict[str, Any]:
        """What all samples of a folder share."""
        return {
            "seed": self.seed, "size": list(self.size), "image_format": self.image_format, "quality": self.quality,
        }  # fmt: skip


def render_set(
    out: Path,
    people: int,
    size: tuple[int, int],
    jobs: int = 1,
    seed: int = 0,
    split: str = "train",
    image_format: str = "webp",
    quality: int = 92,
    renderer: str = RENDERER,
) -> RenderedSet:
    """Render one split of a data set, or go on where an earlier call was cut off.

    The folder holds the layout of :mod:`vtonlib.data.layout`, ``settings.json`` with what all samples share,
    ``lists.json`` once the test split is there, and ``manifest.json`` with the SHA-256 of every file, written last.

    Args:
        out: the folder; it is made, or is empty, or holds samples of the same seed, size, format and quality.
        people: samples of the split, one person each; a later call may ask for more.
        size: (height, width) in pixels, 4:3 portrait, multiples of 8.
        jobs: processes, each with one thread.
        seed: everything random follows from it, the split and the sample's index.
        split: ``train`` or ``test``.
        image_format: of the pictures, one of :data:`vtonlib.data.codecs.FORMATS`.
        quality: of webp and jpg, 1..100.
        renderer: ``package.module:function`` that draws a sample; tests replace it.

    Raises:
        VtonError: for a bad argument, a folder with something else in it, a full disk, or a missing package; what was
            there is left as it was.
    """
    plan = _Plan(out.absolute(), split, seed, size, image_format, quality, renderer)
    _check_arguments(plan, people, jobs)
    try:
        _check_folder(plan.root)
        plan.root.mkdir(parents=True, exist_ok=True)
        with FileLock(plan.root / ".lock", timeout=0):
            return _render_locked(plan, people, jobs)
    except Timeout as error:
        raise VtonError(f"{out}: another process renders into it; wait for it or choose another folder") from error
    except OSError as error:
        raise VtonError(
            f"{out}: cannot be written ({error.strerror or error}); what was there is kept: free some space or choose"
            " another folder"
        ) from error


def _render_locked(plan: _Plan, people: int, jobs: int) -> RenderedSet:
    _adopt_settings(plan)
    (plan.root / plan.split / "meta").mkdir(parents=True, exist_ok=True)
    _sweep(plan.root, plan.split)
    wanted = [_sample_name(index) for index in range(people)]
    there = sample_names(plan.root, plan.split)
    if extra := sorted(set(there) - set(wanted)):
        raise VtonError(
            f"{plan.root / plan.split}: holds {len(there)} people, up to {extra[-1]}; ask for no fewer, or choose"
            " another folder"
        )
    missing = [name for name in wanted if not is_intact(plan.root, plan.split, name)]
    # Until the end nobody shall take the folder for a finished set.
    if missing:
        (plan.root / MANIFEST_FILE).unlink(missing_ok=True)
        _render_all(plan, [int(name) for name in missing], jobs)
    write_pairs(plan.root, plan.split)
    if plan.split == "test":
        write_lists(plan.root)
    digest = _write_manifest(plan.root)
    return RenderedSet(plan.root, len(missing), people - len(missing), digest)


def _render_all(plan: _Plan, indices: list[int], jobs: int) -> None:
    """Render the samples in worker processes: also for one job, since only a new process can be held to one thread."""
    with _one_thread():
        pool = ProcessPoolExecutor(min(jobs, len(indices)), get_context("spawn"), _start_worker)
        try:
            futures = [pool.submit(_render_one, plan, index) for index in indices]
            # The bar hides itself where nobody looks: in a file or a pipe.
            for future in tqdm(as_completed(futures), total=len(futures), unit="sample", disable=None):
                future.result()
        except BrokenProcessPool as error:
            raise VtonError(
                f"{plan.root}: a process of the renderer was killed, perhaps for want of memory; run again with fewer"
                " --jobs: what is there is kept"
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)


def _start_worker() -> None:
    """Leave Ctrl-C to the parent, and end when the parent is gone, even killed: a pool's worker would wait forever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _render_one(plan: _Plan, index: int) -> None:
    module, function = plan.renderer.split(":")
    try:
        render = getattr(import_module(module), function)
        sample = render(plan.seed, plan.split, index, plan.size)
    except ModuleNotFoundError as error:
        raise VtonError(f"rendering needs {error.name}; run: pip install 'vtonlib[render]'") from error
    write_sample(plan.root, plan.split, _sample_name(index), sample, plan.image_format, plan.quality)


def _sample_name(index: int) -> str:
    return f"{index:06d}"


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let the processes that are started meanwhile use one thread each."""
    saved = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in saved.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _check_arguments(plan: _Plan, people: int, jobs: int) -> None:
    height, width = plan.size
    if people < 1:
        raise VtonError(f"people is {people}; ask for at least 1")
    if people > 999_999:
        raise VtonError(f"people is {people}; ask for at most 999999, the names have six digits")
    if jobs < 1:
        raise VtonError(f"jobs is {jobs}; ask for at least 1 process")
    if height < 8 or width < 8 or height % 8 or width % 8 or height * 3 != width * 4 or height > LARGEST_SIDE:
        raise VtonError(
            f"size is {height} x {width}; give HEIGHT WIDTH as 4:3 portrait in multiples of 8, up to {LARGEST_SIDE}"
            " rows, for example 128 96 or 256 192"
        )
    if plan.seed < 0:
        raise VtonError(f"seed is {plan.seed}; give 0 or more")
    if plan.split not in SPLITS:
        raise VtonError(f"split is {plan.split!r}; choose one of {', '.join(SPLITS)}")
    if plan.image_format not in FORMATS:
        raise VtonError(f"image format is {plan.image_format!r}; choose one of {', '.join(FORMATS)}")
    if not 1 <= plan.quality <= 100:
        raise VtonError(f"quality is {plan.quality}; give 1 to 100")


def _check_folder(root: Path) -> None:
    """Refuse a file, and a folder with something that is not ours."""
    if root.exists() and not root.is_dir():
        raise VtonError(f"{root}: is a file; choose a folder")
    foreign = root.is_dir() and any(not path.name.startswith(".") for path in root.iterdir())
    if foreign and not (root / SETTINGS_FILE).exists():
        raise VtonError(f"{root}: holds other files and no {SETTINGS_FILE}; choose an empty folder")


def _adopt_settings(plan: _Plan) -> None:
    """Write the settings of a new folder, or hold those of an old one against the plan."""
    path = plan.root / SETTINGS_FILE
    asked = plan.settings()
    if not path.exists():
        write_atomically(path, (json.dumps(asked) + "\n").encode())
        return
    try:
        found = dict(json.loads(path.read_bytes()))
    except (ValueError, TypeError) as error:
        raise VtonError(f"{path}: is damaged ({error}); delete the folder or choose another") from error
    for name, value in asked.items():
        if found.get(name) != value:
            raise VtonError(
                f"{path}: the set was made with {name} {found.get(name)}, not {value}; ask for the same or choose"
                " another folder"
            )


def _sweep(root: Path, split: str) -> None:
    """Remove temporary files that a killed process left; the lock says that nobody writes now."""
    for left in [*root.glob(".*.json.*"), *root.glob(".*.txt.*"), *(root / split / "meta").glob(".*")]:
        left.unlink()


def _write_manifest(root: Path) -> str:
    """Write the SHA-256 of every file of the set by its path, and return the manifest's own."""
    paths = [root / name for name in (SETTINGS_FILE, LISTS_FILE, *(f"{split}_pairs.txt" for split in SPLITS))]
    for split in SPLITS:
        if (root / split).is_dir():
            for name in sample_names(root, split):
                paths += sample_files(root, split, name)
    found = sorted(path.relative_to(root).as_posix() for path in paths if path.exists())
    hashes = {relative: hashlib.sha256((root / relative).read_bytes()).hexdigest() for relative in found}
    data = (json.dumps({"files": hashes}, indent=0) + "\n").encode()
    write_atomically(root / MANIFEST_FILE, data)
    return hashlib.sha256(data).hexdigest()
