"""What the numbers of the release's annotations mean."""

from __future__ import annotations

CATEGORIES = (
    "blazer", "blouse", "bomber", "cardigan", "henley", "hoodie", "jacket", "jersey", "parka", "poncho", "sweater",
    "tank", "tee", "top", "coat", "dress", "jumpsuit", "kimono", "romper",
)  # fmt: skip
"""Numbers 1 to 19."""

COLOURS = (
    "red", "blue", "white", "pink", "orange", "black", "brown", "green", "purple", "yellow", "khaki", "gray", "beige",
    "blonde", "silver", "olive", "multicolor",
)  # fmt: skip
"""Numbers 1 to 17; "blonde" stands there once."""

SLEEVES = ("long", "short", "none", None)
"""Numbers 1 to 4 in the words of the wardrobe: sleeveless is "none", and what the sentence does not say is None."""

GENDERS = ("woman", "man")
"""Numbers 0 and 1: unlike the rest, not counted from 1."""

ONE_PIECE = ("dress", "jumpsuit", "romper")
"""Categories from shoulder to leg; all the others are tops. The release describes no bottoms."""
