"""Who is in the picture: a body, a face, skin, hair and what is worn on the head, drawn together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vtonlib.wardrobe.accessories import AccessorySpec, draw_accessory
from vtonlib.wardrobe.body import ADULT, Phenotype
from vtonlib.wardrobe.eyes import EyeSpec, draw_eyes
from vtonlib.wardrobe.faces import draw_face
from vtonlib.wardrobe.hair import HairSpec, draw_hair
from vtonlib.wardrobe.hats import HATS
from vtonlib.wardrobe.shoes import ShoeSpec, draw_shoes
from vtonlib.wardrobe.skin import SkinSpec, draw_skin


@dataclass(frozen=True)
class PersonSpec:
    """A person, apart from clothes and pose.

    Attributes:
        phenotype: what shapes the body; adults only.
        face: strengths of local targets.
        skin, hair, shoes: their looks.
        eyes: their colour.
        hat, sunglasses: what is worn on the head, or None.
    """

    phenotype: Phenotype
    face: dict[str, float]
    skin: SkinSpec
    hair: HairSpec
    shoes: ShoeSpec
    eyes: EyeSpec
    hat: AccessorySpec | None
    sunglasses: AccessorySpec | None

    @property
    def female(self) -> bool:
        """Whether the person is presented as a woman."""
        return self.phenotype.gender >= 0.5

    def attributes(self) -> dict[str, str | float]:
        """What a test of fairness may ask for."""
        size = self.phenotype.weight
        return {
            "gender": "woman" if self.female else "man",
            "hair_length": self.hair.length,
            "hair_style": self.hair.style,
            "hair_colour": self.hair.colour,
            "skin_tone": float(self.skin.tone),
            "sunglasses": "yes" if self.sunglasses else "no",
            "hat": self.hat.kind if self.hat else "none",
            "body_size": "slim" if size < 0.4 else "heavy" if size > 0.62 else "average",
        }


def draw_person(rng: np.random.Generator, woman: bool | None = None) -> PersonSpec:
    """A random adult: skin tone, build and features are drawn independently of each other.

    ``woman`` says how the person is presented; drawn evenly if None.
    """
    as_woman = rng.random() < 0.5 if woman is None else woman
    gender = float(rng.uniform(0.82, 1.0) if as_woman else rng.uniform(0.0, 0.15))
    ancestry = rng.dirichlet((0.7, 0.7, 0.7))
    phenotype = Phenotype(
        gender=gender,
        age=float(rng.uniform(ADULT[0], ADULT[0] + 0.035) if rng.random() < 0.75 else rng.uniform(*ADULT)),
        muscle=float(np.clip(rng.normal(0.5, 0.12), 0.25, 0.8)),
        weight=float(np.clip(rng.normal(0.5, 0.14), 0.22, 0.82)),
        height=float(np.clip(rng.normal(0.5, 0.13), 0.2, 0.8)),
        proportions=float(rng.uniform(0.1, 0.6)),
        cupsize=float(np.clip(rng.normal(0.45, 0.13), 0.2, 0.75)),
        firmness=float(rng.uniform(0.4, 0.7)),
        ancestry=(float(ancestry[0]), float(ancestry[1]), float(ancestry[2])),
    )
    hair = draw_hair(rng, gender)
    skin = draw_skin(rng, gender, hair=hair.rgb)
    hat = list(HATS)[int(rng.integers(len(HATS)))] if rng.random() < 0.08 else None
    return PersonSpec(
        phenotype=phenotype,
        face=draw_face(rng),
        skin=skin,
        hair=hair,
        shoes=draw_shoes(rng),
        eyes=draw_eyes(rng, skin.tone),
        hat=draw_accessory(rng, hat) if hat else None,
        sunglasses=draw_accessory(rng, "sunglasses") if rng.random() < 0.06 else None,
    )
