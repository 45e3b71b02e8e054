"""The baselines of chapter 01."""

import torch

from vtonlib.studies.parsing import nearest_person, prior


def test_the_prior_is_the_commonest_label_of_each_pixel():
    labels = torch.tensor([[[0, 1, 2]], [[0, 1, 1]], [[2, 1, 1]]], dtype=torch.uint8)
    assert prior(labels, 3).tolist() == [[0, 1, 1]]


def test_the_nearest_person_is_found_in_spite_of_noise():
    rng = torch.Generator().manual_seed(0)
    training = torch.randint(256, (20, 3, 64, 48), generator=rng, dtype=torch.uint8)
    noise = torch.randint(-20, 21, training.shape, generator=rng)
    chosen = torch.tensor([7, 0, 19])
    noisy = (training[chosen].int() + noise[chosen]).clamp(0, 255).to(torch.uint8)
    assert torch.equal(nearest_person(noisy, training), chosen)
