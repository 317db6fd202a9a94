"""Definitions of the matrix as data: versions, drafts, and how projects follow a new version."""
