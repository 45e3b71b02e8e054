"""Lets tests import the scripts and extensions in book/, which are no package."""

import sys
from pathlib import Path

BOOK = Path(__file__).resolve().parents[2] / "book"
sys.path[:0] = [str(BOOK / "_ext"), str(BOOK / "_static")]
