"""Public weights in our networks: the same answers, and the same bits on the way back."""

import pytest
import torch

from vtonlib.convert.cp_vton import VARIANTS, detect, from_ours, from_public, to_public, try_on_name, variant_of
from vtonlib.errors import VtonError
from vtonlib.models.cp_vton import GeometricMatcher, TryOnModule
from vtonlib.models.cp_vton_plus import GeometricMatcherPlus, TryOnModulePlus

from .public_files import TRY_ON, matcher_shapes, public_theta, public_try_on, random_state, try_on_shapes

SHAPES = {
    "cp-vton-gmm": matcher_shapes(3),
    "cp-vton-plus-gmm": matcher_shapes(1),
    "cp-vton-tom": try_on_shapes(25),
    "cp-vton-plus-tom": try_on_shapes(26),
}
KINDS = {
    "cp-vton-gmm": GeometricMatcher,
    "cp-vton-plus-gmm": GeometricMatcherPlus,
    "cp-vton-tom": TryOnModule,
    "cp-vton-plus-tom": TryOnModulePlus,
}


@pytest.fixture(scope="module")
def states():
    return {name: random_state(shapes) for name, shapes in SHAPES.items()}


def picture(channels, seed=1):
    return torch.rand(1, channels, 256, 192, generator=torch.Generator().manual_seed(seed)) * 2 - 1


@pytest.mark.parametrize(("name", "count"), [("cp-vton-gmm", 104), ("cp-vton-plus-tom", 24)])
def test_the_files_have_as_many_tensors_as_is_known(name, count):
    assert len(SHAPES[name]) == count


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_names_and_shapes_are_those_of_the_public_files(variant):
    assert {name: tuple(shape) for name, (_, shape, _) in variant.expected().items()} == SHAPES[variant.name]


@pytest.mark.parametrize("name", SHAPES)
def test_the_network_is_recognised(states, name):
    assert detect(states[name], "x").name == name
    network = from_public(states[name])
    assert type(network) is KINDS[name]
    assert variant_of(network).name == name
    assert not network.training
    assert all(parameter.requires_grad for parameter in network.parameters())


@pytest.mark.parametrize(("name", "channels"), [("cp-vton-gmm", 3), ("cp-vton-plus-gmm", 1)])
def test_the_matcher_answers_as_the_public_one(states, name, channels):
    person, cloth = picture(22), picture(channels, seed=2)
    with torch.no_grad():
        ours = from_public(states[name])(person, cloth)
    theirs = public_theta(states[name], person, cloth)
    assert theirs.std() > 0.05, "the comparison means something"
    assert (ours - theirs).abs().max() < 1e-5


@pytest.mark.parametrize(("name", "masks"), [("cp-vton-tom", 0), ("cp-vton-plus-tom", 1)])
def test_the_try_on_module_answers_as_the_public_one(states, name, masks):
    inputs = [picture(22), picture(3, seed=2), picture(1, seed=3)][: 2 + masks]
    with torch.no_grad():
        ours = from_public(states[name])(*inputs)
    for mine, theirs in zip(ours, public_try_on(states[name], torch.cat(inputs, dim=1)), strict=True):
        assert theirs.std() > 0.05
        assert (mine - theirs).abs().max() < 1e-5


@pytest.mark.parametrize("name", SHAPES)
def test_there_and_back_is_exact(states, name):
    back = to_public(from_public(states[name]))
    assert back.keys() == states[name].keys()
    assert all(
        torch.equal(back[key], tensor) and back[key].dtype == tensor.dtype for key, tensor in states[name].items()
    )


def test_the_state_is_copied(states):
    network = from_public(states["cp-vton-tom"])
    with torch.no_grad():
        network.unet.down[0].weight.zero_()
    assert states["cp-vton-tom"]["model.model.0.weight"].std() > 0


def test_missing_counters_become_zero(states):
    old = {key: tensor for key, tensor in states["cp-vton-gmm"].items() if not key.endswith("num_batches_tracked")}
    assert len(old) == 90
    back = to_public(from_public(old))
    assert [int(back[key]) for key in back.keys() - old.keys()] == [0] * 14


def test_levels_of_the_u_net_are_named_from_the_outside_in():
    names = [try_on_name(f"unet.{way}.{number}.weight") for way in ("down", "up") for number in range(6)]
    assert names == [f"{name}.weight" for name, _ in TRY_ON]


def broken(state, **changes):
    return {key: value for key, value in {**state, **changes}.items() if value is not None}


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("cp-vton-gmm", {"regression.linear.bias": None}, "cp-vton-gmm without 'regression.linear.bias'"),
        (
            "cp-vton-gmm",
            {"regression.linear.bias": torch.zeros(18)},
            r"'regression.linear.bias' is \(18,\) float32, cp-vton-gmm has \(50,\) float32",
        ),
        (
            "cp-vton-tom",
            {"model.model.4.bias": torch.zeros(4).half()},
            r"is \(4,\) float16, cp-vton-tom has .* float32",
        ),
        ("cp-vton-tom", {"model.model.9.bias": torch.zeros(4)}, "cp-vton-tom has no field 'model.model.9.bias'"),
        ("cp-vton-tom", {"model.model.0.weight": torch.zeros(64, 24, 4, 4)}, "with 25 or 26 channels"),
        ("cp-vton-tom", {"model.model.0.weight": torch.tensor(1.0)}, "is no network of CP-VTON or CP-VTON+"),
    ],
)
def test_other_tensors_are_refused(states, name, changes, words):
    with pytest.raises(VtonError, match=f"f.pth: .*{words}"):
        from_public(broken(states[name], **changes), "f.pth")


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (torch.nn.Linear(1, 1), "network is a Linear; give GeometricMatcher"),
        (TryOnModule((64, 48), width=4), "build it with last_norm=True"),
        (TryOnModule((64, 48), width=4, last_norm=True), "another width or size"),
        (GeometricMatcher((256, 192), width=4), "another width or size"),
    ],
)
def test_networks_that_the_public_code_cannot_load_are_refused(network, words):
    with pytest.raises(VtonError, match=words):
        to_public(network)


def test_files_of_ours_that_are_something_else_are_refused(states):
    with pytest.raises(VtonError, match="f: was not written by `vtonlib convert cp-vton`"):
        from_ours({}, "", "f")
    with pytest.raises(VtonError, match="f: says that it is cp-vton-gmm, but its tensors are others"):
        from_ours(states["cp-vton-gmm"], "cp-vton-gmm", "f")
