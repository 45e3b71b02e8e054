"""A small classifier of Fashion-MNIST; its last hidden layer is the feature space of chapter 02's metrics.

No paper: two convolutions and two linear layers, in the manner of LeNet (LeCun et al. 1998, section II.B).
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import normalize


class ClothesClassifier(nn.Module):
    """From a picture to ten class logits.

    Args:
        width: channels of the first convolution; the second has twice as many.
        num_features: length of the feature vector.
    """

    def __init__(self, width: int = 32, num_features: int = 64) -> None:
        super().__init__()
        self.num_features = num_features
        self.body = nn.Sequential(
            nn.Conv2d(1, width, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),  # (B, width, 14, 14)
            nn.Conv2d(width, 2 * width, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),  # (B, 2 width, 7, 7)
            nn.Flatten(),
            nn.Linear(2 * width * 7 * 7, num_features),
            nn.ReLU(inplace=True),
        )
        self.head = nn.Linear(num_features, 10)

    def features(self, picture: Tensor) -> Tensor:
        """Map pictures (B, 1, 28, 28) in [-1, 1] to features (B, num_features), all >= 0, with a mean square of 1.

        The common length keeps distances between sets of pictures from being ruled by the brightest of them.
        """
        features: Tensor = normalize(self.body(picture)) * self.num_features**0.5
        return features

    def forward(self, picture: Tensor) -> Tensor:
        """Map pictures (B, 1, 28, 28) in [-1, 1] to class logits (B, 10)."""
        logits: Tensor = self.head(self.body(picture))
        return logits
