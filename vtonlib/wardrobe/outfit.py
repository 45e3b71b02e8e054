"""Turns garments into layers of a scene: posed, cut where others cover them, and ready to be shaded."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vtonlib.data.labels import LIP
from vtonlib.wardrobe import cloth, folds
from vtonlib.wardrobe.bends import bends_of
from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.cutting import Cut
from vtonlib.wardrobe.fabric import Fabric, bake
from vtonlib.wardrobe.garment_spec import GarmentSpec
from vtonlib.wardrobe.landmarks import Landmarks
from vtonlib.wardrobe.light import Light
from vtonlib.wardrobe.mesh import normals
from vtonlib.wardrobe.part import Part
from vtonlib.wardrobe.scene import Layer, Shader
from vtonlib.wardrobe.skinning import skin
from vtonlib.wardrobe.tailor import Garment3d

_LAP = 0.07
"""Metres of an inner garment that go on under the outer one, so that no gap opens between them."""


@dataclass(frozen=True)
class Look:
    """What a garment's cloth looks like: its baked fabric and the creases of each kind of part."""

    fabric: Fabric
    creases: dict[str, folds.Creases]
    trim: np.ndarray
    style: np.ndarray
    coarse: dict[int, cloth.Coarse] = field(default_factory=dict)

    def creases_of(self, part: str) -> folds.Creases:
        """The creases of a part; a collar has those of the trunk."""
        return self.creases.get(part) or next(iter(self.creases.values()))

    def tables(self, sample_m: float) -> cloth.Coarse:
        """The fabric's tables for samples of this many metres; each level is made once."""
        level = cloth.level_of(self.fabric, sample_m)
        if level not in self.coarse:
            self.coarse[level] = cloth.coarsen(self.fabric, level)
        return self.coarse[level]


def look_of(spec: GarmentSpec) -> Look:
    """Bake what the pictures of a garment share."""
    if spec.category == "bottom" and spec.kind != "skirt":
        creases = {"leg": folds.leg_folds(spec.folds, spec.seed)}
    else:
        trunk = folds.trunk_folds(spec.folds, spec.seed, -1.5 if spec.category != "top" else -0.8)
        creases = {"body": trunk, "tube": trunk, "sleeve": folds.sleeve_folds(spec.folds, spec.seed)}
    ground = np.array(spec.fabric.colours[0])
    banded = spec.category == "top" and spec.collar in ("crew", "v", "scoop") and spec.front == "closed"
    width = 0.02 if spec.fabric.material == "knit" else 0.014
    if spec.category == "bottom":
        banded, width = True, 0.032  # the waistband
    trim = np.array([width if banded else 0.0, *(ground * 0.93)], np.float32)
    button = np.array([0.92, 0.9, 0.85]) if ground.mean() < 0.6 else np.array([0.35, 0.3, 0.27])
    placket = 1.0 if spec.front == "placket" else 0.0
    through = 0.6 if spec.sheer else 0.0
    trousers = float(spec.category == "bottom" and spec.kind != "skirt")
    style = np.array([0.018, placket, spec.neck_depth + 0.01, 0.085, *button, through, trousers], np.float32)
    return Look(bake(spec.fabric), creases, trim, style)


def label_of(spec: GarmentSpec) -> int:
    """LIP's label of a garment."""
    if spec.category == "dress":
        return LIP["dress"]
    if spec.category == "bottom":
        return LIP["skirt"] if spec.kind == "skirt" else LIP["pants"]
    return LIP["coat"] if spec.front == "open" else LIP["upper_clothes"]


def cloth_layers(
    garment: Garment3d,
    look: Look,
    transforms: np.ndarray,
    camera: Camera,
    light: Light,
    under: list[Cut] | None = None,
    shop: list[np.ndarray] | None = None,
    nearer: float = 0.002,
) -> list[Layer]:
    """The layers of a garment.

    Args:
        garment: made for the wearer.
        look: of the same garment.
        transforms: (B, 3, 4) of the wearer's pose.
        camera: counting samples.
        light: the studio's light.
        under: cuts of garments worn over this one; what they cover is left out.
        shop: for each part, where its vertices lie in the in-shop picture, (V, 3).
        nearer: metres by which the cloth wins over what lies under it.
    """
    layers = []
    tables = look.tables(camera.height_m / camera.size[0])
    bends = bends_of(transforms)
    creases = {id(own): own.posed(bends) for own in look.creases.values()}  # trunk and tube share theirs
    for number, part in enumerate(garment.parts):
        posed = skin(part.rest, part.bone_indices, part.bone_weights, transforms)
        values = cloth.vertex_attributes(part, posed, camera.directions(_normals(part, posed)), camera.rotation())
        layers.append(
            Layer(
                screen=camera.project(posed),
                triangles=part.triangles,
                values=values,
                shader=_shader(look, tables, part.name, light, creases[id(look.creases_of(part.name))]),
                part=label_of(garment.spec),
                cut=_without(part, under or []),
                nearer=nearer,
                alpha=garment.spec.sheer,
                shop=None if shop is None else shop[number],
            )
        )
    return layers


def _shader(look: Look, tables: cloth.Coarse, part: str, light: Light, creases: folds.FoldMap) -> Shader:
    # Cuffs and collars carry no band of their own; the neckline of a sleeve is the body's.
    trim = look.trim if part in ("body", "leg", "tube") else np.zeros(4, np.float32)

    def shade(values: np.ndarray) -> np.ndarray:
        return cloth.shade(values, look.fabric, tables, creases, light, trim, look.style, part in ("body", "tube"))

    return shade


def _without(part: Part, over: list[Cut]) -> np.ndarray:
    """The part's cut fields, and one more for each garment worn over it."""
    if not over:
        return part.cut
    count = len(part.place)
    # A bottom has no arms; its trunk lies well inside any sleeve.
    marks = Landmarks(part.place, np.zeros(count), np.full(count, -0.5), np.zeros(count))
    return np.column_stack([part.cut, *(_LAP - cut.covers(marks) for cut in over)]).astype(np.float32)


def _normals(part: Part, posed: np.ndarray) -> np.ndarray:
    """Vertex normals; where a tube closes, both ends share theirs."""
    found = normals(posed, part.triangles)
    if len(part.twins):
        joint = found[part.twins].sum(axis=1)
        joint /= np.linalg.norm(joint, axis=1, keepdims=True) + 1e-9
        found[part.twins] = joint[:, None]
    return np.asarray(found)
