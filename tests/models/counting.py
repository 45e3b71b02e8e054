"""Parameters of layers, worked by hand from a paper's table."""

from torch import nn


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def by_hand(*layers: tuple[int, int, int, bool]) -> int:
    """Of layers (inputs, outputs, kernel, normalised): weights without biases, a scale and a shift for each channel."""
    return sum(before * after * kernel**2 + 2 * after * norm for before, after, kernel, norm in layers)


def millions(parameters: int) -> float:
    return round(parameters / 1e6, 2)


def every_parameter_learns(network: nn.Module) -> bool:
    return all(p.grad is not None and p.grad.abs().sum() > 0 for p in network.parameters())
