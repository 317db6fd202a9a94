"""Merging two of a kind, and taking it back."""

from tracker.merging.operations.merging import merge, undo_merge, why_not

__all__ = ["merge", "undo_merge", "why_not"]
