"""The models, losses and training loops behind the book *Virtual try-on with GANs*.

The flow has one direction: raw data -> sample -> tensors -> stages -> metrics -> figures.
Nothing is imported here, so that ``import vtonlib`` stays instant and each chapter names what it uses.
"""

__version__ = "0.1.0"
