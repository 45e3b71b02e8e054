"""The notebook contract: every rule that a chapter must obey, and one function that applies them all.

Run ``python -m vtonlib.book.contract 02`` for the faults of one chapter.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from vtonlib.book.document import Chapter, default_folder, find, read
from vtonlib.book.freshness import staleness
from vtonlib.book.rules import cells, ending, opening, outputs
from vtonlib.errors import VtonError

Rule = Callable[[Chapter], list[str]]


def provenance(chapter: Chapter) -> list[str]:
    """The stored outputs come from the cpu profile, under a kernel that every reader has."""
    faults = []
    if chapter.record.get("profile") != "cpu":
        faults.append(f"its profile was {chapter.record.get('profile')!r}, not 'cpu'; run `make refresh`")
    if chapter.metadata.get("kernelspec", {}).get("name") != "python3":
        faults.append("its kernel is not called 'python3'; run `make refresh`")
    return faults


def fresh(chapter: Chapter) -> list[str]:
    """Neither the notebook's code nor a module that it uses has changed since its outputs were made."""
    return staleness(chapter)


RULES: tuple[Rule, ...] = (
    opening.file_name,
    opening.title,
    opening.promise,
    opening.goals,
    opening.cost_table,
    opening.address,
    opening.parameters,
    cells.known_tags,
    cells.executed,
    cells.length,
    cells.prose_between,
    cells.nothing_empty,
    cells.checked_outputs,
    cells.quality_bar,
    outputs.no_widgets,
    outputs.no_errors,
    outputs.size,
    outputs.alt_text,
    outputs.figures,
    outputs.no_machine_paths,
    ending.sections,
    ending.exercises,
    ending.self_checks,
    ending.citations,
    ending.references,
    provenance,
    fresh,
)
"""The rules about one chapter; :func:`~vtonlib.book.rules.outputs.figure_names_unique` looks at them all."""


def faults(chapter: Chapter) -> list[str]:
    """Everything in which a chapter breaks the contract; empty if it keeps it."""
    return [fault for rule in RULES for fault in rule(chapter)]


def main(names: list[str]) -> int:
    """Print the faults of some chapters, or of all, one line each.

    Returns:
        The exit code: 1 if there are faults, 2 if a chapter cannot be read.
    """
    count = 0
    try:
        chapters = [read(path) for path in find(names, default_folder())]
    except VtonError as error:
        print(error, file=sys.stderr)
        return 2
    for chapter in chapters:
        for fault in faults(chapter):
            print(f"{chapter.path.stem}: {fault}")
            count += 1
    for fault in outputs.figure_names_unique(chapters):
        print(fault)
        count += 1
    print(f"{len(chapters)} chapter{'s' * (len(chapters) != 1)}, {count} fault{'s' * (count != 1)}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
