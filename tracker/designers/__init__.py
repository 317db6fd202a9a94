"""Designers: what they drew for us, how far they stand up for us, what they were invited to."""
