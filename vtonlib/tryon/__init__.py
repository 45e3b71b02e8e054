"""Try-on from files: a person, a garment and a pose in, a picture out.

>>> from vtonlib.tryon import garment, person, try_on
>>> picture = try_on(person("000005"), garment("000020"), pose=person("000047"))
"""

from vtonlib.tryon.dress import try_on
from vtonlib.tryon.inputs import garment, person

__all__ = ["garment", "person", "try_on"]
