"""The poses of the wardrobe: each a stance, two arms and a turn of the head, put together by name.

Arms are written for the left side, as :class:`~vtonlib.wardrobe.limbs.Arm` explains.
"""

from __future__ import annotations

from dataclasses import dataclass

from vtonlib.wardrobe.limbs import Arm, Leg

ARMS = {
    "hang": Arm((0.25, 0.06, -1), (0.15, -0.16, -1), (-1, 0.25, 0), (0.05, -0.2, -1)),
    "loose": Arm((0.27, 0.02, -1), (0.1, -0.34, -1), (-0.9, 0.5, 0), (0, -0.3, -1), 1.1),
    "slight a": Arm((0.38, 0.04, -1), (0.3, -0.14, -1), (-1, 0.35, 0), (0.2, -0.15, -1)),
    "wide a": Arm((0.6, 0.03, -1), (0.5, -0.1, -1), (-0.9, 0.3, -0.5), (0.42, -0.12, -1), 0.8),
    "swing forwards": Arm((0.24, -0.3, -1), (0.08, -0.62, -1), (-1, 0.1, 0), (0.05, -0.55, -1), 1.2),
    "swing back": Arm((0.26, 0.38, -1), (0.16, 0.22, -1), (-1, -0.1, 0), (0.1, 0.25, -1), 1.2),
    "hip": Arm(
        (0.7, 0.34, -0.92), (-0.62, -0.36, -0.58), (-0.85, 0.45, -0.15), (-0.18, -0.72, -0.62), 0.6, (0, -1, 0), True
    ),
    "pocket": Arm((0.36, 0.22, -1), (-0.1, -0.38, -1), (-1, 0.35, 0), (-0.12, -0.3, -1), 0.7, touch=True),
    "thigh": Arm((0.26, 0.02, -1), (-0.08, -0.4, -1), (-0.5, 1, 0), (-0.1, -0.2, -1), 0.8, (-1, 0, 0), True),
    "waist": Arm((0.3, 0.02, -1), (-0.72, -0.62, -0.08), (-0.3, 1, 0), (-0.95, -0.15, -0.05), 0.9, (-1, 0, 0), True),
    "waist over": Arm(
        (0.28, -0.1, -1), (-0.72, -0.62, 0.04), (-0.3, 1, 0), (-0.95, -0.2, 0), 0.9, (-1, 0, 0), True, True
    ),
    "clasp": Arm((0.26, -0.06, -1), (-0.6, -0.55, -0.62), (-0.25, 1, 0.1), (-0.75, -0.2, -0.6), 0.8, (-1, 0, 0), True),
    "clasp over": Arm(
        (0.26, -0.14, -1), (-0.6, -0.58, -0.6), (-0.25, 1, 0.1), (-0.8, -0.2, -0.5), 0.8, (-1, 0, 0), True, True
    ),
    "cross under": Arm((0.2, -0.16, -1), (-0.9, -0.5, 0.24), (-0.2, 1, -0.1), (-1, 0.12, 0.2), 0.7, (-1, 0, 0), True),
    "cross over": Arm(
        (0.2, -0.3, -1), (-0.93, -0.36, 0.1), (-0.1, 1, -0.1), (-1, 0.3, 0.1), 0.7, (-1, 0, 0), True, True
    ),
    "hold elbow": Arm(
        (0.24, -0.06, -1), (-0.92, -0.42, -0.02), (-0.2, 0.9, 0.4), (-1, 0.25, 0), 0.7, (-1, 0, 0), True, True
    ),
    "behind": Arm((0.3, 0.42, -1), (-0.5, 0.42, -0.85), (-0.3, 1, 0), (-0.7, 0.2, -0.6), 1.0, (1, 0, 0)),
    "collar": Arm((0.36, -0.2, -1), (-0.55, -0.5, 0.75), (-0.2, 1, -0.2), (-0.6, 0, 0.8), 0.5, (-1, 0, 0), True),
    "up": Arm((0.5, -0.1, 1), (0.1, -0.12, 1), (-0.45, -0.9, 0), (0.05, -0.15, 1), 0.5),
    "up bent": Arm((0.75, -0.12, 0.7), (0.02, -0.15, 1), (-0.4, -0.9, 0), (-0.1, -0.15, 0.95), 0.6),
    "wave": Arm((0.55, -0.12, -0.8), (0.3, -0.35, 1), (-0.2, -1, 0.1), (0.15, -0.2, 1), 0.4),
}


_PLAIN = Leg()


@dataclass(frozen=True)
class Stance:
    """Legs and trunk, in degrees: ``sway`` pushes the left hip out (the weight is on it), ``lean`` tilts the trunk to
    the left, ``twist`` turns the shoulders to the left against the hips."""

    left: Leg = _PLAIN
    right: Leg = _PLAIN
    sway: float = 0.0
    lean: float = 0.0
    twist: float = 0.0


