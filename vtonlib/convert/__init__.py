"""Other people's weights in the networks of this package, and back; other people's data in its layout."""
