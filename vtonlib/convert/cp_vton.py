"""CP-VTON's and CP-VTON+'s public weights in our networks, and back.

Wang et al. 2018 (arXiv:1807.07688) and Minar et al. 2020 (CVPR workshops) published ``gmm_final.pth`` and
``tom_final.pth``: plain state dicts, without the spline's constants, which follow from the lattice, and without the
network of the perceptual loss. Which of the four networks a file holds is seen from the shape of a first convolution.
Names differ from ours, values do not: each way is exact. Files from before PyTorch 0.4.1 lack the counters of batch
normalisation; they become 0, and are in the file that goes back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

import torch
from torch import Tensor, nn

from vtonlib.errors import VtonError
from vtonlib.models.cp_vton import GeometricMatcher, TryOnModule
from vtonlib.models.cp_vton_plus import GeometricMatcherPlus, TryOnModulePlus

MATCHER_PREFIXES = {
    "person.layers.": "extractionA.model.",
    "cloth.layers.": "extractionB.model.",
    "regressor.layers.": "regression.conv.",
    "regressor.linear.": "regression.linear.",
}
"""Where the public names differ from ours; the numbers of the layers are the same."""

COUNTER = "num_batches_tracked"


@dataclass(frozen=True)
class Variant:
    """One of the four networks.

    Attributes:
        name: in messages and in our files.
        kind: its class.
        make: its class with the settings of the public code, the paper's size among them.
        probe: public name of a first convolution.
        channels: that it takes.
        public_name: from our name of a tensor.
    """

    name: str
    kind: type[nn.Module]
    make: Callable[[], nn.Module]
    probe: str
    channels: int
    public_name: Callable[[str], str]

    def build(self) -> nn.Module:
        """The network with weights that are to be replaced; global random numbers stay as they are."""
        with torch.random.fork_rng(devices=[]):
            return self.make()

    @cache  # noqa: B019, there are four variants and they live as long as the module
    def expected(self) -> dict[str, tuple[str, torch.Size, torch.dtype]]:
        """For each public name our name, the shape and the type."""
        state = self.build().state_dict()
        return {self.public_name(name): (name, tensor.shape, tensor.dtype) for name, tensor in state.items()}


def try_on_name(name: str, levels: int = 6) -> str:
    """The public name of one of the U-Net's tensors: there, each level is a module inside the one above.

    Args:
        name: such as ``unet.down.0.weight``; ``unet.up.0`` is the innermost.
        levels: of the U-Net.
    """
    _, way, number, rest = name.split(".")
    depth = int(number) if way == "down" else levels - 1 - int(number)
    if depth == 0:
        return f"model.model.{0 if way == 'down' else 4}.{rest}"
    # The innermost level has neither a normalisation on the way down nor a level inside: two layers less before up.
    layer = 1 if way == "down" else 4 if depth == levels - 1 else 6
    return f"model.model.1.model.{'3.model.' * (depth - 1)}{layer}.{rest}"


def matcher_name(name: str) -> str:
    """The public name of one of the matcher's tensors."""
    ours = next(prefix for prefix in MATCHER_PREFIXES if name.startswith(prefix))
    return MATCHER_PREFIXES[ours] + name.removeprefix(ours)


VARIANTS = (
    Variant("cp-vton-gmm", GeometricMatcher, GeometricMatcher, "extractionB.model.0.weight", 3, matcher_name),
    Variant(
        "cp-vton-plus-gmm", GeometricMatcherPlus, GeometricMatcherPlus, "extractionB.model.0.weight", 1, matcher_name
    ),
    Variant("cp-vton-tom", TryOnModule, partial(TryOnModule, last_norm=True), "model.model.0.weight", 25, try_on_name),
    Variant(
        "cp-vton-plus-tom",
        TryOnModulePlus,
        partial(TryOnModulePlus, last_norm=True),
        "model.model.0.weight",
        26,
        try_on_name,
    ),
)


