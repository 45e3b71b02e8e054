"""The rules of the notebook contract: small functions that take a chapter and return its faults."""
