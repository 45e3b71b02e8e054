"""Build the book's HTML from executed notebooks, offline, with every warning an error.

    python book/build.py                                  # the committed outputs -> _build/html
    python book/build.py --notebooks _build/notebooks     # freshly executed copies replace the committed ones
    python book/build.py --out DIR                        # -> DIR/_build/html, for tests

Everything that pages are made of is copied to ``_build/source`` first and built from there: the checkout is never
written, stray files of other tools are never read, and fresh notebooks lie where the links expect them. Takes seconds.
"""

from __future__ import annotations

import argparse
import filecmp
import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

sys.path.append(str(Path(__file__).resolve().parent))  # for tests, which load this file by its path
import fetch_mathjax

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK_PATTERN = "[0-9][0-9]_*.ipynb"
PLACEHOLDER_OWNER = "OWNER"
# Distributions whose version changes what a page looks like: a new one must not reuse old doctrees.
TOOLS = ("jupyter-book", "sphinx", "myst-nb", "sphinx-exercise", "sphinxcontrib-bibtex")


class BuildError(Exception):
    """What keeps the book from being built; one line that names the file and the mend."""


def sources(root: Path, notebooks: Path | None) -> dict[str, Path]:
    """What pages are made of: path in the staged tree -> file. Notebooks in `notebooks` replace the checkout's."""
    found: dict[str, Path] = {}
    for path in sorted((root / "book").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            found[path.relative_to(root).as_posix()] = path
    for folder in [root / "notebooks", *([notebooks] if notebooks else [])]:
        for path in sorted(folder.glob(NOTEBOOK_PATTERN)):
            found[f"notebooks/{path.name}"] = path
    return found


def stage(files: dict[str, Path], target: Path) -> None:
    """Make `target` hold exactly `files`; an unchanged file keeps its time, so that its page is not built again."""
    for name, path in files.items():
        copy = target / name
        if not (copy.is_file() and filecmp.cmp(path, copy, shallow=False)):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    for path in [p for p in target.rglob("*") if p.is_file()]:
        if path.relative_to(target).as_posix() not in files:
            path.unlink()


def add_mathjax(files: dict[str, Path], config: dict, mathjax: Path) -> bool:
    """Put MathJax into the staged tree and point the pages at it; False where it has not been fetched."""
    if not fetch_mathjax.is_present(mathjax):
        return False
    for path in sorted(mathjax.rglob("*")):
        if path.is_file():
            files[f"book/_static/mathjax/{path.relative_to(mathjax).as_posix()}"] = path
    config["sphinx"]["config"]["mathjax_path"] = f"mathjax/{fetch_mathjax.ENTRY}"
    return True


def toc_files(toc: object) -> Iterator[str]:
    """Every page that a table of contents names, without its ending."""
    if isinstance(toc, dict):
        for key, value in toc.items():
            if key in ("root", "file"):
                yield str(value)
            else:
                yield from toc_files(value)
    elif isinstance(toc, list):
        for value in toc:
            yield from toc_files(value)


def check_pages(files: dict[str, Path], pages: Iterable[str]) -> None:
    """Refuse a table of contents that names a page which does not exist.

    Raises:
        BuildError: naming the first such page.
    """
    for page in pages:
        if not any(f"{page}{ending}" in files for ending in (".md", ".ipynb")):
            raise BuildError(f"book/_toc.yml: there is no {page}.md or {page}.ipynb; write it or take the line out")


def check_outputs(name: str, path: Path) -> None:
    """Refuse a notebook that holds the traceback of a cell which was not meant to fail.

    Raises:
        BuildError: naming the notebook, the cell and the exception.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError) as error:
        raise BuildError(f"{name}: not a notebook ({error})") from None
    for number, cell in enumerate(cells, start=1):
        if "raises-exception" in cell.get("metadata", {}).get("tags", []):
            continue
        for output in cell.get("outputs", []):
            if output.get("output_type") == "error":
                what = f"{output.get('ename', 'error')}: {output.get('evalue', '')}".splitlines()[0]
                raise BuildError(f"{name}: cell {number} failed ({what}); mend it and run the notebook again")


def library_hash(root: Path, files: dict[str, Path]) -> str:
    """A hash of what cached pages depend on beyond their own text: vtonlib, notebooks, settings, extensions, tools."""
    parts = {f"vtonlib/{p.relative_to(root / 'vtonlib')}": p for p in (root / "vtonlib").rglob("*.py")}
    parts |= {n: p for n, p in files.items() if n.startswith(("notebooks/", "book/_ext/")) or n == "_config.yml"}
    digest = hashlib.sha256()
    for tool in TOOLS:
        digest.update(f"{tool} {importlib.metadata.version(tool)}\n".encode())
    for name in sorted(parts):
        digest.update(f"{name} {hashlib.sha256(parts[name].read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def drop_stale(build: Path, new_hash: str) -> bool:
    """Delete cached pages that were made under another hash; whether there was something to delete.

    Sphinx notices a page whose own text has changed, never one whose library has.
    """
    mark = build / ".libhash"
    if mark.is_file() and mark.read_text().strip() == new_hash:
        return False
    stale = [build / name for name in (".doctrees", ".jupyter_cache", "jupyter_execute", "html")]
    had_any = any(path.exists() for path in stale)
    for path in stale:
        shutil.rmtree(path, ignore_errors=True)
    mark.unlink(missing_ok=True)
    return had_any


def run_jupyter_book(source: Path, out: Path) -> int:
    """Run Jupyter Book over the staged tree: nitpicky, warnings are errors, all of them shown."""
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(source)]
    command += ["--config", str(source / "_config.yml"), "--toc", str(source / "book" / "_toc.yml")]
    command += ["--path-output", str(out), "-W", "-n", "--keep-going", "-q"]
    # The extensions import vtonlib, also where the project has not been installed.
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    env = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=source, env=env, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        print(done.stdout)
    return done.returncode


def build_book(out: Path, notebooks: Path | None = None) -> Path:
    """Build ``out/_build/html`` and return the path of its index.

    Raises:
        BuildError: if a source is missing or holds a failed cell, or Jupyter Book reports a warning or an error.
    """
    if notebooks is not None and not notebooks.is_dir():
        raise BuildError(f"--notebooks {notebooks}: no such folder")
    build = out / "_build"
    source = build / "source"
    files = sources(ROOT, notebooks)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    pages = list(toc_files(yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))))
    check_pages(files, pages)
    for name in (f"{page}.ipynb" for page in pages):
        if name in files:
            check_outputs(name, files[name])
    if not add_mathjax(files, config, fetch_mathjax.folder()):
        print("MathJax has not been fetched (it needs npm, once): pages load it from the network when read.")
    if f"/{PLACEHOLDER_OWNER}/" in config["repository"]["url"]:
        print("_config.yml: repository.url is still the placeholder; Colab and repository links lead nowhere yet.")

    build.mkdir(parents=True, exist_ok=True)
    staged_config = build / "config.yml"
    staged_config.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    files["_config.yml"] = staged_config
    stage(files, source)
    new_hash = library_hash(ROOT, files)
    if drop_stale(build, new_hash):
        print("vtonlib, a notebook or a setting has changed: all pages are built anew.")
    if run_jupyter_book(source, out):
        raise BuildError("the book was not built: see the warnings above")
    (build / ".libhash").write_text(new_hash + "\n")
    return build / "html" / "index.html"


def main(argv: list[str] | None = None) -> int:
    """The command line; 0, 1 when pages have errors, 2 for a bad argument."""
    parser = argparse.ArgumentParser(description="Build the book's HTML from executed notebooks.")
    parser.add_argument("--notebooks", type=Path, help="folder of executed copies that replace the committed ones")
    parser.add_argument("--out", type=Path, default=ROOT, help="folder that receives _build (default: the checkout)")
    args = parser.parse_args(argv)
    start = time.perf_counter()
    try:
        index = build_book(args.out.resolve(), args.notebooks.resolve() if args.notebooks else None)
    except BuildError as error:
        print(f"book: {error}", file=sys.stderr)
        return 1
    pages = sum(1 for page in index.parent.rglob("*.html") if "_static" not in page.parts)
    print(f"book: {pages} pages in {time.perf_counter() - start:.0f} s -> {index}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
