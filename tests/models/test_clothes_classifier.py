"""The classifier of chapter 02 and its feature space."""

import pytest
import torch

from vtonlib.models.clothes_classifier import ClothesClassifier


def test_the_parameters_are_those_counted_by_hand():
    first, second = 1 * 32 * 9 + 32, 32 * 64 * 9 + 64
    hidden, head = 64 * 7 * 7 * 64 + 64, 64 * 10 + 10
    assert first + second + hidden + head == 220_234
    assert sum(p.numel() for p in ClothesClassifier().parameters()) == 220_234


@pytest.mark.parametrize(("width", "num_features", "batch"), [(2, 5, 1), (4, 64, 3)])
def test_shapes(width, num_features, batch):
    classifier = ClothesClassifier(width, num_features)
    pictures = torch.rand(batch, 1, 28, 28) * 2 - 1
    assert classifier(pictures).shape == (batch, 10)
    assert classifier.features(pictures).shape == (batch, num_features)
    assert classifier.num_features == num_features


def test_features_are_non_negative_with_a_mean_square_of_one():
    features = ClothesClassifier(4, 64).features(torch.rand(8, 1, 28, 28) * 2 - 1)
    assert (features >= 0).all()
    torch.testing.assert_close(features.square().mean(1), torch.ones(8))


def test_logits_come_from_the_hidden_layer_before_it_is_scaled():
    classifier = ClothesClassifier(4, 16)
    pictures = torch.rand(3, 1, 28, 28)
    hidden = classifier.body(pictures)
    torch.testing.assert_close(classifier(pictures), hidden @ classifier.head.weight.T + classifier.head.bias)
    cosine = torch.cosine_similarity(hidden, classifier.features(pictures))
    torch.testing.assert_close(cosine, torch.ones(3))
