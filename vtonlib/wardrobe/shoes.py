"""Shoes: sneakers, boots and flats, shaped from the feet of the suit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vtonlib.data.labels import LIP
from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.landmarks import ANKLE_Z, suit
from vtonlib.wardrobe.light import Light, diffuse, highlight, to_linear
from vtonlib.wardrobe.mesh import normals
from vtonlib.wardrobe.scene import Layer
from vtonlib.wardrobe.skinning import skin

STYLES = ("sneakers", "boots", "flats")
_COLOURS = (
    (0.93, 0.93, 0.92), (0.13, 0.13, 0.14), (0.36, 0.24, 0.16), (0.20, 0.24, 0.34), (0.62, 0.52, 0.42),
    (0.45, 0.14, 0.15),
)  # fmt: skip
_FLOOR = -0.826
_SOLE = 0.024


@dataclass(frozen=True)
class ShoeSpec:
    """A pair of shoes: ``style`` of STYLES and the sRGB colours of upper and sole."""

    style: str
    upper: tuple[float, float, float]
    sole: tuple[float, float, float]


def draw_shoes(rng: np.random.Generator) -> ShoeSpec:
    """Shoes for a person."""
    style = str(rng.choice(STYLES, p=[0.5, 0.25, 0.25]))
    upper = _COLOURS[int(rng.integers(len(_COLOURS)))]
    sole = (0.9, 0.89, 0.86) if style == "sneakers" else tuple(0.55 * c for c in upper)
    return ShoeSpec(style, upper, (sole[0], sole[1], sole[2]))


def shoe_field(spec: ShoeSpec, place: np.ndarray) -> np.ndarray:
    """Metres (V,) inside the shoe's border, over template points."""
    top = {"sneakers": ANKLE_Z + 0.005, "boots": ANKLE_Z + 0.1, "flats": ANKLE_Z - 0.025}[spec.style]
    field = top - place[:, 2]
    if spec.style == "flats":  # open over the instep
        field = np.minimum(field, (-0.085 - place[:, 1]) + np.maximum(0, -0.775 - place[:, 2]) * 6)
        field = np.maximum(field, np.minimum(top - place[:, 2], -0.785 - place[:, 2]))
    return np.asarray(field, np.float32)


def shoe_layers(spec: ShoeSpec, rest: np.ndarray, transforms: np.ndarray, camera: Camera, light: Light) -> list[Layer]:
    """Both shoes of a rest body (19158, 3) in a pose."""
    model = suit()
    place = model.landmarks.place
    points = np.asarray(model.fine.weights @ rest[model.vertices], np.float32)
    field = shoe_field(spec, place)
    grown = points + normals(points, model.fine.triangles) * np.where(place[:, 2] < ANKLE_Z + 0.14, 0.007, 0)[:, None]
    floor = rest[model.vertices][:, 2].min() - 0.006
    sole = place[:, 2] < _FLOOR + 0.018
    grown[sole, 2] = floor
    posed = skin(np.ascontiguousarray(grown, np.float32), model.bone_indices, model.bone_weights, transforms)
    values = np.column_stack([camera.directions(normals(posed, model.fine.triangles)), place[:, 2] - _FLOOR, field])

    def shade(samples: np.ndarray) -> np.ndarray:
        direction = samples[:, :3] / (np.linalg.norm(samples[:, :3], axis=1, keepdims=True) + 1e-6)
        is_sole = samples[:, 3] < _SOLE
        colour = np.where(is_sole[:, None], spec.sole, spec.upper).astype(np.float32)
        colour *= np.where(np.abs(samples[:, 3] - _SOLE) < 0.003, 0.6, 1)[:, None]
        colour *= np.where((samples[:, 4] > 0.006) & (samples[:, 4] < 0.010), 0.75, 1)[:, None]
        return np.asarray(to_linear(colour) * diffuse(direction, light) + 0.12 * highlight(direction, light, 24))

    side = place[model.fine.triangles[:, 0], 0] > 0
    return [
        Layer(
            screen=camera.project(posed),
            triangles=model.fine.triangles,
            values=values.astype(np.float32),
            shader=shade,
            part=np.where(side, LIP["left_shoe"], LIP["right_shoe"]).astype(np.uint8),
            cut=field[:, None],
            nearer=0.003,
        )
    ]
