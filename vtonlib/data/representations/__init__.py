"""What networks are told about a person: one file for each paper.

Every function takes a :class:`~vtonlib.data.sample.View` and gives tensors (C, H, W), or
:class:`~vtonlib.data.views.Views` and gives (N, C, H, W). Values are float32; a mask is in {0, 1}.
"""
