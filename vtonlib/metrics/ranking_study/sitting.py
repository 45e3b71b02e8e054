"""One rater's way through a study, without any window: what is asked next, and what becomes of the ranks."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from vtonlib.errors import VtonError
from vtonlib.metrics.ranking_study.answers import Answer, append_answer, clean_name, complaint, read_rows
from vtonlib.metrics.ranking_study.study import Question, Study, same_name


class Sitting:
    """Cases in the rater's own order; every answer is on disk before the next case is shown.

    Args:
        study: what is asked.
        rater: an invented name; letters and cases are mixed by it, whatever its capitals.
        file: where answers are appended.
        resume: go on where this rater stopped, instead of refusing a name that is taken.
        clock: seconds that only go forward.

    Raises:
        VtonError: if the name is empty or taken, or the file is damaged or of another study.
    """

    def __init__(
        self, study: Study, rater: str, file: Path, resume: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.study, self.file, self._clock = study, file, clock
        self.rater = clean_name(rater)
        self.form = same_name(self.rater)
        rows = read_rows(study, file) if file.exists() else []
        answered = {row.case for row in rows if same_name(row.rater) == self.form}
        if answered and not resume:
            raise VtonError(
                f"somebody called {self.rater!r} has begun already: tick 'go on' if that was you, "
                f"else choose another name"
            )
        order = study.case_order(self.form)
        self._cases = [case for case in order if case in answered] + [case for case in order if case not in answered]
        self._at = len(answered)
        self._shown = clock()

    @property
    def done(self) -> int:
        """Cases that lie behind."""
        return self._at

    @property
    def total(self) -> int:
        """Cases of the study."""
        return len(self._cases)

    @property
    def question(self) -> Question | None:
        """What is asked now; None after the last case."""
        return self.study.question(self.form, self._cases[self._at]) if self._at < self.total else None

    def submit(self, ranks: Sequence[int | None]) -> None:
        """Keep the ranks of A, B, ... and go on to the next case.

        Raises:
            VtonError: with a sentence for the rater, if a rank is missing or given twice; then nothing is kept.
        """
        question = self.question
        if question is None:
            raise VtonError("all cases are ranked; go back to change one")
        wrong = complaint(ranks)
        if wrong:
            raise VtonError(wrong)
        seconds = round(self._clock() - self._shown, 1)
        whole = tuple(rank for rank in ranks if rank is not None)
        append_answer(self.study, self.file, Answer(self.rater, self.form, question.case, whole, seconds))
        self._move(1)

    def back(self) -> None:
        """Ask the case before once more; its new answer will count. At the first case nothing happens."""
        self._move(-1 if self._at else 0)

    def _move(self, by: int) -> None:
        self._at += by
        self._shown = self._clock()


class Clicks:
    """Ranks by clicking letters from best to worst, so that no rank can be given twice.

    Attributes:
        order: places of the letters that were clicked, best first.
    """

    def __init__(self, candidates: int) -> None:
        self._candidates = candidates
        self.order: list[int] = []

    def click(self, place: int) -> None:
        """Give a letter the next rank; a letter that has one loses it, and so do those clicked after it."""
        if place in self.order:
            del self.order[self.order.index(place) :]
        else:
            self.order.append(place)

    @property
    def ranks(self) -> list[int | None]:
        """The rank of A, B, ...; None where none was given."""
        return [self.order.index(place) + 1 if place in self.order else None for place in range(self._candidates)]