def detect(state: Mapping[str, Tensor], source: str) -> Variant:
    """Which network a public state dict is of.

    Args:
        state: public name -> tensor.
        source: file name, for messages.

    Raises:
        VtonError: if it is of none.
    """
    for variant in VARIANTS:
        shape = state[variant.probe].shape if variant.probe in state else ()
        if len(shape) == 4 and shape[1] == variant.channels:
            return variant
    names = " nor ".join(
        f"{probe!r} with {' or '.join(str(v.channels) for v in VARIANTS if v.probe == probe)} channels"
        for probe in dict.fromkeys(variant.probe for variant in VARIANTS)
    )
    raise VtonError(f"{source}: is no network of CP-VTON or CP-VTON+, it has neither {names}; choose another file")


def from_public(state: Mapping[str, Tensor], source: str = "state dict") -> nn.Module:
    """Our network with public weights, in evaluation mode.

    Args:
        state: public name -> tensor; copied.
        source: file name, for messages.

    Raises:
        VtonError: if tensors are missing, unknown, or of another shape or type.
    """
    variant = detect(state, source)
    own = {}
    expected = variant.expected()
    for public, (name, shape, dtype) in expected.items():
        if public not in state and public.endswith(COUNTER):
            own[name] = torch.zeros(shape, dtype=dtype)
            continue
        if public not in state:
            raise VtonError(f"{source}: {variant.name} without {public!r}; the file is incomplete, fetch it again")
        tensor = state[public]
        if (tensor.shape, tensor.dtype) != (shape, dtype):
            raise VtonError(
                f"{source}: field {public!r} is {_kind(tensor.shape, tensor.dtype)}, {variant.name} has "
                f"{_kind(shape, dtype)}; choose a file with the paper's width and size"
            )
        own[name] = tensor
    for unknown in (name for name in state if name not in expected):
        raise VtonError(f"{source}: {variant.name} has no field {unknown!r}; choose another file")
    return _filled(variant, own)


def to_public(network: nn.Module) -> dict[str, Tensor]:
    """The state dict that the public code loads; the tensors are the network's own.

    Args:
        network: one of the four, with the paper's width and size, and ``last_norm`` if it is a try-on module.

    Raises:
        VtonError: if it is another network.
    """
    variant = variant_of(network)
    state = network.state_dict()
    return {public: state[name] for public, (name, _, _) in variant.expected().items()}


def variant_of(network: nn.Module) -> Variant:
    """Which public network ours corresponds to.

    Raises:
        VtonError: if it has another class, width or size, or a try-on module lacks ``last_norm``.
    """
    for variant in VARIANTS:
        if type(network) is variant.kind:
            break
    else:
        raise VtonError(f"network is a {type(network).__name__}; give {', '.join(v.kind.__name__ for v in VARIANTS)}")
    if isinstance(network, TryOnModule | TryOnModulePlus) and not network.unet.last_norm:
        raise VtonError(
            f"{variant.name}: has no last_norm, which the public code applies; build it with last_norm=True"
        )
    shapes = {name: tensor.shape for name, tensor in network.state_dict().items()}
    if shapes != {name: shape for name, shape, _ in variant.expected().values()}:
        raise VtonError(f"{variant.name}: has another width or size than the paper's; the public code cannot load it")
    return variant


def from_ours(state: Mapping[str, Tensor], name: str, source: str) -> nn.Module:
    """A network from a state dict of ours, in evaluation mode.

    Args:
        state: our name -> tensor; copied.
        name: of the variant, as our file says it.
        source: file name, for messages.

    Raises:
        VtonError: if there is no such variant or the tensors do not fit it.
    """
    variant = next((variant for variant in VARIANTS if variant.name == name), None)
    if variant is None:
        raise VtonError(f"{source}: was not written by `vtonlib convert cp-vton`; choose another file")
    wanted = {own: (shape, dtype) for own, shape, dtype in variant.expected().values()}
    if {own: (tensor.shape, tensor.dtype) for own, tensor in state.items()} != wanted:
        raise VtonError(f"{source}: says that it is {name}, but its tensors are others; convert the public file again")
    return _filled(variant, state)


def _filled(variant: Variant, state: Mapping[str, Tensor]) -> nn.Module:
    network = variant.build()
    network.load_state_dict(state)
    return network.eval()


def _kind(shape: torch.Size, dtype: torch.dtype) -> str:
    return f"{tuple(shape)} {str(dtype).removeprefix('torch.')}"