_SOFT = Leg((0.04, -0.1, -1), (0.03, 0.13, -1), 12)
STANCES = {
    "even": Stance(),
    "soft left": Stance(left=_SOFT),
    "soft right": Stance(right=_SOFT),
    "apart": Stance(Leg((0.12, 0, -1), (0.1, 0.04, -1), 10), Leg((0.12, 0, -1), (0.1, 0.04, -1), 10)),
    "weight left": Stance(
        Leg((0.0, 0.0, -1), (-0.02, 0.03, -1), 6), Leg((0.1, -0.16, -1), (0.06, 0.16, -1), 16), 6.0, -2
    ),
    "weight right": Stance(
        Leg((0.1, -0.16, -1), (0.06, 0.16, -1), 16), Leg((0.0, 0.0, -1), (-0.02, 0.03, -1), 6), -6.0, 2
    ),
    "walk left": Stance(
        Leg((0.0, -0.3, -1), (-0.01, -0.1, -1), 4), Leg((0.0, 0.14, -1), (0.0, 0.5, -1), 4), 1.5, 0, -5
    ),
    "walk right": Stance(
        Leg((0.0, 0.14, -1), (0.0, 0.5, -1), 4), Leg((0.0, -0.3, -1), (-0.01, -0.1, -1), 4), -1.5, 0, 5
    ),
    "lean left": Stance(Leg((0.05, 0, -1)), _SOFT, 1.0, 5.0, 2),
    "lean right": Stance(_SOFT, Leg((0.05, 0, -1)), -1.0, -5.0, -2),
}


@dataclass(frozen=True)
class Preset:
    """A named pose before jitter. ``turn`` and ``head`` in degrees, positive to the person's own left."""

    left: str
    right: str
    stance: str = "even"
    turn: float = 0.0
    head: float = 0.0
    full_only: bool = False


PRESETS = {
    "relaxed": Preset("hang", "hang"),
    "relaxed soft left": Preset("loose", "hang", "soft left", 8, -4),
    "relaxed soft right": Preset("hang", "loose", "soft right", -8, 4),
    "slight a": Preset("slight a", "slight a", "apart"),
    "slight a turned left": Preset("slight a", "slight a", "soft left", 20, -6),
    "slight a turned right": Preset("slight a", "slight a", "soft right", -20, 6),
    "wide a": Preset("wide a", "wide a", "apart"),
    "three quarters left": Preset("loose", "loose", "soft right", 32, -14),
    "three quarters right": Preset("loose", "loose", "soft left", -32, 14),
    "contrapposto left": Preset("hang", "loose", "weight left", 6, 3),
    "contrapposto right": Preset("loose", "hang", "weight right", -6, -3),
    "hands on hips": Preset("hip", "hip", "apart"),
    "left hand on hip": Preset("hip", "hang", "weight left", -6, 4),
    "right hand on hip": Preset("hang", "hip", "weight right", 6, -4),
    "left hand on hip turned": Preset("hip", "loose", "weight left", 22, -10),
    "right hand on hip turned": Preset("loose", "hip", "weight right", -22, 10),
    "left hand at pocket": Preset("pocket", "loose", "weight right", 10, -3),
    "right hand at pocket": Preset("loose", "pocket", "weight left", -10, 3),
    "hands at pockets": Preset("pocket", "pocket", "soft left"),
    "hand on thigh": Preset("thigh", "slight a", "weight left", -12, 5),
    "hands on thighs": Preset("thigh", "thigh", "soft right", 6),
    "hands clasped low": Preset("clasp over", "clasp"),
    "hands clasped low turned": Preset("clasp", "clasp over", "soft left", 18, -8),
    "hands at waist": Preset("waist", "waist over", "soft right", -6, 3),
    "left hand at waist": Preset("waist", "hang", "weight right", 5, 3),
    "right hand at waist": Preset("hang", "waist", "weight left", -5, -3),
    "arms crossed": Preset("cross under", "cross over", "apart"),
    "arms crossed turned": Preset("cross over", "cross under", "weight left", 20, -9),
    "left hand holds right elbow": Preset("hold elbow", "hang", "weight left", -8, 2),
    "right hand holds left elbow": Preset("hang", "hold elbow", "weight right", 8, -2),
    "arms behind": Preset("behind", "behind", "soft left", 5),
    "left arm behind": Preset("behind", "loose", "weight right", 14, -6),
    "left hand at collar": Preset("collar", "hang", "weight left", -8, 3),
    "right hand at collar": Preset("hip", "collar", "weight left", 8, -3),
    "left arm up": Preset("up", "hang", "soft right", 0, 4),
    "right arm up": Preset("hip", "up bent", "weight left", -6, -4),
    "arms up": Preset("up bent", "up bent", "apart"),
    "left wave": Preset("wave", "loose", "soft left", 6, 4),
    "walking left": Preset("swing back", "swing forwards", "walk left", 4, 0, True),
    "walking right": Preset("swing forwards", "swing back", "walk right", -4, 0, True),
    "walking left turned": Preset("swing back", "swing forwards", "walk left", 28, -10, True),
    "walking right turned": Preset("swing forwards", "swing back", "walk right", -28, 10, True),
    "leaning left": Preset("loose", "hip", "lean left", -5, 4),
    "leaning right": Preset("hip", "loose", "lean right", 5, -4),
}  # fmt: skip
