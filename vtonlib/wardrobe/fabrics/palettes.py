"""The colours that a shop sells, and which of them it puts together."""

from __future__ import annotations

import colorsys

import numpy as np

from vtonlib.wardrobe.fabrics.spec import RGB

# The colour words of the FashionGAN captions without "blonde", which describes one garment of 78,979.
COLOUR_WORDS = (
    "red", "blue", "white", "pink", "orange", "black", "brown", "green", "purple", "yellow", "khaki", "gray", "beige",
    "silver", "olive", "multicolor",
)  # fmt: skip

# shade: (sRGB in hexadecimal, its word, how often a plain garment has it)
SHADES: dict[str, tuple[str, str, float]] = {
    "black": ("1d1d20", "black", 12),
    "ink": ("2a2b30", "black", 3),
    "white": ("f3f2ee", "white", 11),
    "ecru": ("e9e0cf", "beige", 4),
    "stone": ("cfc3af", "beige", 3),
    "camel": ("b58a5d", "brown", 2.5),
    "cognac": ("87492a", "brown", 1.2),
    "chocolate": ("48322a", "brown", 1.5),
    "navy": ("222c47", "blue", 6),
    "royal": ("2f4f95", "blue", 2),
    "petrol": ("27525f", "blue", 1.5),
    "sky": ("a9c4dd", "blue", 3),
    "slate blue": ("5f7d9e", "blue", 2),
    "red": ("ae2a31", "red", 2.5),
    "tomato": ("c5473a", "red", 1),
    "burgundy": ("61202f", "red", 3),
    "dusty pink": ("d6a6a3", "pink", 3),
    "blush": ("eacdc7", "pink", 2),
    "rose": ("c66d83", "pink", 1.5),
    "raspberry": ("a5355f", "pink", 0.8),
    "rust": ("ab5430", "orange", 2),
    "apricot": ("e3a274", "orange", 1.2),
    "burnt orange": ("c56d33", "orange", 1),
    "mustard": ("c6983a", "yellow", 2.2),
    "butter": ("efdfa3", "yellow", 1.2),
    "lemon": ("e6c855", "yellow", 0.8),
    "olive": ("5e5f3a", "olive", 2),
    "moss": ("76724a", "olive", 1),
    "khaki": ("a3946d", "khaki", 2),
    "army": ("877c5c", "khaki", 1),
    "forest": ("274433", "green", 2.5),
    "emerald": ("266b53", "green", 1.5),
    "sage": ("a2b19a", "green", 2),
    "mint": ("c3dbcc", "green", 1),
    "plum": ("50304b", "purple", 1.5),
    "violet": ("6b5392", "purple", 0.8),
    "lilac": ("c2b2d4", "purple", 1.5),
    "light gray": ("c6c7c9", "gray", 3),
    "gray": ("909296", "gray", 3.5),
    "charcoal": ("42454b", "gray", 3),
    "silver": ("b8bcc3", "silver", 1.6),
}

# Cloth that is sold in its own colours: dyed warps and tanned hides.
DENIM: dict[str, tuple[str, str, float]] = {
    "raw": ("2a3650", "blue", 3),
    "indigo": ("3d5678", "blue", 3),
    "washed": ("6f8dad", "blue", 3),
    "bleached": ("a5bccf", "blue", 2),
    "black": ("2b2c30", "black", 2),
    "gray": ("777a80", "gray", 1),
    "white": ("e9e6dd", "white", 1),
}
LEATHER = {"black": 6.0, "cognac": 2.0, "chocolate": 2.0, "camel": 1.0, "burgundy": 1.0, "olive": 0.6, "navy": 0.6}
SOBER = {
    "black": 7.0, "navy": 4.0, "charcoal": 3.0, "gray": 2.0, "stone": 2.5, "khaki": 2.5, "camel": 2.0, "olive": 2.0,
    "white": 2.0, "ecru": 1.5, "chocolate": 1.5, "burgundy": 1.2, "forest": 1.0, "rust": 0.7, "dusty pink": 0.7,
    "slate blue": 1.0, "light gray": 1.0, "mustard": 0.5, "sage": 0.6, "plum": 0.6,
}  # fmt: skip

