"""CP-VTON's public files and networks, stated again from what is known of them, without the library.

Names and shapes are written out; the networks are functions of a state dict.
"""

import torch
from torch.nn import functional as F

INNER = "model.model.1.model."
TRY_ON = [
    ("model.model.0", (64, 25, 4, 4)),
    (INNER + "1", (128, 64, 4, 4)),
    (INNER + "3.model.1", (256, 128, 4, 4)),
    (INNER + "3.model.3.model.1", (512, 256, 4, 4)),
    (INNER + "3.model.3.model.3.model.1", (512, 512, 4, 4)),
    (INNER + "3.model.3.model.3.model.3.model.1", (512, 512, 4, 4)),
    (INNER + "3.model.3.model.3.model.3.model.4", (512, 512, 3, 3)),
    (INNER + "3.model.3.model.3.model.6", (512, 1024, 3, 3)),
    (INNER + "3.model.3.model.6", (256, 1024, 3, 3)),
    (INNER + "3.model.6", (128, 512, 3, 3)),
    (INNER + "6", (64, 256, 3, 3)),
    ("model.model.4", (4, 128, 3, 3)),
]
"""Convolutions of the try-on module, in the order of the file: six down, six up."""

TOWER = {0: (64, 0, 4, 4), 3: (128, 64, 4, 4), 6: (256, 128, 4, 4), 9: (512, 256, 4, 4)} | {
    12: (512, 512, 3, 3),
    15: (512, 512, 3, 3),
}
REGRESSION = {0: (512, 192, 4, 4), 3: (256, 512, 4, 4), 6: (128, 256, 3, 3), 9: (64, 128, 3, 3)}


def matcher_shapes(cloth_channels):
    """Public name -> shape of the geometric matcher, 104 of them; the counters have shape ()."""
    shapes = {}
    for tower, channels in (("extractionA", 22), ("extractionB", cloth_channels)):
        for layer, (after, before, *kernel) in TOWER.items():
            shapes |= convolution(f"{tower}.model.{layer}", (after, before or channels, *kernel))
            if layer < 15:
                shapes |= normalisation(f"{tower}.model.{layer + 2}", after)
    for layer, shape in REGRESSION.items():
        shapes |= convolution(f"regression.conv.{layer}", shape)
        shapes |= normalisation(f"regression.conv.{layer + 1}", shape[0])
    return shapes | {"regression.linear.weight": (50, 768), "regression.linear.bias": (50,)}


def try_on_shapes(channels):
    """Public name -> shape of the try-on module, 24 of them."""
    shapes = {}
    for name, (after, before, *kernel) in TRY_ON:
        shapes |= convolution(name, (after, channels if before == 25 else before, *kernel))
    return shapes


def convolution(name, shape):
    return {f"{name}.weight": shape, f"{name}.bias": shape[:1]}


def normalisation(name, channels):
    own = {f"{name}.{part}": (channels,) for part in ("weight", "bias", "running_mean", "running_var")}
    return own | {f"{name}.num_batches_tracked": ()}


def random_state(shapes, seed=0):
    """A state dict of these shapes that keeps signals at about their size from layer to layer."""
    rng = torch.Generator().manual_seed(seed)
    state = {}
    for name, shape in shapes.items():
        if name.endswith("num_batches_tracked"):
            state[name] = torch.tensor(1000)
        elif len(shape) > 1:
            state[name] = torch.randn(shape, generator=rng) * (2 / torch.Size(shape[1:]).numel()) ** 0.5
        elif name.endswith("running_var") or (name.removesuffix("weight") + "running_var") in shapes:
            state[name] = 0.5 + torch.rand(shape, generator=rng)
        else:
            state[name] = 0.1 * torch.randn(shape, generator=rng)
    return state


def public_theta(state, person, cloth):
    """The matcher's answer in evaluation mode."""
    score = {}
    found = {"A": tower(state, "extractionA", person), "B": tower(state, "extractionB", cloth)}
    for column in range(12):
        for row in range(16):
            score[row + 16 * column] = (found["A"][:, :, row, column, None, None] * found["B"]).sum(1)
    x = torch.stack([score[channel] for channel in range(192)], dim=1)
    for layer in REGRESSION:
        x = convolve(state, f"regression.conv.{layer}", x, stride=2 if layer < 6 else 1)
        x = torch.relu(normalise(state, f"regression.conv.{layer + 1}", x))
    return torch.tanh(F.linear(x.flatten(1), state["regression.linear.weight"], state["regression.linear.bias"]))


def tower(state, name, x):
    for layer in TOWER:
        x = torch.relu(convolve(state, f"{name}.model.{layer}", x, stride=2 if layer < 12 else 1))
        if layer < 15:
            x = normalise(state, f"{name}.model.{layer + 2}", x)
    return x / torch.sqrt((x * x).sum(1, keepdim=True) + 1e-6)


def public_try_on(state, inputs):
    """The try-on module's (picture, mask)."""
    names = [name for name, _ in TRY_ON]
    below = [convolve(state, names[0], inputs, stride=2)]
    for level in range(1, 6):
        x = convolve(state, names[level], F.leaky_relu(below[-1], 0.2), stride=2)
        below.append(x if level == 5 else F.instance_norm(x))
    x = below[5]
    for level in range(5, -1, -1):
        if level < 5:
            x = torch.cat([below[level], x], dim=1)
        x = F.interpolate(torch.relu(x), scale_factor=2, mode="bilinear", align_corners=False)
        x = F.instance_norm(convolve(state, names[11 - level], x, stride=1))
    return torch.tanh(x[:, :3]), torch.sigmoid(x[:, 3:])


def convolve(state, name, x, stride):
    return F.conv2d(x, state[f"{name}.weight"], state[f"{name}.bias"], stride=stride, padding=1)


def normalise(state, name, x):
    parts = [state[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
    return F.batch_norm(x, *parts, training=False)
