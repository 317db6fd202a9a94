"""Reads about who has, gets and takes leads. The user comes first; what he may not see does not exist."""