# Which shades go together, ground first; a pattern that needs more colours than it is given starts again at the ground.
STRIPES = (
    "white navy", "ecru navy", "navy white", "white black", "black white", "ecru burgundy", "white red", "navy ecru",
    "sky white", "white sky", "ecru forest", "light gray charcoal", "burgundy blush", "forest ecru", "mustard navy",
    "camel ecru", "ecru camel navy", "navy white red", "white navy mustard", "sage ecru", "lilac white", "olive ecru",
    "dusty pink burgundy", "rust ecru navy", "white forest", "charcoal light gray", "ecru rust mustard", "plum blush",
    "white royal red", "petrol ecru mustard", "butter navy", "white dusty pink", "white emerald", "khaki ecru",
)  # fmt: skip
PLAIDS = (
    "red ink white", "navy forest white", "forest navy mustard", "charcoal light gray white", "camel ecru ink red",
    "sky white", "red white", "ink white", "navy white", "dusty pink white", "burgundy navy mustard", "olive ink ecru",
    "mustard charcoal ecru", "ecru camel burgundy", "gray white charcoal", "slate blue navy white", "forest ink red",
    "rust navy ecru", "lilac white plum", "stone camel chocolate", "emerald white navy", "khaki ecru forest",
)  # fmt: skip
DOTS = (
    "navy white", "black white", "white black", "white navy", "red white", "dusty pink white", "forest ecru",
    "burgundy blush", "sky white", "mustard white", "ecru ink", "royal white", "ecru rust", "white raspberry",
    "emerald white", "plum blush", "light gray navy", "blush burgundy", "chocolate ecru", "slate blue white",
)  # fmt: skip
BLOCKS = (
    "navy white red", "ecru camel chocolate", "white navy", "black white", "light gray charcoal", "forest ecru mustard",
    "burgundy blush", "sky navy white", "rust ecru navy", "sage ecru", "lilac plum", "navy gray", "white sky navy",
    "mustard white charcoal", "dusty pink burgundy", "petrol ecru", "olive stone", "charcoal light gray white",
    "red navy", "camel black",
)  # fmt: skip
# Ground, petals, heart of the flower, leaves.
FLORALS = (
    "navy blush mustard sage", "black rose mustard sage", "ecru rose burgundy sage", "white royal lemon emerald",
    "black dusty pink burgundy emerald", "dusty pink white burgundy forest", "forest blush apricot sage",
    "burgundy blush mustard moss", "sky white lemon emerald", "mustard ecru rust forest", "white tomato navy sage",
    "petrol ecru apricot sage", "blush raspberry mustard emerald", "navy white lemon slate",
    "sage white mustard forest", "plum lilac butter sage", "black white mustard emerald", "ecru slate navy moss",
    "rust ecru chocolate moss", "lilac white plum emerald", "white dusty burgundy olive",
)  # fmt: skip
CAMOUFLAGE = ("olive khaki forest ink", "light-gray gray charcoal white", "petrol navy slate ink",
              "stone khaki chocolate army", "sage moss forest ecru")  # fmt: skip
WASHES = ("white sky royal", "blush rose lilac", "ecru sage forest", "white dusty apricot", "navy royal sky",
          "light-gray gray charcoal", "ecru apricot rust", "lilac violet sky", "mint emerald petrol")  # fmt: skip
FLECKS = ("charcoal light-gray white", "ecru camel chocolate", "forest mustard ecru", "navy sky white",
          "burgundy blush ecru", "light-gray charcoal navy", "camel ecru chocolate", "rust ecru navy")  # fmt: skip
ANIMALS = ("camel chocolate black", "light-gray gray black", "ecru camel ink", "blush rose ink", "stone army ink",
           "rust chocolate black")  # fmt: skip

_SHORT = {"slate": "slate blue", "dusty": "dusty pink", "light-gray": "light gray"}


def hexadecimal(code: str) -> RGB:
    """``'1d1d20'`` as sRGB in [0, 1]."""
    red, green, blue = bytes.fromhex(code)
    return red / 255, green / 255, blue / 255


def shades_of(combination: str) -> list[str]:
    """The shades that a combination names; shades of two words may stand there in full."""
    words = combination.split()
    shades: list[str] = []
    while words:
        two = " ".join(words[:2])
        if len(words) > 1 and two in SHADES:
            shades.append(two)
            words = words[2:]
        else:
            shades.append(_SHORT.get(words[0], words[0]))
            words = words[1:]
    return shades


def lightness(colour: RGB) -> float:
    """CIE L* of an sRGB colour, 0 (black) to 100 (white)."""
    red, green, blue = ((c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for c in colour)
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def dye(rng: np.random.Generator, colour: RGB) -> RGB:
    """The colour as another maker dyes it: a little off in hue, saturation and value, in [0.02, 0.98]."""
    hue, saturation, value = colorsys.rgb_to_hsv(*colour)
    hue = (hue + rng.uniform(-0.012, 0.012)) % 1
    saturation = min(1.0, saturation * rng.uniform(0.9, 1.1))
    value = value * rng.uniform(0.95, 1.05)
    red, green, blue = (float(np.clip(c, 0.02, 0.98)) for c in colorsys.hsv_to_rgb(hue, saturation, value))
    return red, green, blue


def word_for(words: list[str], shares: list[float]) -> str:
    """What one calls a fabric whose colours cover these shares: its main word, or ``multicolor`` below 62 %."""
    total: dict[str, float] = {}
    for word, share in zip(words, shares, strict=True):
        total[word] = total.get(word, 0.0) + share
    word, share = max(total.items(), key=lambda item: item[1])
    return word if share >= 0.62 * sum(shares) else "multicolor"


def inks(rng: np.random.Generator, ground: RGB) -> tuple[RGB, RGB]:
    """Two printing colours: the first stands far out from the ground, the second 18 steps of L* from both."""
    light = lightness(ground)
    first = ["white", "ecru", "butter"] if light < 50 else ["black", "navy", "burgundy", "forest"]
    if 35 < light < 65:
        first = ["white", "black"]
    able = [shade for shade in first if abs(lightness(hexadecimal(SHADES[shade][0])) - light) > 38] or first[:1]
    accents = ["red", "mustard", "sky", "dusty pink", "sage", "royal", "rust", "white", "navy"]
    one = dye(rng, hexadecimal(SHADES[able[rng.integers(len(able))]][0]))
    tones = [hexadecimal(SHADES[shade][0]) for shade in accents]
    clear = [tone for tone in tones if min(abs(lightness(tone) - light), abs(lightness(tone) - lightness(one))) > 18]
    return one, dye(rng, clear[rng.integers(len(clear))]) if clear else one
