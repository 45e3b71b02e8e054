"""The parts of a fabric: its colours, patterns, relief and prints; :mod:`vtonlib.wardrobe.fabric` joins them."""
