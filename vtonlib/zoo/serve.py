"""Earlier stages for later chapters, so that every chapter runs alone and in any order."""

from __future__ import annotations

from vtonlib.profiles import budget
from vtonlib.training.checkpoint import load_checkpoint
from vtonlib.training.registry import stage_class
from vtonlib.training.run import checkpoint_path, train_stage
from vtonlib.training.stage import Stage
from vtonlib.zoo.store import load, names


def load_stage(name: str, profile: str, seed: int = 0) -> Stage:
    """A trained stage: shipped weights of that profile, else the reader's own run, else trained now.

    The smoke profile is served with the weights of the cpu profile.

    Args:
        name: key in the registry.
        profile: key in :data:`vtonlib.profiles.PROFILES`.
        seed: of the run, where it has to be trained.

    Raises:
        VtonError: for an unknown stage or profile, or damaged files.
    """
    shipped = f"{name}.{'cpu' if profile == 'smoke' else profile}"
    if shipped in names():
        return load(shipped)
    cls, plan = stage_class(name), budget(name, profile)
    path = checkpoint_path(name, profile, seed)
    if path.exists():
        state = load_checkpoint(path)
        if state["step"] >= plan.steps:
            stage = cls(cls.Config(**state["config"]), seed)
            stage.load_trained(state)
            return stage
    print(f"{shipped} is not shipped: training it now, about {plan.minutes:g} minutes on {plan.where}")
    return train_stage(name, profile, seed).stage
