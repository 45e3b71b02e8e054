"""Losses: pure functions of tensors, written from the papers."""
