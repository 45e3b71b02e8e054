"""Views as tensors: the form in which pictures of people become inputs of a network, one or many at a time."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

import numpy as np
import torch
from torch import Tensor

from vtonlib.data.labels import LIP, LIP_20
from vtonlib.data.sample import View
from vtonlib.errors import VtonError

FIELDS = ("image", "parse", "neck", "keypoints")

P = ParamSpec("P")


@dataclass(frozen=True, eq=False)
class Views:
    """N views of one size.

    Attributes:
        image: (N, 3, H, W) uint8, RGB.
        parse: (N, H, W) uint8, numbers of LIP-20, or None where a view lacks it; so for the rest.
        neck: (N, H, W) bool.
        keypoints: (N, 18, 3) float32, x, y in pixels, visible.
    """

    image: Tensor
    parse: Tensor | None = None
    neck: Tensor | None = None
    keypoints: Tensor | None = None

    @classmethod
    def of(cls, views: Sequence[View]) -> Views:
        """Stack views.

        Raises:
            VtonError: if they differ in size.
        """
        if len({view.size for view in views}) != 1:
            raise VtonError(f"views of sizes {sorted({view.size for view in views})}: resize them to one first")
        columns: dict[str, Tensor] = {}
        for name in FIELDS:
            arrays = [getattr(view, name) for view in views]
            if all(array is not None for array in arrays):
                columns[name] = torch.from_numpy(np.stack(arrays))
        return cls(**{**columns, "image": columns["image"].permute(0, 3, 1, 2).contiguous()})

    @classmethod
    def inside(cls, batch: Mapping[str, Tensor], slot: str) -> Views:
        """The views ``slot`` of a batch of named tensors, such as ``person.image`` and ``person.parse``."""
        if f"{slot}.image" not in batch:
            raise VtonError(f"batch has no field '{slot}.image'; add it to the fields that are loaded")
        return cls(**{name: batch[f"{slot}.{name}"] for name in FIELDS if f"{slot}.{name}" in batch})

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self.image.shape[2], self.image.shape[3]

    def require(self, name: str) -> Any:
        """A tensor that must be there.

        Raises:
            VtonError: if it is None.
        """
        value = getattr(self, name)
        if value is None:
            raise VtonError(f"view: has no field {name!r}; use a data set that provides it, such as the wardrobe")
        return value

    def pictures(self) -> Tensor:
        """(N, 3, H, W) float32 in [-1, 1]."""
        return to_pictures(self.image)

    def region(self, labels: Sequence[str]) -> Tensor:
        """Mask (N, 1, H, W) float32 in {0, 1} of the pixels with one of these labels of LIP-20."""
        table = torch.zeros(len(LIP_20), device=self.image.device)
        table[[LIP[label] for label in labels]] = 1
        return table[self.require("parse").long()].unsqueeze(1)


def to_pictures(image: Tensor) -> Tensor:
    """Bytes (N, C, H, W) as float32 in [-1, 1]."""
    return image.float().div_(127.5).sub_(1)


def for_views(function: Callable[Concatenate[Views, P], Tensor]) -> Callable[Concatenate[View | Views, P], Tensor]:
    """Let a function of many views take a single one, whose result then has no first axis."""

    @functools.wraps(function)
    def either(view: View | Views, /, *args: P.args, **kwargs: P.kwargs) -> Tensor:
        if isinstance(view, View):
            return function(Views.of([view]), *args, **kwargs)[0]
        return function(view, *args, **kwargs)

    return either
