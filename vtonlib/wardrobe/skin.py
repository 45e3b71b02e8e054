"""Skin: its tones, the picture painted on it, and how it takes the light."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numba
import numpy as np

from vtonlib.wardrobe.light import Light
from vtonlib.wardrobe.skin_maps import FACE_BOX, WHOLE_BOX, SkinMaps, brow_place, skin_maps, soften

RGB = tuple[float, float, float]

BODY_SIZE = 512
FACE_SIZE = 384
"""Sides of the two textures: 5 texels to a centimetre on the trunk, 16 on the face."""

TONES: tuple[RGB, ...] = (
    (0.890, 0.757, 0.690),
    (0.858, 0.704, 0.625),
    (0.806, 0.652, 0.565),
    (0.718, 0.556, 0.464),
    (0.604, 0.447, 0.365),
    (0.476, 0.338, 0.262),
    (0.350, 0.252, 0.200),
)
"""Mean colours of skin in sRGB, from porcelain to deep brown."""

_HAIR: tuple[RGB, ...] = (
    (0.10, 0.085, 0.08),
    (0.19, 0.135, 0.105),
    (0.32, 0.22, 0.15),
    (0.46, 0.34, 0.23),
    (0.44, 0.23, 0.13),
    (0.42, 0.41, 0.40),
)


@dataclass(frozen=True)
class SkinSpec:
    """How one person's skin looks. Colours are sRGB in [0, 1], strengths in [0, 1].

    Attributes:
        tone: number of the nearest of TONES.
        rgb: the mean colour.
        blush: redness of cheeks, nose, knuckles, knees and elbows.
        freckles: how many there are.
        stubble: of the beard.
        lips: colour of the lips; ``lip_gloss`` how strongly it is painted on.
        lip_gloss: 0 for bare lips.
        brow: colour of the brows; ``brow_width`` and ``brow_density`` in [.6, 1.4] scale a usual brow.
        brow_width: see ``brow``.
        brow_density: see ``brow``.
        brow_lift: how far the brow's middle is raised, in metres within ±.003.
        eye_make_up: darkness of lash line and lids.
        seed: what is left to chance, such as where the freckles are.
    """

    tone: int
    rgb: RGB
    blush: float = 0.5
    freckles: float = 0.0
    stubble: float = 0.0
    lips: RGB = (0.70, 0.44, 0.41)
    lip_gloss: float = 0.0
    brow: RGB = (0.2, 0.14, 0.11)
    brow_width: float = 1.0
    brow_density: float = 1.0
    brow_lift: float = 0.0
    eye_make_up: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class SkinTexture:
    """Painted skin, sRGB in [0, 1]: ``body`` (512, 512, 3) in the mesh's layout, ``face`` (384, 384, 3) in FACE_BOX."""

    body: np.ndarray
    face: np.ndarray

    def sample(self, uv: np.ndarray) -> np.ndarray:
        """Colours (N, 3) in sRGB at places (N, 2) of the layout, from the finer texture where there is one."""
        return np.asarray(_sample(self.body, self.face, np.ascontiguousarray(uv, np.float32), np.array(FACE_BOX)))


def draw_skin(rng: np.random.Generator, gender: float, tone: int | None = None, hair: RGB | None = None) -> SkinSpec:
    """Skin drawn with all tones equally likely.

    Args:
        rng: where chance comes from.
        gender: the body's, 0 male to 1 female; decides stubble, make-up and brows.
        tone: number of TONES, or ``None`` for any.
        hair: colour of the hair, which the brows follow; ``None`` draws one.
    """
    chosen = int(rng.integers(len(TONES))) if tone is None else tone
    at = float(np.clip(chosen + rng.uniform(-0.45, 0.45), 0, len(TONES) - 1))
    table = np.array(TONES)
    rgb = np.array([np.interp(at, np.arange(len(TONES)), table[:, k]) for k in range(3)])
    warmth = rng.normal(0, 0.007)
    rgb = np.clip(rgb + warmth * np.array([0.4, 0, -1]), 0.1, 0.95)
    dark = at / (len(TONES) - 1)
    if hair is None:
        likely = np.array([1 + 5 * dark, 1.2, 0.9, 0.7, 0.3, 0.2]) * np.where(np.arange(6) > 1, (1 - dark) ** 1.5, 1)
        hair = _HAIR[int(rng.choice(len(_HAIR), p=likely / likely.sum()))]
    woman = gender > 0.5
    gloss = float(rng.uniform(0.15, 0.8)) if woman and rng.random() < 0.6 else 0.0
    brow = np.minimum(0.8 * np.array(hair), 0.58 * rgb)  # brows as light as the skin would not be seen
    return SkinSpec(
        tone=chosen,
        rgb=_rgb(rgb),
        blush=float(rng.uniform(0.25, 0.8)),
        freckles=float(rng.uniform(0.3, 1)) if at < 2.5 and rng.random() < 0.25 else 0.0,
        stubble=0.0 if woman else float(rng.choice([0.12, 0.35, 0.7], p=[0.4, 0.35, 0.25])),
        lips=_rgb(_lip_colour(rgb, dark, gloss, rng)),
        lip_gloss=gloss,
        brow=_rgb(brow),
        brow_width=float(rng.uniform(0.65, 1.0) if woman else rng.uniform(0.95, 1.35)),
        brow_density=float(rng.uniform(0.75, 1.15)),
        brow_lift=float(rng.uniform(-0.0005, 0.0025) if woman else rng.uniform(-0.002, 0.001)),
        eye_make_up=float(rng.uniform(0.2, 0.8)) if woman and rng.random() < 0.6 else 0.0,
        seed=int(rng.integers(2**31)),
    )


