"""Weights that ship with the book, each with a card that the tests recompute.

``names()`` lists them, ``load(name)`` gives a trained stage, ``save(...)`` adds one, and ``load_stage(name, profile)``
serves a chapter that needs an earlier stage: from here, from the reader's own runs, or by training it now.
"""

from vtonlib.zoo.card import Card
from vtonlib.zoo.serve import load_stage
from vtonlib.zoo.store import card, load, names, save

__all__ = ["Card", "card", "load", "load_stage", "names", "save"]
