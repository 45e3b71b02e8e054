"""Tests of the tools that run and check notebooks."""
