"""Dated Alembic scripts; each can go down again."""
