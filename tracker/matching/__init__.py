"""Duplicate search: normalise, compare."""
