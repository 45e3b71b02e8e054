"""Break the library in several ways and show that a named check fails for each: the checks bite."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).parent / "mutations.py"
EVERY_STAGE = "tests/training/test_every_stage.py"


@dataclass(frozen=True)
class Mutation:
    """One way to break the library.

    Attributes:
        file: in ``vtonlib``.
        old: text that occurs exactly once there.
        new: what takes its place.
        check: the test that must fail.
    """

    file: str
    old: str
    new: str
    check: str


MUTATIONS = {
    "sign of a loss": Mutation(
        "losses/gan.py",
        "    return softplus(-fake).mean()",
        "    return -softplus(-fake).mean()",
        "tests/losses/test_gan.py::test_players_pull_in_opposite_directions[non_saturating]",
    ),
    "missing detach": Mutation(
        "training/loop.py",
        "other.requires_grad_(other is network)",
        "other.requires_grad_(True)",
        f"{EVERY_STAGE}::test_a_phase_leaves_gradients_in_its_own_network_only[dcgan-default]",
    ),
    "learning rate zero": Mutation(
        "training/stages/dcgan.py",
        "lr=config.learning_rate,",
        "lr=0.0,",
        f"{EVERY_STAGE}::test_the_loss_of_every_phase_falls_on_one_batch[dcgan-default]",
    ),
    "test data in training": Mutation(
        "training/stages/dcgan.py",
        'load_clothes("train")',
        'load_clothes("held_out")',
        f"{EVERY_STAGE}::test_no_held_out_picture_is_trained_on[dcgan]",
    ),
    "wrong pairs taken for right ones": Mutation(
        "losses/gan_cls.py",
        "weighed.wrong * softplus(wrong).mean()",
        "weighed.wrong * softplus(-wrong).mean()",
        "tests/losses/test_gan_cls.py::test_the_discriminators_loss_by_hand[reed-0.5-0.5]",
    ),
    "a region paints beyond its border": Mutation(
        "models/fashion_gan/compositional.py",
        "(renderings * masks[:, :, None]).sum(dim=1)",
        "renderings.mean(dim=1)",
        "tests/models/fashion_gan/test_compositional.py::test_with_one_hot_masks_each_pixel_is_that_of_one_rendering",
    ),
    "a composition mask rough in one direction": Mutation(
        "losses/composition.py",
        "(down + across) / alpha.numel()",
        "down / alpha.numel()",
        "tests/losses/test_composition.py::test_a_single_pixel_has_four_sides",
    ),
    "composed the wrong way round": Mutation(
        "models/viton.py",
        "    return alpha * warped + (1 - alpha) * coarse",
        "    return alpha * coarse + (1 - alpha) * warped",
        "tests/models/test_viton.py::test_composition_by_hand",
    ),
    "average never updated": Mutation(
        "training/ema.py",
        "average.lerp_(weight, 1 - decay)",
        "average.lerp_(weight, 0.0)",
        f"{EVERY_STAGE}::test_averages_follow_their_network[dcgan-default]",
    ),
}


def copy_project(folder: Path) -> Path:
    ignore = shutil.ignore_patterns("__pycache__", "*.safetensors")
    shutil.copytree(ROOT / "vtonlib", folder / "vtonlib", ignore=ignore)
    for name in ("training", "losses", "models"):
        shutil.copytree(ROOT / "tests" / name, folder / "tests" / name, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, tuple[int, str]]:
    """Exit code and output of pytest for each broken copy, and for one that is whole."""
    folders = {name: copy_project(tmp_path_factory.mktemp("copy")) for name in (*MUTATIONS, "whole")}
    arguments = [f"{folders['whole']}={','.join(mutation.check for mutation in MUTATIONS.values())}"]
    for name, mutation in MUTATIONS.items():
        path = folders[name] / "vtonlib" / mutation.file
        text = path.read_text()
        assert text.count(mutation.old) == 1, f"{mutation.file} holds {mutation.old!r} {text.count(mutation.old)} times"
        path.write_text(text.replace(mutation.old, mutation.new))
        arguments.append(f"{folders[name]}={mutation.check}")
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *arguments],
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        | {"OMP_NUM_THREADS": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    codes = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())
    return {name: (int(codes[str(folder)]), (folder / "output.txt").read_text()) for name, folder in folders.items()}


def test_the_checks_pass_in_a_copy_that_is_whole(outcomes):
    code, output = outcomes["whole"]
    assert code == 0, output
    assert f"{len(MUTATIONS)} passed" in output


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_broken_library_fails_its_check(name, outcomes):
    code, output = outcomes[name]
    assert code == 1, output
    assert "1 failed" in output
    assert "AssertionError" in output
    assert MUTATIONS[name].check in output
