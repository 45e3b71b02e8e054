"""Answers of a whole class, from many files, with each rater and case counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.answers import Answer, read_rows
from vtonlib.metrics.ranking_study.study import Study, same_name
from vtonlib.metrics.ranking_study.typed_in import read_typed


@dataclass(frozen=True)
class Collected:
    """The answers that count.

    Attributes:
        answers: at most one for each rater and case.
        remarks: a line for each answer that a later one replaced.
    """

    answers: tuple[Answer, ...]
    remarks: tuple[str, ...]


def collect(study: Study, files: Sequence[Path]) -> Collected:
    """Read all files: ``.csv`` tables of typed sheets, anything else as answers from the screen.

    Where a rater answered a case twice, the last answer counts. A rater is a name, whatever its capitals.

    Raises:
        VtonError: if a file is damaged, or two people seem to have one name: it stands in two files, or with two forms.
    """
    found: dict[str, tuple[str, Path]] = {}  # rater -> form and file
    kept: dict[tuple[str, str], Answer] = {}
    remarks = []
    for path in dict.fromkeys(files):
        for answer in read_typed(study, path) if path.suffix.lower() == ".csv" else read_rows(study, path):
            rater = same_name(answer.rater)
            form, before = found.setdefault(rater, (answer.form, path))
            if before != path:
                raise VtonError(f"{path}: rater {answer.rater!r} is in {before} too; rename one of the two people")
            if same_name(form) != same_name(answer.form):
                raise VtonError(
                    f"{path}: rater {answer.rater!r} has forms {form!r} and {answer.form!r}; "
                    f"rename one if they are two people, else mend the form"
                )
            if kept.pop((rater, answer.case), None):
                remarks.append(f"{path}: rater {answer.rater!r} answered case {answer.case!r} twice; the last counts")
            kept[rater, answer.case] = answer
    return Collected(tuple(kept.values()), tuple(remarks))
