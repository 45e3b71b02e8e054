"""char-CNN-RNN: from the characters of a sentence to a code that lies close to pictures of what it describes.

Reed et al. 2016, "Learning deep representations of fine-grained visual descriptions" (CVPR, arXiv:1605.05395), section
4, in two variants that the authors released: that of the paper, and the longer one that GAN-CLS (arXiv:1605.05396)
reads with. Trained with :mod:`vtonlib.losses.joint_embedding`. Written from facts about the code.
"""

from __future__ import annotations

from typing import Literal

from torch import Tensor, nn

from vtonlib.data.text import ALPHABET, CHARACTERS
from vtonlib.errors import VtonError
from vtonlib.nn.expect import expect

FIRST_BOUND = 0.08
"""First weights are drawn evenly from -0.08 to 0.08."""

HIDDEN = {"short": 256, "long": 512}
"""For each variant, channels of the last convolution and of the recurrent network."""


class CharCnnRnn(nn.Module):
    """Convolutions over 201 characters, a recurrent network over what they found, the mean of its states.

    1,814,144 parameters in the short variant, 4,045,184 in the long one.

    Args:
        variant: ``short``, the paper's: 8 steps of a plain recurrent network with ReLU; or ``long``, GAN-CLS's: 18
            steps of a GRU, since the last pooling is left out.
        code: numbers in the code; 1024 in both, the length of the picture features that it is compared with.
        channels: of the first two convolutions.
        hidden: channels of the last convolution and of the recurrent network; None is the variant's own.

    Raises:
        VtonError: for another variant.
    """

    def __init__(
        self,
        variant: Literal["short", "long"] = "long",
        code: int = 1024,
        channels: tuple[int, int] = (384, 512),
        hidden: int | None = None,
    ) -> None:
        super().__init__()
        if variant not in HIDDEN:
            raise VtonError(f"variant is {variant!r}; choose one of {', '.join(HIDDEN)}")
        hidden = hidden or HIDDEN[variant]
        self.convolutions = nn.Sequential(
            nn.Conv1d(len(ALPHABET), channels[0], kernel_size=4),  # 198
            nn.ReLU(inplace=True),
            nn.MaxPool1d(3),  # 66
            nn.Conv1d(channels[0], channels[1], kernel_size=4),  # 63
            nn.ReLU(inplace=True),
            nn.MaxPool1d(3),  # 21
            nn.Conv1d(channels[1], hidden, kernel_size=4),  # 18
            nn.ReLU(inplace=True),
            nn.MaxPool1d(3, stride=2) if variant == "short" else nn.Identity(),  # 8 or 18
        )
        self.rnn: nn.RNN | nn.GRU = (
            nn.RNN(hidden, hidden, nonlinearity="relu", batch_first=True)
            if variant == "short"
            else nn.GRU(hidden, hidden, batch_first=True)
        )
        self.linear = nn.Linear(hidden, code)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -FIRST_BOUND, FIRST_BOUND)

    def forward(self, characters: Tensor) -> Tensor:
        """Read sentences.

        Args:
            characters: (B, 201, 70) of :func:`vtonlib.data.text.encode_characters`.

        Returns:
            (B, code), without bounds.

        Raises:
            VtonError: if it has another shape.
        """
        expect("characters", characters, CHARACTERS, len(ALPHABET))
        found = self.convolutions(characters.transpose(1, 2))  # (B, hidden, 8 or 18)
        states, _ = self.rnn(found.transpose(1, 2))
        code: Tensor = self.linear(states.mean(dim=1))
        return code
