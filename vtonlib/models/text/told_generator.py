"""A generator that may hear its text through conditioning augmentation; one network, since both parts learn as one."""

from __future__ import annotations

from torch import Tensor, nn

from vtonlib.models.text.conditioning_augmentation import Augmented, ConditioningAugmentation
from vtonlib.models.text.gan_cls import GanClsGenerator


class ToldGenerator(nn.Module):
    """GAN-CLS's generator, with or without StackGAN's augmentation before it (Zhang et al. 2017, arXiv:1612.03242).

    Args:
        painter: takes a code of ``augmented`` numbers, or of ``text`` where there is no augmentation.
        text: numbers in the text code.
        augmented: numbers in the code that is drawn; 0 hands the text code on as it is.
    """

    def __init__(self, painter: GanClsGenerator, text: int, augmented: int = 0) -> None:
        super().__init__()
        self.painter = painter
        self.augment = ConditioningAugmentation(text, augmented) if augmented else None

    def forward(self, noise: Tensor, text: Tensor, eps: Tensor) -> tuple[Tensor, Tensor | None]:
        """Paint pictures.

        Args:
            noise: (B, noise) from N(0, 1).
            text: (B, text).
            eps: (B, augmented) from N(0, 1), not looked at without augmentation.

        Returns:
            Pictures (B, 3, H, W) in [-1, 1], and the augmentation's divergence, a scalar, or None without one.

        Raises:
            VtonError: if an input has another shape.
        """
        if self.augment is None:
            return self.painter(noise, text), None
        augmented: Augmented = self.augment(text, eps)
        return self.painter(noise, augmented.code), augmented.divergence()
