"""Networks, one file per paper and nothing else in it."""
