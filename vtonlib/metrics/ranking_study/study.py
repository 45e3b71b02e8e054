"""What a ranking study asks: cases, the candidates of every method, and who sees which candidate under which letter.

The order of the candidates is random, yet nobody keeps a list of it: it follows from the study's seed, the form and the
case. A form is one way of mixing the letters. On the screen every rater has an own form; on paper several raters may
fill copies of one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from vtonlib.errors import VtonError
from vtonlib.metrics.pairs import TOLERANCE

LETTERS = "ABCDEFGHIJ"
TASK = "Which picture shows what the sentence says, and looks real?"
RULE = "ascending SHA-256 of [seed, form, case, method] as JSON"


@dataclass(frozen=True)
class Question:
    """One case as one form shows it.

    Attributes:
        case: its name.
        number: of the case in the study, from 1; this is what sheets print.
        sentence: what the candidates should show.
        order: the methods behind the letters A, B, ...; raters never see it.
        pictures: (methods, H, W, 3) uint8 in that order.
    """

    case: str
    number: int
    sentence: str
    order: tuple[str, ...]
    pictures: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Study:
    """Everything that makes answers comparable; build it with :func:`make_study`.

    Attributes:
        methods: names of what is compared.
        cases: name of each case.
        sentences: of each case.
        pictures: (cases, methods, H, W, 3) uint8.
        seed: mixes the letters.
        task: the question that raters read.
    """

    methods: tuple[str, ...]
    cases: tuple[str, ...]
    sentences: tuple[str, ...]
    pictures: NDArray[np.uint8]
    seed: int
    task: str

    @property
    def letters(self) -> str:
        """One letter for each candidate of a case."""
        return LETTERS[: len(self.methods)]

    @cached_property
    def code(self) -> str:
        """Twelve hexadecimal digits over all of the study, pictures and task included; every answer carries them."""
        words = [RULE, self.task, self.seed, self.methods, self.cases, self.sentences, self.pictures.shape]
        digest = hashlib.sha256(json.dumps(words).encode())
        digest.update(np.ascontiguousarray(self.pictures).tobytes())
        return digest.hexdigest()[:12]

    def order(self, form: str, case: str) -> tuple[str, ...]:
        """The methods behind A, B, ... of a case on a form, whatever its capitals; every order is equally likely."""
        return tuple(sorted(self.methods, key=lambda method: _shuffled(self.seed, same_name(form), case, method)))

    def case_order(self, form: str) -> tuple[str, ...]:
        """The cases as a rater meets them on the screen: mixed too, so that not everybody is tired at the same one."""
        return tuple(sorted(self.cases, key=lambda case: _shuffled(self.seed, same_name(form), case)))

    def question(self, form: str, case: str) -> Question:
        """A case as a form shows it.

        Raises:
            VtonError: if the study has no such case.
        """
        if case not in self.cases:
            raise VtonError(f"case {case!r}: study {self.code} has {', '.join(self.cases)}")
        at, order = self.cases.index(case), self.order(form, case)
        rows = [self.methods.index(method) for method in order]
        return Question(case, at + 1, self.sentences[at], order, self.pictures[at, rows])


def make_study(candidates: Mapping[str, Tensor], sentences: Mapping[str, str], seed: int, task: str = TASK) -> Study:
    """A study of two to ten methods; FashionGAN ranked from 1 to 5. The task and the mixing of letters are ours.

    Args:
        candidates: for each method its pictures (cases, 3, H, W) in [-1, 1], all of one size.
        sentences: the sentence of each case by the case's name, in the order of the pictures.
        seed: mixes the letters.
        task: the question that raters read.

    Raises:
        VtonError: if methods, cases and pictures do not fit together.
    """
    if not 2 <= len(candidates) <= len(LETTERS):
        raise VtonError(f"candidates: {len(candidates)} methods; a study compares 2 to {len(LETTERS)}")
    if not sentences:
        raise VtonError("sentences: there is no case; give one sentence for each")
    size = tuple(next(iter(candidates.values())).shape[1:])
    expected = (len(sentences), 3, *size[1:])
    for method, pictures in candidates.items():
        if pictures.dim() != 4 or tuple(pictures.shape) != expected:
            raise VtonError(
                f"candidates[{method!r}] are {tuple(pictures.shape)}; {len(sentences)} cases need {expected}"
            )
        largest = float(pictures.abs().max())
        if not largest <= 1 + TOLERANCE:  # not a number fails too
            raise VtonError(f"candidates[{method!r}]: holds {largest:.4g}; give finite pictures in [-1, 1]")
    return Study(
        methods=tuple(candidates),
        cases=tuple(sentences),
        sentences=tuple(sentences.values()),
        pictures=np.stack([_bytes(pictures) for pictures in candidates.values()], axis=1),
        seed=seed,
        task=task,
    )


def _bytes(pictures: Tensor) -> NDArray[np.uint8]:
    levels = ((pictures.detach().float().cpu().clamp(-1, 1) + 1) * 127.5).round().byte()
    array: NDArray[np.uint8] = levels.permute(0, 2, 3, 1).numpy()
    return array


def same_name(name: str) -> str:
    """What two spellings of one name have in common: no needless spaces, no capitals."""
    return " ".join(name.split()).casefold()


def _shuffled(*words: int | str) -> bytes:
    """A place in an order that is as good as random, and the same with every version of every library."""
    return hashlib.sha256(json.dumps(words).encode()).digest()
