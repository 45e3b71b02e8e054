"""Networks that read sentences, and the text-to-image GAN that they were first made for."""
