"""The in-shop picture: a garment alone, from the front, on white, as on an invisible mannequin."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np

from vtonlib.wardrobe import pixels
from vtonlib.wardrobe.body import Phenotype, body_model
from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.cloth import TAG_ATTRIBUTES, tagged
from vtonlib.wardrobe.garment_spec import GarmentSpec
from vtonlib.wardrobe.light import Light
from vtonlib.wardrobe.outfit import Look, cloth_layers
from vtonlib.wardrobe.raster import Frame, interpolate
from vtonlib.wardrobe.scene import Layer, compose
from vtonlib.wardrobe.skinning import skin
from vtonlib.wardrobe.tailor import Garment3d, make
from vtonlib.wardrobe.tube import Profile, profile

_LIGHT = Light(towards=(-0.25, -0.55, -0.797), key=0.62, sky=0.52, ground=0.34)
_MARGIN = 1.14
_COLLAR, _COLLAR_Z = 0.14, 0.58
"""The inner collar: metres below the neckline that count, and the template height above which they do."""


@dataclass(frozen=True)
class ShopView:
    """An in-shop picture with its truth.

    Attributes:
        image: (H, W, 3) uint8.
        mask, inner, tag: (H, W) bool: the garment, its inner side, the brand's label.
        alpha: (H, W) float32, the share of skin that shows through.
        points: for each part of the garment, where its vertices lie: x, y in samples, depth, (V, 3).
        depth: (H ss, W ss) metres.
    """

    image: np.ndarray
    mask: np.ndarray
    inner: np.ndarray
    tag: np.ndarray
    alpha: np.ndarray
    points: list[np.ndarray]
    depth: np.ndarray


@functools.cache
def mannequin(female: bool) -> tuple[np.ndarray, Profile]:
    """The rest body that carries garments in the shop, and its profile."""
    rest = body_model().shape(Phenotype(gender=0.9 if female else 0.1, age=0.78, weight=0.45, cupsize=0.45))
    return rest, profile(rest)


@functools.cache
def _transforms(female: bool) -> np.ndarray:
    model = body_model()
    angle = np.radians(10.0)
    turns = {}
    for bone, sign in (("upperarm01.L", 1), ("upperarm01.R", -1)):
        c, s = np.cos(sign * angle), np.sin(sign * angle)
        turns[bone] = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    return model.bone_transforms(mannequin(female)[0], turns)


def shop_view(spec: GarmentSpec, look: Look, female: bool, size: tuple[int, int], supersampling: int) -> ShopView:
    """Draw a garment at ``size`` (height, width)."""
    rest, body = mannequin(female)
    garment = make(spec, rest, body)
    transforms = _transforms(female)
    samples = (size[0] * supersampling, size[1] * supersampling)
    camera = _camera(garment, transforms, samples)
    layers = cloth_layers(garment, look, transforms, camera, _LIGHT)
    opaque = [replace(layer, alpha=0.0) for layer in layers]
    picture = compose(opaque, np.ones((*size, 3), np.float32), supersampling)
    inner, tag = _inside(opaque, picture.frame, supersampling)
    mask = picture.cover >= 0.5
    image = picture.image
    if spec.sheer:
        image = (255 - (255 - image.astype(np.float32)) * (1 - 0.8 * spec.sheer)).astype(np.uint8)
    return ShopView(
        image=image,
        mask=mask,
        inner=inner & mask,
        tag=tag & mask,
        alpha=np.where(mask, spec.sheer, 0).astype(np.float32),
        points=[layer.screen for layer in layers],
        depth=picture.depth,
    )


def _camera(garment: Garment3d, transforms: np.ndarray, size: tuple[int, int]) -> Camera:
    """A distant camera that the garment fills up to a margin."""
    lowest, highest = [], []
    for part in garment.parts:
        used = np.zeros(len(part.rest), bool)
        used[part.triangles] = True
        points = skin(part.rest, part.bone_indices, part.bone_weights, transforms)
        kept = points[used & (part.cut >= -0.004).all(axis=1)]
        lowest.append(kept.min(axis=0))
        highest.append(kept.max(axis=0))
    low, high = np.min(lowest, axis=0), np.max(highest, axis=0)
    middle = (low + high) / 2
    height = _MARGIN * max(high[2] - low[2], (high[0] - low[0]) * size[0] / size[1])
    return Camera((float(middle[0]), float(middle[1]), float(middle[2])), float(height), size, distance=6.0)


def _inside(layers: list[Layer], frame: Frame, ss: int) -> tuple[np.ndarray, np.ndarray]:
    """Pixels (H, W) that show the inner side of the cloth at the collar, and those that show the label."""
    inner = np.zeros(frame.layer.shape, np.bool_)
    tag = np.zeros(frame.layer.shape, np.bool_)
    all_rows, all_columns, begins = pixels.samples_by_layer(frame.layer, len(layers))
    for number, layer in enumerate(layers):
        rows, columns = (found[begins[number] : begins[number + 1]] for found in (all_rows, all_columns))
        told = np.ascontiguousarray(layer.values[:, list(TAG_ATTRIBUTES)])
        values = interpolate(rows, columns, frame.triangle, frame.bary, layer.triangles, told)
        turned = values[:, 0] > 0
        rows, columns, values = rows[turned], columns[turned], values[turned]
        inner[rows, columns] = (values[:, 1] < _COLLAR) & (values[:, 4] > _COLLAR_Z)
        tag[rows, columns] = tagged(values)
    return pixels.share_of(inner, ss) >= 0.5, pixels.share_of(tag, ss) >= 0.5
