"""Setting, doing, delegating, following, putting off."""
