"""Leads: before the matrix; capture, import, conversion."""
