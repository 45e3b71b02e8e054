"""Warps: sampling grids, affine maps, thin-plate splines, their composition, their faults, and shape-context matching.

A warp is a sampling grid (B, H, W, 2): for each pixel of the output the place (x, y) of the input that it shows, in
[-1, 1] with ``align_corners=True``, so that -1 and 1 are the centres of the outermost pixels.
"""
