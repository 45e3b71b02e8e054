"""Hats and sunglasses: small surfaces of their own that sit on the head, drawn over skin and hair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vtonlib.wardrobe.body import BodyModel
from vtonlib.wardrobe.camera import Camera
from vtonlib.wardrobe.hats import HATS, crown, grid_triangles
from vtonlib.wardrobe.landmarks import template
from vtonlib.wardrobe.light import Light, diffuse, highlight, to_linear
from vtonlib.wardrobe.mesh import normals
from vtonlib.wardrobe.scalp import ear_vertices, scalp

KINDS = (*HATS, "sunglasses")
"""What there is to wear on the head."""

_HAT_COLOURS = ((0.13, 0.13, 0.15), (0.45, 0.45, 0.46), (0.16, 0.22, 0.38), (0.55, 0.13, 0.14), (0.30, 0.36, 0.24),
                (0.80, 0.77, 0.70), (0.78, 0.58, 0.20))  # fmt: skip
_FRAMES = ((0.08, 0.08, 0.08), (0.30, 0.18, 0.10), (0.70, 0.60, 0.35), (0.62, 0.62, 0.64))
_LENSES = {"round": (0.0245, 0.0225, 2.0), "square": (0.0275, 0.0200, 4.5), "aviator": (0.0280, 0.0235, 2.7)}
_RING = 32


@dataclass(frozen=True)
class AccessorySpec:
    """``kind`` of KINDS; ``rgb`` (sRGB) of the hat or the frame; ``form`` of the lenses, '' for a hat."""

    kind: str
    rgb: tuple[float, float, float]
    form: str = ""


@dataclass(frozen=True)
class Accessory:
    """A surface to draw: ``points``, ``normals`` (V, 3) in the world, ``triangles`` (F, 3), ``looks`` (V, 4).

    ``looks`` holds the linear albedo and the strength of the highlight.
    """

    spec: AccessorySpec
    points: np.ndarray
    normals: np.ndarray
    triangles: np.ndarray
    looks: np.ndarray


def draw_accessory(rng: np.random.Generator, kind: str) -> AccessorySpec:
    """A hat or sunglasses of some colour and form."""
    colours = _HAT_COLOURS if kind in HATS else _FRAMES
    red, green, blue = colours[int(rng.integers(len(colours)))]
    form = "" if kind in HATS else list(_LENSES)[int(rng.integers(len(_LENSES)))]
    return AccessorySpec(kind, (red, green, blue), form)


def wear(spec: AccessorySpec, model: BodyModel, rest: np.ndarray, transforms: np.ndarray) -> Accessory:
    """Put an accessory on a body: ``rest`` (V, 3) its rest vertices, ``transforms`` (B, 3, 4) of its bones."""
    if spec.kind in HATS:
        points, triangles, looks = _hat(spec, rest)
    else:
        points, triangles, looks = _sunglasses(spec, model, rest)
    head = transforms[model.bones.index("head")]
    posed = np.ascontiguousarray(points @ head[:, :3].T + head[:, 3], np.float32)
    return Accessory(spec, posed, normals(posed, triangles), triangles, looks)


def _hat(spec: AccessorySpec, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The template's hat, stretched as the scalp is."""
    vertices, triangles, lightness = crown(spec.kind)
    shell = scalp()
    low, high = shell.extent(rest)
    old_low, old_high = shell.extent(template())
    points = low + (vertices - old_low) * (high - low) / (old_high - old_low)
    albedo = to_linear(np.asarray(spec.rgb, np.float32)) * lightness[:, None] ** 2
    return points, triangles, np.concatenate([albedo, np.zeros((len(points), 1))], axis=1).astype(np.float32)


