"""Where a run computes, and in which precision."""

from __future__ import annotations

import torch
from lightning_fabric import Fabric
from torch import nn

from vtonlib.errors import VtonError


def has_fast_bf16(accelerator: str) -> bool:
    """Whether bfloat16 makes training faster there: tensor cores from Ampere on, or a processor with AMX tiles."""
    if accelerator == "cuda":
        return torch.cuda.get_device_capability()[0] >= 8
    return accelerator == "cpu" and torch.cpu._is_amx_tile_supported()


def make_fabric(accelerator: str = "auto", precision: str = "auto", devices: int = 1) -> Fabric:
    """A launched Fabric.

    Args:
        accelerator: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        precision: ``auto`` takes bfloat16 autocast where the hardware is fast at it and float32 elsewhere; or any of
            Fabric's names, such as ``32-true``.
        devices: processes on this machine; more than one means DDP, launched by ``torchrun``.

    Raises:
        VtonError: if the device is not there.
    """
    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if accelerator == "auto":
        accelerator = next(name for name in ("cuda", "mps", "cpu") if available[name])
    if not available.get(accelerator, False):
        here = ", ".join(name for name, there in available.items() if there)
        raise VtonError(f"device {accelerator!r} is not available here; choose one of {here}")
    if precision == "auto":
        precision = "bf16-mixed" if has_fast_bf16(accelerator) else "32-true"
    fabric = Fabric(
        accelerator=accelerator,
        devices=devices,
        precision=precision,  # type: ignore[arg-type]
        strategy="ddp" if devices > 1 else "auto",
    )
    fabric.launch()
    return fabric


def is_bf16(fabric: Fabric) -> bool:
    """Whether a Fabric casts to bfloat16, which is fast only with channels last (together about three times)."""
    return str(fabric._precision.precision).startswith("bf16")


def average_gradients(network: nn.Module, fabric: Fabric) -> None:
    """Average a network's gradients over all processes.

    DDP's hooks assume one forward for one backward through the wrapped module. A GAN breaks that at every turn: a
    discriminator is called twice, is frozen while the generator learns, and is differentiated twice for R1. One
    explicit exchange after the backward pass has none of these traps (the way of StyleGAN3's training loop).
    """
    if fabric.world_size == 1:
        return
    gradients = [p.grad for p in network.parameters() if p.grad is not None]
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    mean = fabric.all_reduce(flat, reduce_op="mean")
    for gradient, part in zip(gradients, mean.split([g.numel() for g in gradients]), strict=True):  # type: ignore[union-attr]
        gradient.copy_(part.view_as(gradient))
