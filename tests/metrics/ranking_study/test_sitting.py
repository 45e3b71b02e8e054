"""One rater's way through a study, without a browser."""

import pytest

from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.answers import read_rows
from vtonlib.metrics.ranking_study.sitting import Clicks, Sitting

from .raters import tiny_study

STUDY = tiny_study(3)
ORDER = STUDY.case_order("ada")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "answers.jsonl"


def test_every_answer_is_on_disk_before_the_next_case(path):
    ticks = iter([0.0, 4.0, 10.0, 12.5, 12.5, 20.0, 21.0])
    sitting = Sitting(STUDY, "  Ada ", path, clock=lambda: next(ticks))
    for number, ranks in enumerate([(1, 2, 3, 4, 5), (5, 4, 3, 2, 1), (2, 1, 3, 4, 5)]):
        assert (sitting.done, sitting.total) == (number, 3)
        assert sitting.question.case == ORDER[number]
        assert sitting.question.order == STUDY.order("Ada", ORDER[number])
        sitting.submit(ranks)
        assert len(read_rows(STUDY, path)) == number + 1
    rows = read_rows(STUDY, path)
    assert [(row.rater, row.case, row.seconds) for row in rows] == [
        ("Ada", ORDER[0], 4.0), ("Ada", ORDER[1], 2.5), ("Ada", ORDER[2], 7.5),
    ]  # fmt: skip
    assert rows[1].ranks == (5, 4, 3, 2, 1)
    assert sitting.question is None
    with pytest.raises(VtonError, match="all cases are ranked"):
        sitting.submit((1, 2, 3, 4, 5))


@pytest.mark.parametrize(("ranks", "said"), [((1, None, 2, 3, 4), "B still needs"), ((1, 1, 2, 3, 4), "A and B share")])
def test_ranks_that_are_not_in_order_are_not_kept(path, ranks, said):
    sitting = Sitting(STUDY, "Ada", path)
    with pytest.raises(VtonError, match=said):
        sitting.submit(ranks)
    assert sitting.done == 0
    assert not path.exists()


def test_going_back_gives_another_answer(path):
    sitting = Sitting(STUDY, "Ada", path)
    sitting.back()
    assert sitting.done == 0
    sitting.submit((1, 2, 3, 4, 5))
    sitting.back()
    assert sitting.question.case == ORDER[0]
    sitting.submit((5, 4, 3, 2, 1))
    assert [row.case for row in read_rows(STUDY, path)] == [ORDER[0], ORDER[0]]
    assert sitting.question.case == ORDER[1]


def test_a_name_that_is_taken_is_refused_unless_it_is_the_same_person(path):
    Sitting(STUDY, "Ada", path).submit((1, 2, 3, 4, 5))
    with pytest.raises(VtonError, match="somebody called 'ADA' has begun already: tick 'go on' if that was you"):
        Sitting(STUDY, "ADA", path)
    again = Sitting(STUDY, "ADA", path, resume=True)
    assert again.done == 1
    assert again.question.case == ORDER[1]
    assert Sitting(STUDY, "Ben", path).done == 0


def test_resuming_asks_what_is_left_whatever_the_order_was(path):
    Sitting(STUDY, "Ada", path).submit((1, 2, 3, 4, 5))
    line = path.read_text()
    path.write_text(line.replace(f'"case": "{ORDER[0]}"', f'"case": "{ORDER[2]}"'))
    sitting = Sitting(STUDY, "Ada", path, resume=True)
    left = []
    while sitting.question:
        left.append(sitting.question.case)
        sitting.submit((1, 2, 3, 4, 5))
    assert left == list(ORDER[:2])


@pytest.mark.parametrize("name", ["", "   ", "a" * 41])
def test_a_name_is_needed(path, name):
    with pytest.raises(VtonError, match="give a name of 1 to 40 characters"):
        Sitting(STUDY, name, path)


def test_clicks_give_ranks_from_the_best_and_can_be_taken_back():
    clicks = Clicks(4)
    for place in (2, 0, 3):
        clicks.click(place)
    assert clicks.ranks == [2, None, 1, 3]
    clicks.click(0)  # takes back its own rank and what came after
    assert clicks.ranks == [None, None, 1, None]
    for place in (1, 0, 3):
        clicks.click(place)
    assert clicks.ranks == [3, 2, 1, 4]
