"""Printed sheets typed into a table: a CSV file with a row for each case of each rater, as a spreadsheet writes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.answers import Answer, check_belongs, clean_name, complaint
from vtonlib.metrics.ranking_study.study import Study

COLUMNS = ("study", "rater", "form", "case")
"""The case is the number that the sheet prints. One column for each letter follows."""


def write_table(study: Study, forms: Mapping[str, str], path: Path) -> None:
    """Write the empty table to type sheets into, rows in the order of the sheets.

    Args:
        study: what was asked.
        forms: for each rater the form that this rater filled.
        path: of the CSV file.

    Raises:
        VtonError: if the file is there already, since somebody may have typed into it.
    """
    if path.exists():
        raise VtonError(f"{path}: is there already; type into it, or move it away first")
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow((*COLUMNS, *study.letters))
    for rater, form in forms.items():
        for number in range(1, len(study.cases) + 1):
            rows.writerow((study.code, clean_name(rater), form, number, *("" for _ in study.letters)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), "utf-8-sig")  # the mark tells spreadsheets that names are in UTF-8


def read_typed(study: Study, path: Path) -> list[Answer]:
    """The answers of a table; rows without any rank are passed over, commas and semicolons both separate.

    Raises:
        VtonError: naming file, line and field, if a row is damaged or answers another study.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise VtonError(f"{path}: no table can be read ({error}); save it as CSV in UTF-8") from error
    first = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first else ",", restval="")
    rows.fieldnames = [name.strip() for name in rows.fieldnames or ()]
    for name in (*COLUMNS, *study.letters):
        if rows.fieldnames.count(name) != 1:
            raise VtonError(f"{path}: the first line needs one column {name!r}; it has {', '.join(rows.fieldnames)}")
    answers = []
    for row in rows:
        cells = {name: cell.strip() for name, cell in row.items() if isinstance(cell, str)}
        if any(cells[letter] for letter in study.letters):
            answers.append(_read_row(study, cells, f"{path}, line {rows.line_num}"))
    return answers


def _read_row(study: Study, cells: Mapping[str, str], where: str) -> Answer:
    number = cells["case"]
    if not number.isdecimal() or not 1 <= int(number) <= len(study.cases):
        raise VtonError(f"{where}: field 'case' is {number!r}; give the number on the sheet, 1 to {len(study.cases)}")
    case = study.cases[int(number) - 1]
    check_belongs(study, cells["study"], case, where)
    for letter in study.letters:
        if cells[letter] and not cells[letter].isdecimal():
            raise VtonError(f"{where}: field {letter!r} is {cells[letter]!r}; give a whole number")
    ranks = [int(cells[letter]) if cells[letter] else None for letter in study.letters]
    wrong = complaint(ranks)
    if wrong:
        raise VtonError(f"{where}: {wrong}")
    if not cells["form"]:
        raise VtonError(f"{where}: field 'form' is empty; give what the sheet prints as its form")
    rater = clean_name(cells["rater"], f"{where}: ")
    return Answer(rater, cells["form"], case, tuple(rank for rank in ranks if rank is not None))
