"""Sheets typed into a table, by people and by the spreadsheets that they use."""

import pytest

from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.answers import Answer
from vtonlib.metrics.ranking_study.collect import collect
from vtonlib.metrics.ranking_study.typed_in import read_typed, write_table

from .raters import tiny_study

STUDY = tiny_study(3)
HEAD = "study,rater,form,case,A,B,C,D,E"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sheets.csv"


def test_the_empty_table_waits_for_ranks(path):
    write_table(STUDY, {"Ada": "P1", "Ben": "P2"}, path)
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[:2] == [HEAD, f"{STUDY.code},Ada,P1,1,,,,,"]
    assert [line.split(",")[1:4] for line in lines[1:]] == [[r, f, c] for r, f in (("Ada", "P1"), ("Ben", "P2"))
        for c in "123"]  # fmt: skip
    assert read_typed(STUDY, path) == []
    with pytest.raises(VtonError, match=r"sheets\.csv: is there already; type into it"):
        write_table(STUDY, {"Ada": "P1"}, path)


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_a_spreadsheet_saves_is_read(path, separator, start, end):
    rows = [
        HEAD,
        f"{STUDY.code}, Zoë ,P1,2, 5,4,3,2,1",
        "",
        f"{STUDY.code},Zoë,P1,3,,,,,",
        f"{STUDY.code},Zoë,P1,1,1,2,3,4,5",
    ]
    path.write_bytes((start + end.join(rows).replace(",", separator) + end).encode())
    assert read_typed(STUDY, path) == [
        Answer("Zoë", "P1", "case1", (5, 4, 3, 2, 1)),
        Answer("Zoë", "P1", "case0", (1, 2, 3, 4, 5)),
    ]


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("CODE,Ada,P1,1,1,2,3,4,", "line 3: E still needs a rank"),
        ("CODE,Ada,P1,1,1,2,3,4,4", "line 3: D and E share rank 4; use each of 1 to 5 once"),
        ("CODE,Ada,P1,1,1,2,3,4,x", "line 3: field 'E' is 'x'; give a whole number"),
        ("CODE,Ada,P1,4,1,2,3,4,5", "line 3: field 'case' is '4'; give the number on the sheet, 1 to 3"),
        ("CODE,Ada,P1,case0,1,2,3,4,5", "line 3: field 'case' is 'case0'"),
        ("CODE,Ada,,1,1,2,3,4,5", "line 3: field 'form' is empty"),
        ("CODE,,P1,1,1,2,3,4,5", "line 3: rater '': give a name"),
        ("0123,Ada,P1,1,1,2,3,4,5", f"line 3: answers study 0123, but this is study {STUDY.code}"),
        ("CODE,Ada,P1,1,1,2", "line 3: C, D and E still need a rank"),
    ],
)
def test_a_slip_is_named_with_its_line(path, row, named):
    path.write_text("\n".join([HEAD, f"{STUDY.code},Ada,P1,2,1,2,3,4,5", row.replace("CODE", STUDY.code)]))
    with pytest.raises(VtonError, match=rf"sheets\.csv, {named}"):
        read_typed(STUDY, path)


def test_a_column_that_is_missing_or_twice_is_named(path):
    path.write_text(HEAD.removesuffix(",E"))
    with pytest.raises(VtonError, match="the first line needs one column 'E'; it has study, rater"):
        read_typed(STUDY, path)
    path.write_text(HEAD + ",A")
    with pytest.raises(VtonError, match="needs one column 'A'"):
        read_typed(STUDY, path)
    path.write_text("")
    with pytest.raises(VtonError, match=r"needs one column 'study'; it has $"):
        read_typed(STUDY, path)


def test_a_table_in_another_coding_is_refused(path):
    path.write_bytes(f"{HEAD}\n{STUDY.code},Zoë,P1,1,1,2,3,4,5\n".encode("latin-1"))
    with pytest.raises(VtonError, match=r"sheets\.csv: no table can be read .* save it as CSV in UTF-8"):
        read_typed(STUDY, path)


def test_sheets_and_screen_are_collected_together(path):
    path.write_text(f"{HEAD}\n{STUDY.code},Ada,P1,1,1,2,3,4,5\n{STUDY.code},Ben,P1,1,2,1,3,4,5\n")
    assert [(a.rater, a.form) for a in collect(STUDY, [path]).answers] == [("Ada", "P1"), ("Ben", "P1")]
