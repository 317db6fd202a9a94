"""Parties (firms) and contacts (people)."""
