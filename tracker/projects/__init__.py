"""Projects with their buildings, categories, parties, contacts and team."""
