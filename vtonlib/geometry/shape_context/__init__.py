"""Shape-context matching: the warp without learning with which VITON lays a garment on a person.

From two masks to a warp: boundary points (:mod:`contour`), what each of them sees of the others (:mod:`descriptor`),
who matches whom (:mod:`matching`), and splines that bring the boundaries together round by round (:mod:`fit`).
Belongie et al. 2002, IEEE TPAMI 24(4); Han et al. 2018, "VITON" (arXiv:1711.08447).
"""
