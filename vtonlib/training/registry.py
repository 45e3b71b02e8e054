"""Stages by name. A name can be taken once only; stage ``x`` lives in ``vtonlib.training.stages.x``.

A stage's module is imported when it is asked for, so that a chapter depends on the stages that it uses and on no other.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any, TypeVar

from vtonlib.errors import VtonError
from vtonlib.training import stages
from vtonlib.training.stage import Stage

S = TypeVar("S", bound=Stage)

_STAGES: dict[str, type[Stage]] = {}


def register(name: str) -> Callable[[type[S]], type[S]]:
    """Class decorator that puts a stage under a name.

    Raises:
        ValueError: if the name is taken.
    """

    def enter(cls: type[S]) -> type[S]:
        if name in _STAGES:
            raise ValueError(f"stage name {name!r} is taken by {_STAGES[name].__qualname__}")
        cls.name = name
        _STAGES[name] = cls
        return cls

    return enter


def stage_names() -> list[str]:
    """All names, sorted."""
    return sorted({module.name for module in pkgutil.iter_modules(stages.__path__)} | set(_STAGES))


def stage_class(name: str) -> type[Stage]:
    """The class of a stage.

    Raises:
        VtonError: if there is none of that name.
    """
    if name not in stage_names():
        raise VtonError(f"stage is {name!r}; choose one of {', '.join(stage_names())}")
    if name not in _STAGES:
        importlib.import_module(f"{stages.__name__}.{name}")
    return _STAGES[name]


def build_stage(name: str, seed: int = 0, **settings: Any) -> Stage:
    """Build a stage from its defaults and the given fields of its configuration.

    Raises:
        VtonError: for an unknown stage or an unknown field.
    """
    cls = stage_class(name)
    try:
        config = cls.Config(**settings)
    except TypeError:
        fields = ", ".join(cls.Config.__dataclass_fields__)
        raise VtonError(f"stage {name!r} was given {', '.join(settings)}; its fields are {fields}") from None
    return cls(config, seed)
