"""A ranking study for the classroom: raters put pictures of several methods in order, blind, on a screen or on paper.

:mod:`.study` says what is asked, :mod:`.widget` asks it live and :mod:`.sheet` on paper, :mod:`.answers` and
:mod:`.typed_in` read what was answered, :mod:`.ranks` computes mean ranks, and :mod:`.report` shows them.
"""
