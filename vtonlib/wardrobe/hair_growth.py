"""Grows the strands of a style on the template head: once per style and variant, then kept.

A strand is walked from its root in steps of a few millimetres: its direction follows the comb, gravity and its own
past; where it comes too close to the body it is pushed out, so hair lies on the head, the neck and the shoulders.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from vtonlib.wardrobe.bank import banked
from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.hair_shaping import STEP, curl, exposure_of, gather, resample
from vtonlib.wardrobe.hair_styles import STYLES, Style
from vtonlib.wardrobe.hats import press
from vtonlib.wardrobe.landmarks import template
from vtonlib.wardrobe.mesh import normals, subdivide
from vtonlib.wardrobe.ramp import smoothstep
from vtonlib.wardrobe.scalp import CENTRE, scalp

CHIN, SHOULDER = 0.800, 0.715
"""Heights on the template between which hair ceases to follow the head and begins to follow the shoulders."""


@dataclass(frozen=True)
class Strands:
    """The hair of the template head: S strands of P points.

    Attributes:
        points: (S, P, 3) in metres.
        outward: (S, P, 3) unit normals of the hair's volume.
        exposure: (S, P) in [0, 1]: how much light from around reaches the point.
        along: (P,) position from root (0) to tip (1).
        width: (S, P) metres.
        tone: (S,) about normal: how light a strand is among its neighbours.
        triangle, bary: (S,) and (S, 3): the root's place on the scalp's mesh.
        roots: (S, 3) where the strands are fixed to the template's scalp.
        near: (S, P, 3) vertices of the body that points below the chin follow; ``low`` (S, P) in [0, 1] how much.
        margin: (S, P) metres to keep from the body.
    """

    points: np.ndarray
    outward: np.ndarray
    exposure: np.ndarray
    along: np.ndarray
    width: np.ndarray
    tone: np.ndarray
    triangle: np.ndarray
    bary: np.ndarray
    roots: np.ndarray
    near: np.ndarray
    low: np.ndarray
    margin: np.ndarray


class _Obstacle:
    """The upper body as points with normals: how far from the skin is a point?"""

    def __init__(self) -> None:
        model, body = body_model(), template()
        quads = model.mesh.quads["body"]
        quads = quads[(body[quads][..., 2] > 0.45).all(axis=1) & (np.abs(body[quads][..., 0]) < 0.22).all(axis=1)]
        used = np.unique(quads)
        renumber = np.full(len(body), -1)
        renumber[used] = np.arange(len(used))
        fine = subdivide(renumber[quads], len(used))
        self.points = np.asarray(fine.linear @ body[used], np.float32)
        self.normals = normals(self.points, fine.triangles)
        self.tree = cKDTree(self.points)

    def __call__(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Signed distance (N,) in metres and outward normal (N, 3) for points (N, 3)."""
        away, index = self.tree.query(points, k=4)
        weight = 1 / (away + 1e-4) ** 2
        weight /= weight.sum(axis=1, keepdims=True)
        normal = (self.normals[index] * weight[..., None]).sum(axis=1)
        normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
        foot = (self.points[index] * weight[..., None]).sum(axis=1)
        return ((points - foot) * normal).sum(axis=1), normal


@functools.cache
def _obstacle() -> _Obstacle:
    return _Obstacle()


@dataclass(frozen=True)
class _Roots:
    """Where strands begin, (S, 3) each, and the shares (S,) of the regions they lie in."""

    points: np.ndarray
    normals: np.ndarray
    edge: np.ndarray
    top: np.ndarray
    back: np.ndarray
    front: np.ndarray
    triangle: np.ndarray
    bary: np.ndarray


@functools.lru_cache(maxsize=32)
def grow(style_name: str, variant: int, hat: str = "") -> Strands:
    """The strands of a style; ``variant`` chooses the parting's side, scatter and small differences of length.

    Under a ``hat`` of HATS what lies above the rim is pressed flat. Growing takes up to 4 s, reading what was grown
    some milliseconds; the last 32 are kept, as each takes some MB.
    """
    name = "-".join((style_name, str(variant), hat)).replace(" ", "-")
    return Strands(**banked(__name__, name, lambda: vars(_grown(style_name, variant, hat))))


