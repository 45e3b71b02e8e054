"""A sample with every field, made by hand, and a renderer of such samples for the tests of what surrounds one."""

import os
import time

import numpy as np

from vtonlib.data.labels import LIP
from vtonlib.data.sample import Garment, Sample, View

SIZE = (64, 48)


def make_sample(seed: int = 0, size: tuple[int, int] = SIZE) -> Sample:
    rng = np.random.default_rng(seed)
    return Sample(
        person_id=f"p{seed}",
        cloth=garment(rng, size, f"g{2 * seed}", sleeve="short", graphic="logo"),
        other_cloth=garment(rng, size, f"g{2 * seed + 1}", sleeve="long", sheer=0.4),
        person=view(rng, size, "half", -12.5),
        other_pose=view(rng, size, "whole", 31.0),
        swap=view(rng, size, "half", -12.5),
        other_pose_swap=view(rng, size, "whole", 31.0),
        attributes={"presentation": "feminine", "hat": bool(seed % 2), "body_size": 0.25},
        skin_rgb=(190, 140, 110),
        background_id=7,
    )


def view(rng: np.random.Generator, size: tuple[int, int], framing: str, turn_deg: float) -> View:
    """Smooth colours; a block of the upper clothes whose pixels correspond to points of the in-shop picture."""
    height, width = size
    parse = np.zeros(size, np.uint8)
    parse[height // 4 : height // 2, width // 4 : -width // 4] = LIP["upper_clothes"]
    parse[: height // 8, width // 3 : width // 2] = LIP["right_shoe"]
    y, x = np.mgrid[:height, :width]
    points = np.stack([0.9 * x + rng.uniform(0, 3), 0.8 * y + 2 * np.sin(x / 9)], -1).clip(0).astype(np.float32)
    points[parse != LIP["upper_clothes"]] = np.nan
    keypoints = np.column_stack([rng.uniform(0, width, 18), rng.uniform(0, height, 18), rng.integers(0, 2, 18)])
    return View(
        image=smooth(rng, size),
        parse=parse,
        neck=rng.random(size) < 0.1,
        keypoints=keypoints.astype(np.float32),
        correspondence=points,
        framing=framing,
        turn_deg=turn_deg,
    )


def garment(rng: np.random.Generator, size: tuple[int, int], name: str, **attributes: str | float) -> Garment:
    mask = rng.random(size) < 0.5
    return Garment(
        garment_id=name,
        image=smooth(rng, size),
        mask=mask,
        inner_collar=mask & (rng.random(size) < 0.1),
        label_tag=mask & (rng.random(size) < 0.1),
        alpha=(rng.random(size) * attributes.get("sheer", 0.0) * mask).astype(np.float32),
        category="top",
        attributes={"collar": "crew", "front": "closed", **attributes},
        caption="a navy tee with a “V” neck",
    )


def smooth(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Colours that change slowly, as lossy pictures can hold."""
    height, width = size
    y, x = np.mgrid[:height, :width] / height
    start, slope_y, slope_x = rng.uniform(40, 100, 3), rng.uniform(0, 60, 3), rng.uniform(0, 60, 3)
    return (start + y[..., None] * slope_y + x[..., None] * slope_x).astype(np.uint8)


def render(seed: int, split: str, index: int, size: tuple[int, int]) -> Sample:
    """Stands in for the renderer."""
    return make_sample(1000 * seed + 100 * (split == "test") + index, size)


def render_slowly(seed: int, split: str, index: int, size: tuple[int, int]) -> Sample:
    time.sleep(0.1)
    return render(seed, split, index, size)


def render_until_killed(seed: int, split: str, index: int, size: tuple[int, int]) -> Sample:
    if index == 2:
        os.kill(os.getpid(), 9)
    return render(seed, split, index, size)


def render_without_numba(seed: int, split: str, index: int, size: tuple[int, int]) -> Sample:
    raise ModuleNotFoundError("No module named 'numba'", name="numba")


def same(a: object, b: object) -> bool:
    """Whether two samples, views or garments hold the same, to the last bit."""
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype == np.float32)
    if isinstance(a, Sample | View | Garment):
        return type(a) is type(b) and all(same(value, vars(b)[name]) for name, value in vars(a).items())
    return a == b