def _sunglasses(spec: AccessorySpec, model: BodyModel, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two lenses in rings, a bridge, and arms to the ears, measured on the rest body."""
    eye = rest[model.group("helper-l-eye")]
    x, z = float(eye[:, 0].mean()) + 0.002, float(eye[:, 2].mean()) - 0.003
    size = (eye[:, 0].max() - eye[:, 0].min()) / 0.026
    wide, high, power = _LENSES[spec.form]
    wide, high = min(wide * size, x - 0.006), high * size
    body = rest[model.group("body")]
    about = (np.abs(body[:, 0] - x) < 0.8 * wide) & (np.abs(body[:, 2] - z) < 0.8 * high)
    front = float(body[about, 1].min()) - 0.004
    ears = rest[ear_vertices()]
    ears = ears[ears[:, 0] > 0]
    top = float(ears[:, 2].max())
    upper = ears[ears[:, 2] > top - 0.012]

    def surface(points: np.ndarray) -> np.ndarray:
        """Lenses curve back towards the temples."""
        points[..., 1] = front + 3.0 * np.clip(np.abs(points[..., 0]) - 0.02, 0, None) ** 2
        return points

    angle = np.linspace(0, 2 * np.pi, _RING + 1)
    cosine, sine = np.cos(angle), np.sin(angle)
    shape = np.stack(
        [np.sign(cosine) * np.abs(cosine) ** (2 / power) * wide, 0 * angle,
         np.sign(sine) * np.abs(sine) ** (2 / power) * high], axis=1,
    )  # fmt: skip
    if spec.form == "aviator":  # narrower below, drooping outwards
        shape[:, 0] *= 1 + 0.12 * shape[:, 2] / high
    middle = np.array([x, 0, z])
    lens = surface(middle + np.linspace(0.001, 1, 5)[:, None, None] * shape)
    ring = surface(middle + np.array([0.95, 1.10])[:, None, None] * shape)
    ring[..., 1] -= 0.0012
    bridge = np.linspace(x - 0.98 * wide, -(x - 0.98 * wide), 7)[None, :, None] * [1, 0, 0]
    rise = z + 0.35 * high + 0.003 * np.cos(np.linspace(-1.5, 1.5, 7))
    bridge = surface(np.repeat(bridge, 2, axis=0) + np.stack([rise + 0.0018, rise - 0.0018])[..., None] * [0, 0, 1])
    hinge = surface(np.array([[x + 1.03 * wide, 0, z + 0.45 * high]]))[0]
    hook = np.array([upper[:, 0].min() + 0.001, upper[:, 1].mean(), top + 0.001])
    arm = hinge + np.linspace(0, 1, 9)[:, None] * (hook - hinge)
    arm[:, 0] += 0.006 * np.sin(np.linspace(0, np.pi, 9))
    half = np.array([0, 0, 0.0022])
    arms = np.stack([arm + half, arm - half])
    mirror = np.array([-1.0, 1.0, 1.0])
    pieces = [lens, lens * mirror, ring, ring * mirror, bridge, arms, arms * mirror]
    return _join(spec, pieces)


def _join(spec: AccessorySpec, pieces: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One mesh of grids (R, C, 3): the first two are lenses, darker above than below."""
    points, triangles, looks, count = [], [], [], 0
    for number, piece in enumerate(pieces):
        flat = piece.reshape(-1, 3)
        if number < 2:
            depth = (flat[:, 2].max() - flat[:, 2]) / np.ptp(flat[:, 2])
            albedo = np.outer(0.006 + 0.022 * depth**2, [1.0, 0.95, 0.92])
        else:
            albedo = np.repeat(to_linear(np.asarray(spec.rgb))[None], len(flat), axis=0)
        gloss = np.full((len(flat), 1), 0.45 if number < 2 else 0.20)
        points.append(flat)
        triangles.append(grid_triangles(*piece.shape[:2]) + count)
        looks.append(np.concatenate([albedo, gloss], axis=1))
        count += len(flat)
    return np.concatenate(points), np.concatenate(triangles), np.concatenate(looks).astype(np.float32)


def accessory_values(accessory: Accessory, camera: Camera) -> np.ndarray:
    """What the surface carries (V, 7): normal in camera space (3), albedo (3), gloss (1)."""
    return np.concatenate([camera.directions(accessory.normals), accessory.looks], axis=1)


def shade_accessory(values: np.ndarray, light: Light) -> np.ndarray:
    """Linear colour (N, 3) of samples from :func:`accessory_values`; what is seen from below or within is darker."""
    normal = values[:, :3] / (np.linalg.norm(values[:, :3], axis=1, keepdims=True) + 1e-6)
    inner = (normal[:, 2:] > 0) & (values[:, 6:7] == 0)
    normal = np.where(normal[:, 2:] > 0, -normal, normal).astype(np.float32)
    shine = values[:, 6:7] * (highlight(normal, light, 40.0) + 0.10 * np.clip(-normal[:, 1:2] + 0.3, 0, 1))
    albedo = values[:, 3:6] * np.where(inner, 0.4, 1)
    return np.asarray(albedo * diffuse(normal, light, 0.25) + light.key * shine * 0.5, np.float32)
