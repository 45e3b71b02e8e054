"""FashionGAN (Zhu et al. 2017, "Be your own Prada: fashion synthesis with structural coherence", arXiv:1710.07346).

Two stages: first the shape of the new outfit, a map of seven labels (:mod:`.shape`), then a picture that fills it
(:mod:`.image`, with the compositional mapping of :mod:`.compositional`). The paper and the code that its authors
released are not the same system. The networks here have the layers of the release and the interface of the paper: a
design coding of 50 numbers where the release has 100 numbers from text alone, and compositional mapping, which the
release lacks. Released are also a U-Net (:mod:`.skip`) and a colour code for labels (:mod:`.colour_code`). What the
paper compares with is in :mod:`.one_step`.

Departures from the release: discriminators give logits without a sigmoid, and convolutions have no biases, where the
release has some that it sets to zero before every step. Below 128 x 128 levels are left out.
"""
