"""Reads about key accounts. The user comes first; figures count the projects that he sees."""