def _grown(style_name: str, variant: int, hat: str) -> Strands:
    """Grow the strands; see :func:`grow`."""
    style = STYLES[style_name]
    rng = np.random.default_rng([variant, sum(map(ord, style_name))])
    roots = _roots(style, rng)
    clump = _clumps(roots.points, style, rng)
    paths, lengths = _walk(style, roots, clump, rng)
    points = resample(paths, lengths, style.points)
    if style.tail:
        points, roots = _with_tail(style, points, roots, rng)
        clump = np.concatenate([clump, clump.max() + 1 + np.arange(len(points) - len(clump)) // 12])
    # Locks would leave gaps in a fringe, which has only bare skin behind it.
    fringe = np.zeros(len(points), bool) if style.tail else _in_fringe(style, roots)
    points = gather(points, clump, np.where(fringe, 0.3 * style.gather, style.gather)[:, None, None])
    points = curl(points, clump, style, rng)
    if hat:
        points = press(hat, points)
    points = _keep_out(points)
    return _finish(style, points, roots, clump, rng)


def _roots(style: Style, rng: np.random.Generator) -> _Roots:
    shell = scalp()
    triangle, bary = shell.sample(rng, style.strands, edge=0.008)
    corners = shell.triangles[triangle]
    points = (shell.vertices[corners] * bary[..., None]).sum(axis=1)
    normal = (shell.normals[corners] * bary[..., None]).sum(axis=1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    towards = points - CENTRE
    towards /= np.linalg.norm(towards, axis=1, keepdims=True)
    return _Roots(
        points=points,
        normals=normal,
        edge=(shell.height[corners] * bary).sum(axis=1),
        top=smoothstep(0.35, 0.75, towards[:, 2]),
        back=smoothstep(-0.1, 0.5, towards[:, 1]),
        front=smoothstep(0.35, 0.75, -towards[:, 1]) * smoothstep(0.945, 0.965, points[:, 2]),
        triangle=triangle,
        bary=bary,
    )


def _clumps(points: np.ndarray, style: Style, rng: np.random.Generator) -> np.ndarray:
    """The lock (S,) of each strand: the nearest of a random choice of roots."""
    seeds = points[rng.permutation(len(points))[: style.clumps]]
    return np.asarray(cKDTree(seeds).query(points)[1])


def _lengths(style: Style, roots: _Roots, clump: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    top, sides, back, front = style.lengths
    length = sides + (back - sides) * roots.back
    length = length + (top - length) * roots.top
    length = length + (front - length) * roots.front
    if style.comb == "out":
        return np.asarray(length * np.exp(rng.normal(0, 0.07, len(length))))
    locks = rng.normal(0, 0.10, clump.max() + 1)[clump]
    length = length * np.exp(locks + rng.normal(0, 0.08, len(length)))
    if style.label == "short":  # short hair is cut finer towards the hairline
        length = length * np.where(roots.front > 0.5, 1, 0.45 + 0.55 * smoothstep(0.0, 0.03, roots.edge))
    return np.asarray(length)


def _in_fringe(style: Style, roots: _Roots) -> np.ndarray:
    """Which roots (S,) bear a fringe: those above the forehead."""
    x, y = roots.points[:, 0], roots.points[:, 1]
    return np.asarray((style.fringe > 0) & (y + 9 * x * x < -0.070) & (roots.edge > 0) & (np.abs(x) < 0.060))


def _walk(style: Style, roots: _Roots, clump: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Paths (S, steps + 1, 3) and the length (S,) of each that is hair."""
    count = len(roots.points)
    parting = rng.choice([-1, 1]) * rng.uniform(0.012, 0.032) if style.label == "short" or rng.random() < 0.5 else 0.0
    length = _lengths(style, roots, clump, rng)
    y = roots.points[:, 1]
    fringe = _in_fringe(style, roots)
    reaching = (style.fringe + 1.1 * np.clip(y + 0.135, 0, None)) * np.exp(rng.normal(0, 0.07, count))
    length = np.where(fringe, reaching, length)
    own = rng.random(count) ** 0.7
    lift = style.lift * (0.33 + 0.67 * own) * (0.45 + 0.55 * smoothstep(0, 0.03, roots.edge))
    scatter = rng.normal(size=(clump.max() + 1, 3))[clump] * 0.7 + rng.normal(size=(count, 3)) * 0.5
    steps = int(np.ceil(min(length.max(), 0.75) / STEP))
    ridge = rng.uniform(-0.085, -0.045)
    path = np.empty((steps + 1, count, 3))
    path[0] = point = roots.points
    direction = roots.normals.copy()
    normal = roots.normals
    distance = np.zeros(count)
    for step in range(steps):
        comb = _comb(style, point, roots, parting, fringe)
        close = np.exp(-np.maximum(distance, 0) / 0.03)[:, None]
        comb -= (comb * normal).sum(axis=1, keepdims=True) * normal * close
        comb /= np.linalg.norm(comb, axis=1, keepdims=True) + 1e-9
        if style.comb == "out":
            comb = roots.normals + np.array([0, 0, 0.15])
        fall = style.gravity * (0.5 + 1.5 * min(1.0, step * STEP / 0.08))
        direction = direction + style.hold * comb + style.noise * scatter * (0.5 if step else 1)
        direction[:, 2] -= np.where(fringe, 0.3, fall)
        direction += _over_the_shoulders(point, ridge, own)
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        moved = point + STEP * direction
        distance, normal = _obstacle()(moved)
        reach = (step + 1) * STEP
        floor = np.minimum(0.0015 + 0.35 * reach, lift)
        floor = np.where(fringe, np.minimum(floor, 0.004 + 0.006 * own), floor)
        push = np.clip(floor - distance, 0, None)
        # Combed hair is drawn back to its own shell of the volume; hanging hair may leave it.
        if style.comb != "out":
            draw_in = 0.6 if style.comb == "tie" else (0.5 if style.label == "short" else 0.25) * close[:, 0]
            push -= np.clip(distance - lift - 0.004, 0, None) * draw_in
        moved = moved + push[:, None] * normal
        moved = _off_the_face(moved, fringe)
        over = np.abs(moved[:, 0]) - 0.080 - 0.020 * own
        moved[:, 0] -= np.sign(moved[:, 0]) * np.clip(over, 0, None) * 0.6 * smoothstep(0, 0.04, 0.80 - moved[:, 2])
        direction = moved - point
        direction /= np.linalg.norm(direction, axis=1, keepdims=True) + 1e-9
        path[step + 1] = point = point + STEP * direction
    path = path.transpose(1, 0, 2)
    return path, np.minimum(length, _cut(style, path, clump, fringe, rng))


def _comb(style: Style, point: np.ndarray, roots: _Roots, parting: float, fringe: np.ndarray) -> np.ndarray:
    """Directions (S, 3) in which hair is combed at points (S, 3)."""
    x, y, z = point.T
    out = np.zeros_like(point)
    side = np.tanh((roots.points[:, 0] - parting) / 0.004)
    down = -smoothstep(0, 0.05, 0.985 - z)
    if style.comb == "tie":
        assert style.tie is not None
        return np.asarray(np.array(style.tie) - point)
    if style.comb == "back":
        out[:, 0] = 0.25 * np.sign(x)
        out[:, 1] = 1.0
        out[:, 2] = 0.8 * down + 0.7 * roots.front * (point[:, 1] < -0.09)
    elif style.comb == "part":
        short = style.label == "short"
        out[:, 0] = side
        out[:, 1] = (0.9 if short else 0.35) + 0.5 * smoothstep(0.07, 0.13, -y)
        out[:, 2] = down * (0.5 if short else 1) + 0.5 * short * roots.front * (y < -0.10)
    elif style.comb == "forward":
        out[:, 0] = 0.3 * np.sign(parting or 1)
        out[:, 1] = -1.0
        out[:, 2] = 0.6 * down
    elif style.comb == "whorl":
        crown = np.array([0.012 * np.sign(parting or 1), 0.012, 1.0])
        away = point - crown
        out = away / (np.linalg.norm(away, axis=1, keepdims=True) + 0.01)
        out[:, :2] += 0.5 * np.stack([-out[:, 1], out[:, 0]], axis=1)
        out[:, 2] += 0.5 * down
    # Hair over the ears and at the back hangs, whatever the top does.
    hang = (1 - np.maximum(roots.top, roots.front))[:, None] * (style.comb != "out")
    forward = 0.4 * smoothstep(0.06, 0.11, -roots.points[:, 1]) * (style.label != "short")
    out = out * (1 - hang) + hang * np.stack([0 * x, 0.25 - forward, 0 * x - 1], axis=1)
    across = np.stack([0.15 * np.sign(parting or 1) + 2.5 * x, np.full_like(x, -0.8), np.full_like(x, -0.6)], axis=1)
    return np.asarray(np.where(fringe[:, None], across, out))


def _over_the_shoulders(point: np.ndarray, ridge: float, own: np.ndarray) -> np.ndarray:
    """What bends hanging hair (S, 3) off the shoulders: forward before ``ridge`` (m in y), else back; and inwards.

    ``own`` (S,) in [0, 1] differs from strand to strand, so that they don't all come to lie in one line.
    """
    below = smoothstep(0, 0.07, 0.83 - point[:, 2])
    bend = np.zeros_like(point)
    bend[:, 0] = -np.sign(point[:, 0]) * below * np.clip((np.abs(point[:, 0]) - 0.050 - 0.035 * own) / 0.035, 0, 1.2)
    bend[:, 1] = below * np.where(point[:, 1] < ridge, -0.30, 0.30)
    return bend


def _off_the_face(points: np.ndarray, fringe: np.ndarray) -> np.ndarray:
    """Move points (S, 3) in front of the face aside; a fringe stays."""
    x, y, z = points.T
    room = 0.060 - 0.010 * smoothstep(0, 0.08, 0.86 - z)
    before = smoothstep(0.085, 0.11, -y) * smoothstep(0, 0.02, 0.962 - z) * smoothstep(0.70, 0.76, z) * ~fringe
    lack = np.clip(room - np.abs(x), 0, None) * before
    moved = points.copy()
    moved[:, 0] += np.where(x >= 0, 1, -1) * lack * 0.35
    moved[:, 1] += (
        0.25 * np.clip(-0.100 - y, 0, None) * smoothstep(0, 0.03, 0.955 - z) * smoothstep(0.74, 0.78, z) * ~fringe
    )
    return moved


def _cut(style: Style, path: np.ndarray, clump: np.ndarray, fringe: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Length (S,) after which a strand reaches the hem, the tie, or the brows."""
    hem, uneven = style.hem
    level = hem + uneven * (0.6 * rng.normal(size=clump.max() + 1)[clump] + 0.5 * rng.normal(size=len(path)))
    over = path[..., 2] < level[:, None]
    if style.tie is not None:
        over = np.linalg.norm(path - np.array(style.tie), axis=2) < 0.016
    brows = (
        0.907
        + 0.010 * rng.random(clump.max() + 1)[clump]
        + 0.004 * rng.random(len(path))
        + 0.5 * np.abs(path[:, 0, 0]) * 0.1
    )
    over = np.where(fringe[:, None], path[..., 2] < brows[:, None], over)
    first = np.where(over.any(axis=1), over.argmax(axis=1), path.shape[1] - 1)
    return np.asarray(np.maximum(first, 1) * STEP)


def _with_tail(style: Style, points: np.ndarray, roots: _Roots, rng: np.random.Generator) -> tuple[np.ndarray, _Roots]:
    """Add the strands of a pony tail or a bun; they hang on the roots next to the tie."""
    assert style.tie is not None
    tie = np.array(style.tie)
    count = 900
    t = np.linspace(0, 1, points.shape[1])[None, :, None]
    if style.tail == "bun":
        extra = _bun(tie, count, points.shape[1], rng)
    else:
        spread = rng.normal(size=(count, 1, 3)) * [1, 1, 0]
        spread /= np.linalg.norm(spread, axis=2, keepdims=True)
        spread *= np.sqrt(rng.random((count, 1, 1))) * [0.018, 0.014, 0.0]
        end = style.hem[0] + style.hem[1] * rng.normal(size=(count, 1, 1))
        swing = np.array([0.012 * rng.choice([-1, 1]), 0.0, 0.0])
        back = 0.040 * (1 - np.exp(-t / 0.10)) - 0.045 * t**1.5
        drop = (end - tie[2]) * np.clip(t - 0.06 * (1 - np.exp(-t / 0.06)), 0, 1)
        belly = 0.35 + 1.3 * np.sqrt(t) * (1.15 - 0.65 * t)
        extra = tie + swing * t + spread * belly + back * [0, 1, 0] + drop * [0, 0, 1]
        extra[..., 2] += 0.006 * rng.normal(size=(count, 1)) * (1 - t[..., 0])
    nearest = cKDTree(roots.points).query(tie[None])[1][0]
    index = np.concatenate([np.arange(len(points)), np.full(count, nearest)])
    return np.concatenate([points, extra]), _Roots(**{name: value[index] for name, value in vars(roots).items()})


def _bun(tie: np.ndarray, count: int, points: int, rng: np.random.Generator) -> np.ndarray:
    """Strands (count, points, 3) wound round a flattened ball on the tie."""
    axis = (tie - CENTRE) / np.linalg.norm(tie - CENTRE)
    e1 = np.cross(axis, [1.0, 0.2, 0.0])
    e1 /= np.linalg.norm(e1)
    e2 = np.cross(axis, e1)
    turn = rng.uniform(0, 2 * np.pi, (count, 1)) + np.linspace(0, 2.6, points)[None]
    tube = rng.uniform(0, 2 * np.pi, (count, 1)) + np.linspace(0, 1.1, points)[None]
    thick = 0.0185 * np.sqrt(rng.uniform(0.6, 1.0, (count, 1))) * (1 + 0.06 * np.sin(3 * turn + tube))
    radius = 0.0175 + thick * np.cos(tube)
    height = 0.017 + thick * np.sin(tube)
    flat = np.cos(turn)[..., None] * e1 + np.sin(turn)[..., None] * e2
    return np.asarray(tie + radius[..., None] * flat + height[..., None] * axis)


def _keep_out(points: np.ndarray) -> np.ndarray:
    """Push points (S, P, 3) that gathering or curls moved into the body out again."""
    flat = points[:, 1:].reshape(-1, 3)
    distance, normal = _obstacle()(flat)
    flat = flat + np.clip(0.0025 - distance, 0, None)[:, None] * normal
    return np.concatenate([points[:, :1], flat.reshape(len(points), -1, 3)], axis=1)


def _finish(style: Style, points: np.ndarray, roots: _Roots, clump: np.ndarray, rng: np.random.Generator) -> Strands:
    """All that shading and placing need to know."""
    count, along = points.shape[1], np.linspace(0, 1, points.shape[1])
    distance, away = _obstacle()(points.reshape(-1, 3))
    exposure, outward = exposure_of(points, away.reshape(points.shape))
    thin = np.clip(0.6 + roots.edge / 0.02, 0.6, 1)[:, None] * np.exp(rng.normal(0, 0.15, (len(points), 1)))
    tone = 0.75 * rng.normal(size=clump.max() + 1)[clump] + 0.65 * rng.normal(size=len(points))
    low = 1 - smoothstep(SHOULDER, CHIN, points[..., 2])
    return Strands(
        points=points.astype(np.float32),
        outward=outward.astype(np.float32),
        exposure=exposure.astype(np.float32),
        along=along.astype(np.float32),
        width=(style.width * thin * (1 - (0.30 if style.label == "long" else 0.55) * along**2)).astype(np.float32),
        tone=tone.astype(np.float32),
        triangle=roots.triangle,
        bary=roots.bary,
        roots=roots.points.astype(np.float32),
        near=_near(points),
        low=low.astype(np.float32),
        margin=np.clip(distance, 0.0015, 0.006).reshape(-1, count).astype(np.float32),
    )


def _near(points: np.ndarray) -> np.ndarray:
    """For points (S, P, 3) the three nearest vertices (S, P, 3) of the trunk, the neck and the head."""
    model = body_model()
    body = model.group("body")
    names = np.array(model.bones)[model.bone_indices[body, 0]]
    still = np.array([not n.startswith(("upperarm", "lowerarm", "wrist", "finger", "metacarpal")) for n in names])
    body = body[still & (template()[body, 2] > 0.4)]
    return np.asarray(body[cKDTree(template()[body]).query(points, k=3)[1]], np.int32)
