"""Run notebooks one after the other, with a line of progress each: copies, or the committed ones.

``python -m vtonlib.book.execute`` leaves executed copies of all notebooks in ``_build/notebooks`` and the
checkout as it was; with ``--refresh`` it rewrites the committed notebooks. Exit code 1 if a notebook failed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from vtonlib.book.document import default_folder, find, read, write
from vtonlib.book.kernel import Run, run
from vtonlib.book.progress import Line, minutes
from vtonlib.errors import VtonError
from vtonlib.profiles import DEFAULT, PROFILES

OUT = Path("_build") / "notebooks"


def execute(paths: list[Path], out: Path, profile: str, refresh: bool = False) -> list[Run]:
    """Run notebooks and write what came of them; one that fails does not stop the others.

    Args:
        paths: the notebooks, in order.
        out: folder for the executed copies.
        profile: key of :data:`vtonlib.profiles.PROFILES`.
        refresh: rewrite the notebooks themselves; one that fails is left alone, and its copy shows the error.

    Raises:
        VtonError: if a notebook cannot be read, or there is no such profile.
    """
    chapters = [read(path) for path in paths]
    runs = []
    for number, chapter in enumerate(chapters, start=1):
        with Line(f"[{number}/{len(chapters)}] {chapter.path.stem} ({profile})") as line:
            done = run(chapter, profile, line.cell)
            line.end("FAILED" if done.failure else "ok")
        write(done.chapter.content, chapter.path if refresh and not done.failure else out / chapter.path.name)
        if done.failure:
            print(f"      {done.failure}")
        runs.append(done)
    return runs


def drop_old(folder: Path, out: Path) -> None:
    """Remove copies that must not replace the committed notebooks: older than theirs, or of none."""
    for copy in out.glob("*.ipynb"):
        committed = folder / copy.name
        if not committed.exists() or copy.stat().st_mtime < committed.stat().st_mtime:
            copy.unlink()


def main(arguments: list[str] | None = None) -> int:
    """The command line; see ``--help``.

    Returns:
        The exit code: 0, 1 if a notebook failed, 2 if one cannot be read, 130 if interrupted.
    """
    parser = argparse.ArgumentParser(prog="python -m vtonlib.book.execute", description="Run the book's notebooks.")
    parser.add_argument("notebooks", nargs="*", help="numbers, names or files; all if none is given")
    parser.add_argument("--profile", default=DEFAULT, choices=sorted(PROFILES))
    parser.add_argument("--out", type=Path, default=OUT, help="folder for the executed copies")
    parser.add_argument("--refresh", action="store_true", help="rewrite the committed notebooks, always under cpu")
    chosen = parser.parse_args(arguments)
    folder = default_folder()
    try:
        paths = find(chosen.notebooks, folder)
        runs = execute(paths, chosen.out, DEFAULT if chosen.refresh else chosen.profile, chosen.refresh)
    except VtonError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    drop_old(folder, chosen.out)
    return _summary(runs)


def _summary(runs: list[Run]) -> int:
    """Print a table if more than one notebook ran, and the verdict; return the exit code."""
    failed = [r for r in runs if r.failure]
    if len(runs) > 1:
        width = max(len(r.chapter.path.stem) for r in runs)
        for r in runs:
            verdict = f"FAILED at {r.failure}" if r.failure else "ok"
            print(f"  {r.chapter.path.stem:{width}}  {minutes(r.seconds):>6}  {verdict}")
    total = minutes(sum(r.seconds for r in runs))
    print(f"{len(runs) - len(failed)} of {len(runs)} notebooks ran to the end in {total}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
