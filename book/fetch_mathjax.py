"""Fetch MathJax from its npm package, so that the built book shows formulas without the network.

    python book/fetch_mathjax.py            # part of `make setup`; needs npm once, does nothing the second time

The files go to ``<environment>/share/mathjax``, which git never sees, and ``book/build.py`` copies them into the
book. Without npm or without a network the script says so in one line and succeeds: the pages then load MathJax from
the network when they are read. Only a package that is not the expected one is an error (exit code 1).
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "3.2.2"
SHA256 = "1b9c0a1c44df864e915690558e72adb9cc5203360daefd385084ced3b6c64c09"
"""Of the npm package's archive; a package of a published version never changes."""

WANTED = (
    "package/LICENSE",
    "package/es5/tex-mml-chtml.js",
    "package/es5/input/tex/extensions/",
    "package/es5/output/chtml/fonts/",
    "package/es5/a11y/",
    "package/es5/sre/mathmaps/base.json",
    "package/es5/sre/mathmaps/en.json",
    "package/es5/sre/mathmaps/nemeth.json",
)
"""What a page can ask for: the script, rarer TeX macros, fonts, and English speech and Braille for screen readers."""

ENTRY = "tex-mml-chtml.js"
"""The script that a page loads, relative to the folder."""


class FetchError(Exception):
    """The package could not be had or is not what it should be; one line that says so."""


def folder() -> Path:
    """Where MathJax is kept: inside the Python environment that builds the book."""
    return Path(sys.prefix) / "share" / "mathjax"


def is_present(target: Path) -> bool:
    """Whether `target` holds a complete MathJax of the wanted version (the mark is written last)."""
    mark = target / "VERSION"
    return mark.is_file() and mark.read_text().strip() == VERSION and (target / ENTRY).is_file()


def unpack(archive: Path, target: Path) -> int:
    """Write the wanted files of an npm archive under `target` and return their number.

    Only regular files are written, each under a path that stays inside `target`: links, devices and members with
    ``..`` are refused, whatever Python's own extraction would do with them.

    Raises:
        FetchError: if a member would leave the folder or is not a regular file.
    """
    count = 0
    with tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            if member.isdir() or not member.name.startswith(WANTED):
                continue
            relative = member.name.removeprefix("package/").removeprefix("es5/")
            path = (target / relative).resolve()
            if not member.isfile() or not path.is_relative_to(target.resolve()):
                raise FetchError(f"{archive.name}: refusing to unpack {member.name!r}")
            content = tar.extractfile(member)
            assert content is not None  # isfile() has said so
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.read())
            count += 1
    return count


def download(into: Path) -> Path:
    """Let npm fetch the package's archive into the folder `into`.

    Raises:
        FetchError: if npm is missing, fails, or brings another archive than the expected one.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise FetchError("npm is not installed")
    done = subprocess.run(
        [npm, "pack", f"mathjax@{VERSION}", "--silent", "--pack-destination", str(into)],
        capture_output=True, text=True, cwd=into, timeout=300,
    )  # fmt: skip
    archive = into / f"mathjax-{VERSION}.tgz"
    if done.returncode or not archive.is_file():
        reason = (done.stderr.strip() or "no archive").splitlines()[-1]
        raise FetchError(f"npm could not fetch mathjax {VERSION} ({reason})")
    return archive


def verify(archive: Path) -> None:
    """Compare the archive with :data:`SHA256`.

    Raises:
        FetchError: if it is another file.
    """
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != SHA256:
        raise FetchError(f"{archive.name} has SHA-256 {found}, expected {SHA256}")


def install(archive: Path, target: Path) -> int:
    """Unpack beside `target`, then move into place, so that an interrupted run leaves nothing half done."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".mathjax-") as scratch:
        fresh = Path(scratch) / "mathjax"
        count = unpack(archive, fresh)
        (fresh / "VERSION").write_text(VERSION + "\n")
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    return count


def main() -> int:
    """Fetch what is missing; 0 unless the package is a wrong one."""
    target = folder()
    if is_present(target):
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        try:
            archive = download(Path(scratch))
        except (FetchError, subprocess.TimeoutExpired) as error:
            print(f"MathJax: {error}; the book's pages will load MathJax from the network.")
            return 0
        try:
            verify(archive)
            count = install(archive, target)
        except (FetchError, OSError) as error:
            print(f"MathJax: {error}", file=sys.stderr)
            return 1
    print(f"MathJax {VERSION}: {count} files in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
