"""Reads about dealers. The user comes first; what is not his to see does not exist."""
