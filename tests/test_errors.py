"""The one exception for mistakes that a reader can mend."""

from vtonlib.errors import VtonError


def test_it_is_its_message():
    assert str(VtonError("x.json: no field 'steps'; add one")) == "x.json: no field 'steps'; add one"


def test_it_is_no_other_error():
    """So that no handler of a programming error swallows it, and no handler of it a programming error."""
    assert not issubclass(VtonError, (ValueError, LookupError, OSError, RuntimeError))
