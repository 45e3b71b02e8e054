"""DCGAN for 28 x 28 pictures (Radford et al. 2016, arXiv:1511.06434, section 3 and figure 1).

Written from the paper; no code taken. Departures: two up-samplings from 7 x 7 instead of four from 4 x 4, since the
pictures are 28 x 28 and not 64 x 64; the discriminator's normalisation can be switched off or replaced by spectral
normalisation (Miyato et al. 2018, arXiv:1802.05957). The paper's width (128 channels before the last layer) is the
default.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from vtonlib.errors import VtonError

NORMALISATIONS = ("batch", "spectral", "none")


class DCGANGenerator(nn.Module):
    """From a latent vector to a picture.

    Args:
        latent: length of the latent vector z.
        width: channels of the last hidden layer; the first has twice as many.
    """

    def __init__(self, latent: int = 100, width: int = 128) -> None:
        super().__init__()
        self.project = nn.Sequential(
            nn.ConvTranspose2d(latent, 2 * width, kernel_size=7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
        )
        self.grow = nn.Sequential(
            nn.ConvTranspose2d(2 * width, width, kernel_size=4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
        )
        self.paint = nn.Sequential(
            nn.ConvTranspose2d(width, 1, kernel_size=4, stride=2, padding=1),
            nn.Tanh(),
        )
        self.apply(initialise)

    def forward(self, z: Tensor) -> Tensor:
        """Map z (B, latent) to pictures (B, 1, 28, 28) in [-1, 1]."""
        x = self.project(z[:, :, None, None])  # (B, 2 width, 7, 7)
        x = self.grow(x)  # (B, width, 14, 14)
        picture: Tensor = self.paint(x)  # (B, 1, 28, 28)
        return picture


class DCGANDiscriminator(nn.Module):
    """From a picture to one logit; larger means "real".

    Args:
        width: channels of the first hidden layer; the second has twice as many.
        normalisation: ``batch`` (the paper's, on the second layer), ``spectral`` (on every layer) or ``none``.

    Raises:
        VtonError: for an unknown normalisation.
    """

    def __init__(self, width: int = 128, normalisation: str = "batch") -> None:
        super().__init__()
        if normalisation not in NORMALISATIONS:
            raise VtonError(f"normalisation is {normalisation!r}; choose one of {', '.join(NORMALISATIONS)}")
        batch = normalisation == "batch"
        layers: list[nn.Module] = [
            nn.Conv2d(1, width, kernel_size=4, stride=2, padding=1),  # (B, width, 14, 14)
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(width, 2 * width, kernel_size=4, stride=2, padding=1, bias=not batch),  # (B, 2 width, 7, 7)
            nn.BatchNorm2d(2 * width) if batch else nn.Identity(),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Flatten(),
            nn.Linear(2 * width * 7 * 7, 1),
        ]
        self.layers = nn.Sequential(*layers)
        self.apply(initialise)
        if normalisation == "spectral":
            for layer in self.layers:
                if isinstance(layer, nn.Conv2d | nn.Linear):
                    spectral_norm(layer)

    def forward(self, picture: Tensor) -> Tensor:
        """Map pictures (B, 1, 28, 28) in [-1, 1] to logits (B,)."""
        logits: Tensor = self.layers(picture).squeeze(1)
        return logits


def initialise(module: nn.Module) -> None:
    """Draw weights from N(0, 0.02^2) as section 4 of the paper says; batch-norm scales from N(1, 0.02^2)."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
        nn.init.normal_(module.weight, std=0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, mean=1.0, std=0.02)
        nn.init.zeros_(module.bias)
