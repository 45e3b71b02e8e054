"""Other people's weights in the networks of this package, and back."""
