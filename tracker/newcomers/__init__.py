"""Newcomers: a guided first week, a practice project to play in, and the knowledge of the cells to look up."""
