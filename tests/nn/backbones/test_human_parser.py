"""The parser as a backbone: the same numbers as inside the parser while it parses."""

import torch

from vtonlib.models.human_parser import HumanParser
from vtonlib.nn.backbones import backbone
from vtonlib.nn.backbones.human_parser import HumanParserFeatures
from vtonlib.zoo import load


def seen_inside(parser, picture):
    """What each block on the way down gives while the parser parses."""
    found = []
    hooks = [down.register_forward_hook(lambda _, __, output: found.append(output)) for down in parser.down]
    with torch.no_grad():
        parser(picture)
    for hook in hooks:
        hook.remove()
    return found


def test_features_are_those_of_the_way_down():
    torch.manual_seed(0)
    parser = HumanParser(classes=5, width=4)
    parser(torch.randn(4, 3, 32, 32))  # running statistics that are not those of the start
    picture = torch.rand(2, 3, 48, 32) * 2 - 1
    expected = seen_inside(parser.eval(), picture)
    found = HumanParserFeatures(parser)(picture)
    assert len(found) == 4
    assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))


def test_weights_are_the_zoos():
    picture = torch.rand(1, 3, 32, 32) * 2 - 1
    expected = seen_inside(load("human_parser.cpu").networks["parser"], picture)
    found = backbone("human_parser")(picture)
    assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))
