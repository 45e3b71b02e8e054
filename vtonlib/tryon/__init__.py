"""Try-on from files: a person, and a garment, a pose or a sentence in, a picture out.

>>> from vtonlib.tryon import garment, person, try_on
>>> picture = try_on(person("000005"), garment("000020"), pose=person("000047"))
>>> picture = redress(person("000005"), "the man wore a blue long-sleeved sweater.")
"""

from vtonlib.tryon.dress import try_on
from vtonlib.tryon.inputs import garment, person
from vtonlib.tryon.redress import redress

__all__ = ["garment", "person", "redress", "try_on"]