def _rgb(values: np.ndarray) -> RGB:
    return float(values[0]), float(values[1]), float(values[2])


def _lip_colour(rgb: np.ndarray, dark: float, gloss: float, rng: np.random.Generator) -> np.ndarray:
    """Bare lips are redder and a little darker than the skin; lipstick is a rose or a red that suits it."""
    bare = rgb * (np.array([0.81, 0.645, 0.66]) + dark * np.array([-0.04, 0.08, 0.10]))
    sticks = np.array([[0.72, 0.36, 0.38], [0.62, 0.22, 0.25], [0.66, 0.34, 0.30], [0.56, 0.25, 0.32]])
    stick = sticks[int(rng.integers(len(sticks)))] * (1 - 0.35 * dark)
    return np.asarray(bare + gloss * 0.8 * (stick - bare))


def _f(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


# A darkening that takes less of the red, as light in the hollows of skin has gone through skin.
_SHADOW = _f(0.82, 1.06, 1.08)
_MOTTLE, _RED, _PALM = _f(0.014, 0.022, 0.024), _f(0.02, 0.19, 0.16), _f(0.76, 0.56, 0.48)
_NAIL = np.array([(0.05, 0.04), (0.04, -0.06), (0.045, -0.06)], np.float32)  # what is added, and the share of the skin


@functools.lru_cache(maxsize=48)
def skin_texture(spec: SkinSpec) -> SkinTexture:
    """The painted textures of a skin; kept for the last 48 skins, as each takes 2 MB."""
    return SkinTexture(
        _paint(spec, skin_maps(BODY_SIZE, WHOLE_BOX), fine=False),
        _paint(spec, skin_maps(FACE_SIZE, FACE_BOX), fine=True),
    )


def _paint(spec: SkinSpec, maps: SkinMaps, fine: bool) -> np.ndarray:
    """Paint one texture (size, size, 3); ``fine`` adds what only the face's texture can hold."""
    rng = np.random.default_rng(spec.seed)
    masks = maps.masks
    base = np.array(spec.rgb, np.float32)
    pale = float(base @ [0.3, 0.5, 0.2])  # pale skin shows blood, dark skin hardly
    weights = rng.normal(0, 1, len(maps.noises))
    weights /= np.linalg.norm(weights)
    strengths = _f(pale, spec.blush * (0.3 + 0.9 * pale), 0.62 * spec.stubble)
    brow = np.array(spec.brow, np.float32)
    colour = _ground(base, brow, strengths, weights.astype(np.float32), maps.noises, *(masks[name] for name in _GROUND))
    if fine:
        _paint_features(spec, maps, colour, rng)
    return np.asarray(_spread(colour, maps.lookup))


_GROUND = (
    "cheek", "nose", "chin", "ears", "joints", "hand", "palm", "socket", "open", "fingernails", "beard", "lips",
    "prominent", "hollow",
)  # fmt: skip
"""The masks that :func:`_ground` needs, in its order."""


@numba.njit(cache=True, fastmath=True)
def _ground(
    base: np.ndarray,
    brow: np.ndarray,
    strengths: np.ndarray,
    weights: np.ndarray,
    noises: np.ndarray,
    cheek: np.ndarray,
    nose: np.ndarray,
    chin: np.ndarray,
    ears: np.ndarray,
    joints: np.ndarray,
    hand: np.ndarray,
    palm: np.ndarray,
    socket: np.ndarray,
    open_: np.ndarray,
    nails: np.ndarray,
    beard: np.ndarray,
    lips: np.ndarray,
    prominent: np.ndarray,
    sunken: np.ndarray,
) -> np.ndarray:
    """The colours (N, 3) of skin before the features of the face, from masks (N,); in one pass, as N is 160,000."""
    out = np.empty((cheek.shape[0], 3), np.float32)
    pale, blush, stubble = strengths[0], strengths[1], strengths[2]
    one = np.float32(1)
    for n in range(out.shape[0]):
        mottle = np.float32(0)
        for k in range(noises.shape[0]):
            mottle += weights[k] * noises[k, n]
        red = np.float32(0.9) * cheek[n] + np.float32(0.65) * nose[n] + np.float32(0.35) * chin[n]
        red += np.float32(0.55) * (ears[n] + joints[n]) + np.float32(0.25) * pale * hand[n]
        # Where skin is stretched over bone it is lighter; below the cheekbones and at the temples it is darker.
        form = np.float32(0.055) * prominent[n] - np.float32(0.10) * sunken[n]
        pink = palm[n] * (np.float32(0.9) - np.float32(0.75) * pale)
        hollow = np.float32(0.3) * socket[n] + np.float32(0.6) * (one - open_[n])
        nail = np.float32(0.55) * nails[n]
        hair = stubble * beard[n] * (one - lips[n])
        hair *= min(max(np.float32(0.85) + np.float32(0.2) * mottle, np.float32(0)), np.float32(1.2))
        for k in range(3):
            c = base[k] * (one + _MOTTLE[k] * mottle) * (one - _RED[k] * blush * red)
            c *= one + form
            c += pink * (_PALM[k] * (np.float32(0.55) + np.float32(0.45) * pale) - c)
            c *= one - _SHADOW[k] * hollow
            c += nail * (_NAIL[k, 0] + c * _NAIL[k, 1])
            out[n, k] = c + hair * (brow[k] * np.float32(0.7) + np.float32(0.08) - c)
    return out


@numba.njit(cache=True)
def _spread(colour: np.ndarray, lookup: np.ndarray) -> np.ndarray:
    """Colours (N, 3), clipped to [0, 1], to a texture (size, size, 3) by the number of each texel's colour."""
    out = np.empty((*lookup.shape, 3), np.float32)
    for y in range(lookup.shape[0]):
        for x in range(lookup.shape[1]):
            for k in range(3):
                out[y, x, k] = min(max(colour[lookup[y, x], k], np.float32(0)), np.float32(1))
    return out


def _paint_features(spec: SkinSpec, maps: SkinMaps, colour: np.ndarray, rng: np.random.Generator) -> None:
    """Paint freckles, lips, lids, lashes and brows over the colours (N, 3), in place."""
    masks = maps.masks
    brow_rgb = np.array(spec.brow, np.float32)
    if spec.freckles:
        spots = (rng.random(len(colour)) < 0.012 * masks["freckled"] * spec.freckles) * rng.uniform(0.2, 1, len(colour))
        spots = np.clip(soften(maps, spots.astype(np.float32), 1.2) * 5.0, 0, 0.55)
        colour *= 1 - np.multiply.outer(spots, _f(0.14, 0.28, 0.34))

    at = np.flatnonzero(masks["lips"] > 0.01)
    x, z = maps.points[at, 0], maps.points[at, 2]
    folds = 1 + 0.025 * np.sin(x * 3300 + 3 * np.sin(z * 500))  # they run down the lips
    painted = np.multiply.outer(folds, np.array(spec.lips, np.float32))
    colour[at] += 0.82 * masks["lips"][at, None] * (painted * (0.7 + 0.3 * masks["open"][at, None]) - colour[at])
    seam = np.clip(masks["inside-mouth"][at] + 0.8 * (1 - masks["open"][at]), 0, 1)
    colour[at] *= 1 - np.multiply.outer(seam, _f(0.62, 0.78, 0.76))

    at = np.flatnonzero((masks["eyelids"] + masks["crease"] + masks["lash"]) > 0.01)
    shade = masks["eyelids"][at] * (0.05 + 0.22 * spec.eye_make_up) + 0.14 * masks["crease"][at]
    colour[at] *= 1 - np.multiply.outer(shade, _SHADOW)
    lash = masks["lash"][at, None] * (0.78 + 0.22 * spec.eye_make_up)
    colour[at] += lash * (np.minimum(brow_rgb * 0.5, 0.16) - colour[at])

    at = np.flatnonzero(masks["brow"] > 0)
    along, across = brow_place(maps.points[at])
    near = (np.abs(across) < 0.009) & (np.abs(along - 0.5) < 0.6)
    at, along, across = at[near], along[near], across[near]
    cover = masks["brow"][at] * _brow(spec, along, across, maps.points[at, 0] > 0, rng)
    colour[at] += np.clip(cover, 0, 0.9)[:, None] * (brow_rgb - colour[at])


def _brow(
    spec: SkinSpec, along: np.ndarray, across: np.ndarray, left: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """How densely brow hairs cover texels (N,): strands that lean from upright near the nose to flat at the temple."""
    across = across - spec.brow_lift * np.clip(along, 0, 1)
    half = 0.0038 * spec.brow_width * np.interp(along, [0, 0.15, 0.5, 0.8, 1], [0.8, 1, 0.9, 0.6, 0.2])
    inside = np.clip((half - np.abs(across)) / 0.0026 + 0.3, 0, 1) * np.clip(along / 0.22 + 0.25, 0, 1)
    inside *= np.clip((1.04 - along) / 0.2, 0, 1)
    lean = np.interp(along, [0, 0.35, 1], [0.45, 1.15, 1.45])  # radians from upright
    strand = (along * 0.0435 * np.cos(lean) - across * np.sin(lean)) / 0.0008 + 200 * left
    hairs = np.interp(strand % 511, np.arange(512), rng.random(512))
    return np.asarray(inside * (0.35 + 0.65 * hairs) * 0.95 * spec.brow_density)


@numba.njit(cache=True, fastmath=True)
def _sample(body: np.ndarray, face: np.ndarray, uv: np.ndarray, box: np.ndarray) -> np.ndarray:
    out = np.empty((uv.shape[0], 3), np.float32)
    for n in range(uv.shape[0]):
        u, v = uv[n, 0], uv[n, 1]
        texture = body
        if box[0] < u < box[2] and box[1] < v < box[3]:
            u, v = (u - box[0]) / (box[2] - box[0]), (v - box[1]) / (box[3] - box[1])
            texture = face
        size = texture.shape[0]
        x = min(max(u * size - 0.5, 0.0), size - 1.001)
        y = min(max((1 - v) * size - 0.5, 0.0), size - 1.001)
        i, j = int(y), int(x)
        fy, fx = np.float32(y - i), np.float32(x - j)
        for k in range(3):
            upper = texture[i, j, k] * (1 - fx) + texture[i, j + 1, k] * fx
            lower = texture[i + 1, j, k] * (1 - fx) + texture[i + 1, j + 1, k] * fx
            out[n, k] = upper * (1 - fy) + lower * fy
    return out


def shade_skin(albedo: np.ndarray, normals: np.ndarray, light: Light) -> np.ndarray:
    """Skin in the light.

    Args:
        albedo: (N, 3) linear colours.
        normals: (N, 3) unit vectors in camera space.
        light: the studio's.

    Returns:
        (N, 3) linear light. Red reaches further round the edge of the shade than green and blue, as it does inside
        skin; the highlights do not depend on the albedo, so that dark skin keeps its form.
    """
    towards = np.asarray(light.towards, np.float32)
    half = towards + np.array([0, 0, -1], np.float32)
    half /= np.linalg.norm(half)
    strengths = _f(light.key, light.sky, light.ground)
    return np.asarray(_lit(albedo, np.ascontiguousarray(normals, np.float32), towards, half, strengths))


_WRAP = _f(0.42, 0.27, 0.22)


@numba.njit(cache=True, fastmath=True)
def _lit(
    albedo: np.ndarray, normals: np.ndarray, towards: np.ndarray, half: np.ndarray, strengths: np.ndarray
) -> np.ndarray:
    """See :func:`shade_skin`; ``half`` (3,) lies between the light and the viewer, ``strengths`` key, sky, ground."""
    out = np.empty((albedo.shape[0], 3), np.float32)
    zero, one, middle = np.float32(0), np.float32(1), np.float32(0.5)
    key, sky, ground = strengths[0], strengths[1], strengths[2]
    for n in range(out.shape[0]):
        x, y, z = normals[n, 0], normals[n, 1], normals[n, 2]
        facing = x * towards[0] + y * towards[1] + z * towards[2]
        up = middle - middle * y
        around = sky * up + ground * (one - up)
        edge = min(max(one + z, zero), one) ** 3  # 0 facing the viewer, 1 at the outline
        shine = min(max(x * half[0] + y * half[1] + z * half[2], zero), one)
        sheen = np.float32(0.045) * shine**9 + np.float32(0.055) * shine**34
        rim = np.float32(0.05) * edge * (sky + key * min(max(facing, zero), one))
        for k in range(3):
            lit = key * max((facing + _WRAP[k]) / (one + _WRAP[k]), zero) + around
            out[n, k] = albedo[n, k] * lit * (one - np.float32(0.25) * edge) + key * sheen + rim
    return out
