"""How a chapter begins: its name, its promise to the reader, and its parameters."""

from __future__ import annotations

import re

from vtonlib.book.address import configured, disagreements
from vtonlib.book.document import Chapter, source
from vtonlib.book.parameters import declared
from vtonlib.errors import VtonError
from vtonlib.profiles import PROFILES

_GOAL = re.compile(r"^\s*(?:[-*]|\d+\.)\s+\W*(\w+)", re.MULTILINE)
_NOT_CHECKABLE = {"understand", "know", "learn", "appreciate", "be", "become", "familiarise", "familiarize"}
_NOT_CHECKABLE |= {"see", "get", "gain", "have", "explore", "study"}


def opening(chapter: Chapter) -> str:
    """All Markdown before the first code cell."""
    stop = next((i for i, _ in chapter.code()), len(chapter.cells))
    return "\n\n".join(source(c) for c in chapter.cells[:stop])


def section(text: str, title: str) -> str | None:
    """The Markdown under a heading, up to the next heading; None if there is no such heading."""
    found = re.search(rf"^#{{2,6}}\s+{title}\b[^\n]*\n(.*?)(?=^#{{1,6}}\s|\Z)", text, re.M | re.S | re.I)
    return found.group(1) if found else None


def file_name(chapter: Chapter) -> list[str]:
    """The file is named NN_name.ipynb, in lower case."""
    good = re.fullmatch(r"\d\d_[a-z0-9]+(_[a-z0-9]+)*\.ipynb", chapter.path.name)
    return [] if good else ["is not named NN_name.ipynb in lower case"]


def title(chapter: Chapter) -> list[str]:
    """The first cell begins with the chapter's title, the only heading of level 1."""
    prose = re.sub(r"^(```|~~~).*?^\1", "", chapter.prose(), flags=re.M | re.S)
    count = len(re.findall(r"^#\s", prose, re.M))
    faults = [] if count == 1 else [f"has {count} headings of level 1, there must be one"]
    if not (chapter.cells and source(chapter.cells[0]).startswith("# ")):
        faults.append("the first cell does not begin with the title, '# ...'")
    return faults


def promise(chapter: Chapter) -> list[str]:
    """The opening says what is built and what is needed before."""
    text = opening(chapter)
    return [
        f"the opening has no section '{wanted}' with text in it"
        for wanted in ("What you will build", "Prerequisites")
        if not (section(text, wanted) or "").strip()
    ]


def goals(chapter: Chapter) -> list[str]:
    """The opening lists at least 3 goals, each beginning with a verb that somebody could check."""
    found = _GOAL.findall(section(opening(chapter), "Goals") or "")
    faults = [] if len(found) >= 3 else [f"lists {len(found)} goals under 'Goals', there must be 3"]
    vague = [verb for verb in found if verb.lower() in _NOT_CHECKABLE]
    return faults + [f"a goal that begins with {verb!r} cannot be checked" for verb in vague]


def cost_table(chapter: Chapter) -> list[str]:
    """The opening has a table of minutes and memory with a row for each profile."""
    rows = [line for line in opening(chapter).splitlines() if line.lstrip().startswith("|")]
    head = " ".join(rows[:1]).lower()
    faults = [
        f"the opening's table of costs has no column '{column}'"
        for column in ("profile", "minutes", "memory")
        if column not in head
    ]
    first = [re.search(r"\w+", row) for row in rows]
    named = {word.group() for word in first if word}
    return faults + [f"the opening's table of costs has no row for {p}" for p in PROFILES if p not in named]


def address(chapter: Chapter) -> list[str]:
    """The opening links to Colab, and every address of the repository is the one in ``_config.yml``."""
    try:
        here = configured(chapter.root)
    except VtonError as error:
        return [str(error)]
    faults = [
        f"cell {i}: the address {found} is not that of _config.yml; run `make address`"
        for i, found in disagreements(chapter, here)
    ]
    if not any(here.install() in source(cell) for _, cell in chapter.code()):
        faults.append(f"no code cell installs the package in Colab from {here.install()}")
    if f"[Open in Colab]({here.colab(chapter.path.name)})" not in opening(chapter):
        faults.append(f"the opening has no link [Open in Colab]({here.colab(chapter.path.name)})")
    return faults


def parameters(chapter: Chapter) -> list[str]:
    """One cell tagged ``parameters`` holds commented literals, with PROFILE = "cpu" and an integer SEED."""
    try:
        found = {p.name: p for p in declared(chapter)}
    except VtonError as error:
        return [str(error).removeprefix(f"{chapter.path.name}: ")]
    faults = [f"parameter {p.name} has no comment on its line" for p in found.values() if not p.help]
    faults += [f"parameter {p.name} is None and needs a type" for p in found.values() if not p.types]
    if "PROFILE" not in found or found["PROFILE"].default != "cpu":
        faults.append('the parameters cell does not hold PROFILE = "cpu"')
    if "SEED" not in found or not isinstance(found["SEED"].default, int):
        faults.append("the parameters cell does not hold an integer SEED")
    return faults
