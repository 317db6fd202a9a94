"""Lists taken out as files."""
