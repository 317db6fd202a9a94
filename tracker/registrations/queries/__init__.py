"""Reads about registrations. The user comes first."""
