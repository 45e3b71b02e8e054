"""Measures of pictures and predictions; every figure carries the settings that it was computed with."""
