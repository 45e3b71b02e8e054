"""The book's own human parser as a backbone: it knows sleeves from arms, and people of the wardrobe only."""

from __future__ import annotations

from typing import cast

from torch import Tensor, nn

from vtonlib.models.human_parser import HumanParser
from vtonlib.nn.backbones.frozen import Backbone, in_turn

WEIGHTS = "human_parser.cpu"


class HumanParserFeatures(Backbone):
    """phi_1 .. phi_4: outputs of the blocks on the parser's way down, each after ReLU, so >= 0.

    Shapes are (B, w, H/2, W/2), (B, 2w, H/4, W/4), (B, 4w, H/8, W/8) and (B, 4w, H/16, W/16), w being the parser's
    width. The way up, whose end labels are read from, is left out: it takes two and a half times as long as the way
    down. The input stays in [-1, 1], as the parser was trained.

    Args:
        parser: a trained one; it is changed, since it learns no more.
    """

    name = "human_parser"
    names = ("down1", "down2", "down3", "down4")
    layers: nn.ModuleList

    def __init__(self, parser: HumanParser) -> None:
        super().__init__(parser.down)

    def features(self, scaled: Tensor) -> tuple[Tensor, ...]:
        """Outputs of the four blocks."""
        return in_turn(self.layers, scaled)


def load_human_parser() -> HumanParserFeatures:
    """The parser with the weights that ship with the book.

    Raises:
        VtonError: if they are damaged.
    """
    from vtonlib.zoo import load  # the zoo knows all stages, and stages use losses, which use backbones

    return HumanParserFeatures(cast(HumanParser, load(WEIGHTS).networks["parser"]))
