"""The repository's public address: it stands in ``_config.yml`` alone, and notebooks are made to agree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from vtonlib.book.document import Chapter, default_folder, find, read, source, write
from vtonlib.book.freshness import cells_hash
from vtonlib.errors import VtonError

COLAB = re.compile(r"https://colab\.research\.google\.com/github/[^)\s\"'`]+")
INSTALL = re.compile(r"git\+https://[^)\s\"'`\\#]+")


@dataclass(frozen=True)
class Address:
    """Where the repository can be found by readers.

    Attributes:
        url: for example ``https://github.com/OWNER/REPO``, without a slash or ``.git`` at the end.
        branch: the branch that readers get.
    """

    url: str
    branch: str

    def colab(self, notebook: str) -> str:
        """The address that opens a notebook, named by its file name, in Colab."""
        owner_and_repo = self.url.removeprefix("https://github.com/")
        return f"https://colab.research.google.com/github/{owner_and_repo}/blob/{self.branch}/notebooks/{notebook}"

    def install(self) -> str:
        """What pip installs the package from."""
        return f"git+{self.url}@{self.branch}"


def configured(root: Path) -> Address:
    """Read the address that ``_config.yml`` holds.

    Raises:
        VtonError: if the file or its ``repository.url`` is missing, or the address is none of GitHub's.
    """
    file = root / "_config.yml"
    if not file.is_file():
        raise VtonError(f"{file}: no such file; it holds repository.url, the public address of the book")
    repository = (yaml.safe_load(file.read_text(encoding="utf-8")) or {}).get("repository") or {}
    url = str(repository.get("url", "")).rstrip("/").removesuffix(".git")
    if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", url):
        raise VtonError(f"{file}: repository.url must be https://github.com/OWNER/REPO, it is {url!r}")
    return Address(url, str(repository.get("branch", "main")))


def disagreements(chapter: Chapter, address: Address) -> list[tuple[int, str]]:
    """Addresses in a notebook that are not the repository's, each with the position of its cell."""
    return [
        (i, found)
        for i, cell in enumerate(chapter.cells)
        for pattern, want in _wanted(chapter, address)
        for found in pattern.findall(source(cell))
        if found != want
    ]


def rewrite(chapter: Chapter, address: Address) -> int:
    """Give a notebook the repository's address wherever it holds another, in memory.

    The stored outputs stay valid, because an address changes nothing that a cell prints; so the hash of the
    cells is brought up to date if it was up to date before.

    Returns:
        How many addresses were changed.
    """
    fresh = chapter.record.get("cells") == cells_hash(chapter)
    changes = disagreements(chapter, address)
    for i in {i for i, _ in changes}:
        text = source(chapter.cells[i])
        for pattern, want in _wanted(chapter, address):
            text = pattern.sub(want, text)
        chapter.cells[i]["source"] = text.splitlines(keepends=True)
    if fresh:
        chapter.record["cells"] = cells_hash(chapter)
    return len(changes)


def main() -> None:
    """Rewrite every notebook of the checkout, and print one line for each that changed."""
    folder = default_folder()
    for path in find([], folder):
        chapter = read(path)
        if count := rewrite(chapter, configured(chapter.root)):
            write(chapter.content, path)
            print(f"{path.stem}: {count} address{'es' if count > 1 else ''} set")


def _wanted(chapter: Chapter, address: Address) -> tuple[tuple[re.Pattern[str], str], ...]:
    return (COLAB, address.colab(chapter.path.name)), (INSTALL, address.install())


if __name__ == "__main__":
    main()
