"""Makes a garment to measure: from its description and a rest body to the meshes of its parts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import map_coordinates

from vtonlib.wardrobe import landmarks as lm
from vtonlib.wardrobe.body import body_model
from vtonlib.wardrobe.collar import collar_parts
from vtonlib.wardrobe.cutting import Cut, cut_of
from vtonlib.wardrobe.garment_spec import GarmentSpec
from vtonlib.wardrobe.mesh import normals
from vtonlib.wardrobe.part import Part
from vtonlib.wardrobe.pattern import suit_leg_uv, suit_sleeve_uv, trunk_uv, tube_uv
from vtonlib.wardrobe.ramp import smoothstep
from vtonlib.wardrobe.tube import (
    ANGLES,
    COLUMNS,
    HEIGHTS,
    ROWS,
    Profile,
    hang,
    profile,
    tube_place,
    tube_points,
    tube_triangles,
    tube_weights,
)

_TAPER = {"tight": 1.3, "regular": 0.4, "loose": 0.1}


@dataclass(frozen=True)
class Garment3d:
    """A garment made for one body: its description, its cut and its parts."""

    spec: GarmentSpec
    cut: Cut
    parts: tuple[Part, ...]


def make(spec: GarmentSpec, rest: np.ndarray, body: Profile | None = None, over: float = 0.0) -> Garment3d:
    """Make a garment for a rest body (19158, 3).

    Args:
        spec: the garment.
        rest: the wearer.
        body: the wearer's :func:`profile`, if known.
        over: metres added to the ease because the garment is worn over another.
    """
    measured = body or profile(rest)
    cut = cut_of(spec)
    if spec.category == "bottom" and spec.kind != "skirt":
        return Garment3d(spec, cut, (_legs(spec, cut, rest, over).trimmed(),))
    if spec.category == "bottom":
        return Garment3d(spec, cut, (_skirt(spec, cut, measured, over).trimmed(),))
    radius = _tube_radius(spec, cut, measured, over)
    upper = _upper(spec, cut, rest, measured, radius, over)
    tube = _tube(spec, cut, measured, radius, lm.JOIN_Z + 0.012)
    parts = (*upper, tube, *collar_parts(spec, cut, upper[0]))
    return Garment3d(spec, cut, tuple(part.trimmed() for part in parts))


def _ease(spec: GarmentSpec) -> float:
    """Metres between body and cloth; sheer cloth clings."""
    return min(spec.ease, 0.008) if spec.sheer else spec.ease


def _tube_radius(spec: GarmentSpec, cut: Cut, body: Profile, over: float) -> np.ndarray:
    """Radius of the tube of a top or a dress, folds and flare included."""
    z = HEIGHTS
    if spec.category == "dress":
        taper = np.where(z > lm.WAIST_Z, 0.9, 0.15)
        start = lm.WAIST_Z + 0.02
    else:
        taper = np.full(ROWS, _TAPER["tight" if spec.sheer else spec.fit])
        start = lm.JOIN_Z - 0.05
    radius = hang(body, taper) + _ease(spec) + over
    down = np.maximum(0, start - z)
    radius = radius + (_flare(spec) * down)[:, None]
    flutes = _flutes(spec, down, 0.16 if spec.category == "dress" else 0.05)
    return np.asarray(radius + (np.maximum(flutes, 0) if spec.sheer else flutes))  # what is under must not come through


def _flare(spec: GarmentSpec) -> float:
    """Metres by which the radius grows for each metre down."""
    least, more = {"top": (0.03, 0.16), "bottom": (0.0, 0.45), "dress": (0.06, 0.28)}[spec.category]
    return least + more * spec.flare


def _spread(spec: GarmentSpec) -> np.ndarray:
    """How much wider than the body each row of the tube is cut, (ROWS,); prints keep their size on a wide skirt."""
    if spec.category == "top":
        return np.ones(ROWS)
    return np.asarray(1 + _flare(spec) * np.maximum(0, lm.WAIST_Z - HEIGHTS) / 0.17)


def _flutes(spec: GarmentSpec, down: np.ndarray, depth: float) -> np.ndarray:
    """Vertical folds (ROWS, COLUMNS) that deepen downwards; ``depth`` metres a metre at most."""
    rng = np.random.default_rng(spec.seed)
    waves = np.zeros((1, COLUMNS), np.float32)
    for count in rng.choice(np.arange(5, 14), 4, replace=False):
        waves = waves + rng.uniform(0.4, 1) / 2 * np.cos(count * ANGLES[None] + rng.uniform(0, 2 * np.pi))
    # Crests are round and valleys narrow, as in cloth that hangs.
    waves = np.sqrt(np.maximum(0, waves - waves.min())) - 1
    strength = depth * (0.2 + 0.8 * spec.folds) * (0.3 + spec.flare)
    return np.asarray(waves * (strength * np.minimum(down, 0.45) ** 1.3)[:, None], np.float32)


def _tube(spec: GarmentSpec, cut: Cut, body: Profile, radius: np.ndarray, top: float) -> Part:
    """The part below the arms."""
    first = int(np.searchsorted(-HEIGHTS, -top))
    last = min(ROWS - 1, int(np.searchsorted(-HEIGHTS, -cut.bottom)) + 2)
    place = tube_place()
    hem = place[:, 2] - cut.bottom
    opening = cut.opening_field(place)
    indices, weights = tube_weights()
    return Part(
        name="tube",
        rest=tube_points(body, radius),
        triangles=tube_triangles(first, last),
        bone_indices=indices,
        bone_weights=weights,
        cut=np.stack([hem, opening], axis=1).astype(np.float32),
        uv=tube_uv(_spread(spec)),
        place=place,
        neck=opening,
        hem=hem.astype(np.float32),
        twins=np.arange(ROWS)[:, None] * (COLUMNS + 1) + np.array([0, COLUMNS]),
    )


def _skirt(spec: GarmentSpec, cut: Cut, body: Profile, over: float) -> Part:
    """A skirt: hangs from the waist."""
    z = HEIGHTS
    taper = 0.9 - 0.8 * min(1.0, spec.flare * 2)
    # The band sits on the waist; below it the cloth stands off as its ease asks.
    stand_off = 0.002 + over + 0.6 * spec.ease * smoothstep(lm.WAIST_Z - 0.02, lm.WAIST_Z - 0.14, z)
    radius = hang(body, taper, start=lm.WAIST_Z) + stand_off[:, None]
    down = np.maximum(0, lm.WAIST_Z - 0.05 - z)
    radius = radius + (_flare(spec) * down)[:, None] + _flutes(spec, down, 0.18)
    part = _tube(spec, cut, body, radius, lm.WAIST_Z + 0.02)
    top = cut.top - part.place[:, 2]
    return replace(part, cut=np.column_stack([part.cut, top]).astype(np.float32), neck=top)


def _upper(
    spec: GarmentSpec, cut: Cut, rest: np.ndarray, body: Profile, radius: np.ndarray, over: float
) -> tuple[Part, ...]:
    """Chest, shoulders and sleeves, shaped from the suit."""
    model = lm.suit()
    marks = model.landmarks
    points = np.asarray(model.fine.weights @ rest[model.vertices], np.float32)
    ease = _ease(spec) + over
    # Cloth lies close at its edges and stands off further in.
    inside = cut.neck_field(marks.place)
    if spec.sleeve == "none":
        inside = np.minimum(inside, cut.sleeve_field(marks))
    off = 0.004 + over + (ease - over - 0.004) * smoothstep(0.0, 0.07, inside)
    off = off * (1 - 0.55 * smoothstep(0.56, 0.68, marks.place[:, 2]))  # it rests on the shoulders
    off = off * (1 - 0.5 * smoothstep(0.15, 0.8, marks.arm))  # sleeves are cut closer
    eased = points + normals(points, model.fine.triangles) * off[:, None]
    eased = _onto_tube(eased, points, marks, body, radius)
    eased = _sleeves(eased, marks, rest, spec, ease)
    neck = cut.neck_field(marks.place)
    sleeve = cut.sleeve_field(marks)
    join = np.where(marks.arm > 0.4, 1.0, marks.place[:, 2] - lm.JOIN_Z)
    near = (marks.arm > 0.4) | (marks.place[:, 2] > lm.JOIN_Z - 0.08)
    seam = (lm.SLEEVE_SEAM - marks.along) * lm.ARM_LENGTH
    shared = {
        "rest": np.ascontiguousarray(eased, np.float32),
        "triangles": model.fine.triangles,
        "bone_indices": model.bone_indices,
        "bone_weights": model.bone_weights,
        "place": marks.place,
        "keep": near & (np.minimum(neck, sleeve) > -0.01),
    }
    trunk = Part(
        name="body",
        cut=np.stack([neck, join, sleeve if spec.sleeve == "none" else seam], axis=1).astype(np.float32),
        uv=trunk_uv(marks.place),
        neck=neck,
        hem=sleeve if spec.sleeve == "none" else np.full(len(points), 1, np.float32),
        **shared,
    )
    if spec.sleeve == "none":
        return (trunk,)
    arm = Part(
        name="sleeve",
        cut=np.stack([neck, join, sleeve, -seam], axis=1).astype(np.float32),
        uv=suit_sleeve_uv(),
        neck=(-seam).astype(np.float32),
        hem=sleeve,
        **shared,
    )
    return (trunk, arm)


def _onto_tube(
    points: np.ndarray, bare: np.ndarray, marks: lm.Landmarks, body: Profile, radius: np.ndarray
) -> np.ndarray:
    """Carry the chest outwards to where the tube hangs, fully at the join, not at all at the shoulders.

    At the join both surfaces must meet point by point, so there the cloth stands off the ``bare`` body straight away
    from its axis, as the tube does, and not along the skin's normals.
    """
    height = marks.place[:, 2]
    on_trunk = 1 - smoothstep(0.15, 0.6, marks.arm)
    straight = smoothstep(0.52, lm.JOIN_Z + 0.01, height) * on_trunk
    z = points[:, 2] + straight * (bare[:, 2] - points[:, 2])
    row = np.interp(-z, -body.z, np.arange(ROWS))
    axis = np.interp(row, np.arange(ROWS), body.axis)
    x, y = points[:, 0], points[:, 1] - axis
    own = np.hypot(x, y)
    eased = np.arctan2(x, -y)
    beside = (np.arctan2(bare[:, 0], axis - bare[:, 1]) - eased + np.pi) % (2 * np.pi) - np.pi
    angle = eased + straight * beside
    column = (angle + np.pi) / (2 * np.pi) * COLUMNS
    target = map_coordinates(radius, [np.clip(row, 0, ROWS - 1), column], order=1, mode="grid-wrap")
    share = smoothstep(0.58, lm.JOIN_Z + 0.015, height) * on_trunk
    # Further up cloth only moves outwards; at the join both surfaces must meet.
    above = smoothstep(lm.JOIN_Z + 0.015, lm.JOIN_Z + 0.12, height)
    wanted = target + above * np.maximum(0, own - target)
    reach = own + share * (wanted - own)
    return np.stack([reach * np.sin(angle), axis - reach * np.cos(angle), z], axis=1)


def _sleeves(points: np.ndarray, marks: lm.Landmarks, rest: np.ndarray, spec: GarmentSpec, ease: float) -> np.ndarray:
    """Give sleeves their width: cloth keeps the girth of the upper arm and narrows to the cuff."""
    model = body_model()
    out = points.copy()
    for side, sign in (("l", 1), ("r", -1)):
        joints = np.stack([model.joint(f"{side}-{n}", rest) for n in ("shoulder", "elbow", "hand")])
        mine = (marks.place[:, 0] * sign > 0) & (marks.along > -0.05) & (marks.arm > 0.2)
        foot = _on_arm(points[mine], joints)
        away = points[mine] - foot
        girth = np.linalg.norm(away, axis=1)
        along = marks.along[mine]
        upper = float(np.median(girth[(along > 0.25) & (along < 0.4)]))
        if spec.sheer:
            continue  # it clings to the arm
        narrowing = {"tight": 1.3, "regular": 0.6, "loose": 0.4}[spec.fit]
        wanted = (upper + 0.1 * ease) * (1 - narrowing * np.maximum(0, along - 0.2))
        if spec.sleeve == "long" and spec.fit != "loose":
            wanted = wanted * (1 - 0.35 * smoothstep(0.85, 0.97, along))
        share = smoothstep(0.05, 0.25, along)
        girth = girth - share * 0.35 * ease  # sleeves are cut closer than the trunk
        grown = np.maximum(girth, girth + share * (wanted - girth))
        out[mine] = foot + away * (grown / np.maximum(np.linalg.norm(away, axis=1), 1e-4))[:, None]
    return out


def _on_arm(points: np.ndarray, joints: np.ndarray) -> np.ndarray:
    """The nearest points on the polyline of shoulder, elbow and hand."""
    upper, lower = joints[1] - joints[0], joints[2] - joints[1]
    t = np.clip((points - joints[0]) @ upper / (upper @ upper), 0, 1)[:, None]
    s = np.clip((points - joints[1]) @ lower / (lower @ lower), 0, 1.3)[:, None]
    first, second = joints[0] + t * upper, joints[1] + s * lower
    nearer = np.linalg.norm(points - first, axis=1) <= np.linalg.norm(points - second, axis=1)
    return np.asarray(np.where(nearer[:, None], first, second))


def _legs(spec: GarmentSpec, cut: Cut, rest: np.ndarray, over: float) -> Part:
    """Trousers and shorts, shaped from the suit."""
    model = lm.suit()
    marks = model.landmarks
    points = np.asarray(model.fine.weights @ rest[model.vertices], np.float32)
    eased = points + normals(points, model.fine.triangles) * (0.003 + 0.35 * spec.ease + over)
    skeleton = body_model()
    width = {"tight": 0.0, "regular": 0.8, "loose": 1.0}[spec.fit]
    for side, sign in (("l", 1), ("r", -1)):
        joints = np.stack([skeleton.joint(f"{side}-{n}", rest) for n in ("upper-leg", "knee", "ankle")])
        mine = (marks.place[:, 0] * sign > 0) & (marks.place[:, 2] < lm.CROTCH_Z - 0.01)
        z = points[mine, 2]
        order = np.argsort(joints[:, 2])
        centre = np.stack([np.interp(z, joints[order, 2], joints[order, k]) for k in (0, 1)], axis=1)
        away = eased[mine, :2] - centre
        girth = np.linalg.norm(away, axis=1)
        place_z = marks.place[mine, 2]
        knee = float(np.median(girth[np.abs(place_z - lm.KNEE_Z) < 0.04]))
        thigh = float(np.median(girth[np.abs(place_z + 0.08) < 0.03]))
        down = np.clip((-0.05 - place_z) / 0.7, 0, 1)
        wanted = thigh * (1 - down) + (knee * 1.15 + 0.9 * spec.ease + 0.05 * spec.flare) * down
        share = width * smoothstep(-0.02, -0.25, place_z)
        scale = np.maximum(girth, girth + share * (wanted - girth)) / np.maximum(girth, 1e-4)
        eased[mine, :2] = centre + away * scale[:, None]
    top = cut.top - marks.place[:, 2]
    bottom = marks.place[:, 2] - cut.bottom
    legs_only = np.where(marks.arm > 0.3, -1.0, 1.0)
    return Part(
        name="leg",
        rest=np.ascontiguousarray(eased, np.float32),
        triangles=model.fine.triangles,
        bone_indices=model.bone_indices,
        bone_weights=model.bone_weights,
        cut=np.stack([top, bottom, legs_only], axis=1).astype(np.float32),
        uv=suit_leg_uv(),
        place=marks.place,
        neck=top.astype(np.float32),
        hem=bottom.astype(np.float32),
    )
