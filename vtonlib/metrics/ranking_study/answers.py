"""Answers of a ranking study: one JSON object a line, only ever appended, checked row by row when they are read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.study import LETTERS, Study

LONGEST_NAME = 40


@dataclass(frozen=True)
class Answer:
    """How one rater ranked one case.

    Attributes:
        rater: an invented name.
        form: which mix of the letters was seen.
        case: name of the case.
        ranks: of A, B, ..., 1 for the best; each rank once.
        seconds: from the moment that the case was shown, or None where nobody took the time.
    """

    rater: str
    form: str
    case: str
    ranks: tuple[int, ...]
    seconds: float | None = None


def complaint(ranks: Sequence[int | None]) -> str | None:
    """What is wrong with the ranks of A, B, ..., as a sentence for the rater; None if nothing is."""
    last = len(ranks)
    missing = [letter for letter, rank in zip(LETTERS, ranks, strict=False) if rank is None]
    if missing:
        return f"{_listed(missing)} still {'need' if len(missing) > 1 else 'needs'} a rank"
    for letter, rank in zip(LETTERS, ranks, strict=False):
        if rank not in range(1, last + 1):
            return f"{letter} has rank {rank}; use each of 1 to {last} once"
    for rank in range(1, last + 1):
        sharing = [letter for letter, given in zip(LETTERS, ranks, strict=False) if given == rank]
        if len(sharing) > 1:
            return f"{_listed(sharing)} share rank {rank}; use each of 1 to {last} once"
    return None


def clean_name(name: str, where: str = "") -> str:
    """A rater's name without needless spaces; ``where`` it stands begins the message if it is none.

    Raises:
        VtonError: if nothing is left, or more than :data:`LONGEST_NAME` characters.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise VtonError(
            f"{where}rater {name!r}: give a name of 1 to {LONGEST_NAME} characters; an invented one is best"
        )
    return name


def append_answer(study: Study, path: Path, answer: Answer) -> None:
    """Add one row to a file of answers; the row names letters, not methods, so that a look at the file tells nothing.

    Raises:
        VtonError: if the ranks are not in order.
        OSError: if the file cannot be written.
    """
    wrong = complaint(answer.ranks)
    if wrong:
        raise VtonError(f"case {answer.case!r}: {wrong}")
    row = {
        "study": study.code, "rater": answer.rater, "form": answer.form, "case": answer.case,
        "ranks": dict(zip(study.letters, answer.ranks, strict=True)), "seconds": answer.seconds,
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        # A row that a crash cut off stays a row of its own, which reading names; it must not swallow this one.
        size = file.seek(0, 2)
        file.seek(max(size - 1, 0))
        torn = size > 0 and file.read(1) != b"\n"
        file.write(b"\n" * torn + json.dumps(row, ensure_ascii=False).encode() + b"\n")


def read_rows(study: Study, path: Path) -> list[Answer]:
    """The rows of a file of answers, oldest first; empty lines are passed over.

    Raises:
        VtonError: naming file, line and field, if the file is missing, a row is damaged, or it answers another study.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise VtonError(f"{path}: no answers can be read ({error}); name a file that the study wrote") from error
    return [_read_row(study, line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]


def _read_row(study: Study, line: str, where: str) -> Answer:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise VtonError(f"{where}: no JSON ({error}); delete the line") from error
    kinds = {"study": str, "rater": str, "form": str, "case": str, "ranks": dict}
    for field, kind in kinds.items():
        if not isinstance(row, dict) or not isinstance(row.get(field), kind):
            raise VtonError(f"{where}: field {field!r} is missing or damaged; delete the line")
    check_belongs(study, row["study"], row["case"], where)
    ranks, seconds = row["ranks"], row.get("seconds")
    if "".join(ranks) != study.letters or not all(type(rank) is int for rank in ranks.values()):
        raise VtonError(
            f"{where}: field 'ranks' is {ranks}; give {study.letters} a whole number each, or delete the line"
        )
    wrong = complaint(tuple(ranks.values()))
    if wrong:
        raise VtonError(f"{where}: field 'ranks': {wrong}, or delete the line")
    if seconds is not None and (type(seconds) not in (int, float) or not 0 <= seconds < float("inf")):
        raise VtonError(f"{where}: field 'seconds' is {seconds!r}; give a number or null")
    return Answer(clean_name(row["rater"], f"{where}: "), row["form"], row["case"], tuple(ranks.values()), seconds)


def check_belongs(study: Study, code: str, case: str, where: str) -> None:
    """Refuse a row of another study.

    Raises:
        VtonError: naming both.
    """
    if code != study.code:
        raise VtonError(
            f"{where}: answers study {code}, but this is study {study.code}; read it with its own study file"
        )
    if case not in study.cases:
        raise VtonError(f"{where}: field 'case' is {case!r}; study {study.code} has no such case: delete the line")


def _listed(letters: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(letters[:-1]), letters[-1])))
